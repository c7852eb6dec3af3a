package proxy

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"testing"
)

// found asks for both documents as a domain's client, and gives their links, which must be the same.
func found(t *testing.T, addr, host string) (links []string) {
	t.Helper()
	ask := func(path string) (*http.Response, string) {
		b := dial(t, addr)
		b.raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
		r, body := b.answer()
		if r.StatusCode == http.StatusOK {
			wantHeader(t, r, "Access-Control-Allow-Origin", "*")
		}
		return r, body
	}
	r, body := ask(pathXRD)
	again, text := ask(pathJRD)
	if r.StatusCode == http.StatusNotFound && again.StatusCode == http.StatusNotFound {
		return nil
	}
	wantHeader(t, r, "Content-Type", "application/xrd+xml; charset=utf-8")
	wantHeader(t, again, "Content-Type", "application/jrd+json; charset=utf-8")
	var xrd struct {
		XMLName xml.Name `xml:"http://docs.oasis-open.org/ns/xri/xrd-1.0 XRD"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://docs.oasis-open.org/ns/xri/xrd-1.0 Link"`
	}
	if err := xml.Unmarshal([]byte(body), &xrd); err != nil {
		t.Fatal(err)
	}
	var jrd struct {
		Links []struct{ Rel, Href string }
	}
	if err := json.Unmarshal([]byte(text), &jrd); err != nil {
		t.Fatal(err)
	}
	var same []string
	for _, l := range xrd.Links {
		links = append(links, l.Rel+" "+l.Href)
	}
	for _, l := range jrd.Links {
		same = append(same, l.Rel+" "+l.Href)
	}
	if !slices.Equal(links, same) {
		t.Errorf("XRD has %q, JRD %q", links, same)
	}
	return links
}

func TestDiscovery(t *testing.T) {
	_, addr := startServer(t, func(c *Config) {
		c.AllowOrigins = []string{"https://chat.example.org"}
		for _, text := range []string{
			"https://x.example.org/bosh", "wss://x.example.org:8443/ws", "example.net=https://y.example.net", "EXAMPLE.net=wss://z.example.net/",
		} {
			if err := c.AddPublicURL(text, "/http-bind/", DefaultWebSocketPaths()); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
	})
	all := []string{relBOSH + " https://x.example.org/bosh", relWebSocket + " wss://x.example.org:8443/ws"}
	own := append(slices.Clone(all), relBOSH+" https://y.example.net/http-bind/", relWebSocket+" wss://y.example.net/ws/", relWebSocket+" wss://z.example.net/ws/")
	for host, want := range map[string][]string{
		"example.org": all, "example.org:443": all, "example.net": own, "Example.NET:443": own, "[::1]:5280": all,
	} {
		if got := found(t, addr, host); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

// Where nothing is configured for a domain, nothing is told.
func TestDiscoveryOfOthers(t *testing.T) {
	_, addr := startServer(t, func(c *Config) {
		if err := c.AddPublicURL("example.net=https://y.example.net/bosh", "/http-bind/", nil); err != nil {
			t.Fatal(err)
		}
	})
	if got := found(t, addr, "example.org"); got != nil {
		t.Errorf("%q", got)
	}
	_, addr = startServer(t, nil)
	if got := found(t, addr, "example.org"); got != nil {
		t.Errorf("%q", got)
	}
}

// Only what is inside TLS may be followed (XEP-0156 §2.2).
func TestPublicURLs(t *testing.T) {
	for _, text := range []string{
		"", "x", "http://x.example", "ws://x.example/ws", "ftp://x.example", "https://", "https:///path", "https:x", "//x.example/", "https://u:p@x.example/",
		"https://x.example/?a=b", "https://x.example/#f", "=https://x.example", "a b=https://x.example", "https://x.example/a b", "https://x.example/'", "https://x.example/?",
	} {
		var o Operate
		if err := o.AddPublicURL(text, "/http-bind/", nil); err == nil {
			t.Errorf("%q is taken: %+v", text, o.PublicURLs)
		}
	}
}

func TestURLs(t *testing.T) {
	var o Operate
	for _, u := range []string{"https://chat.example/http-bind/", "a.example=wss://chat.example/ws/"} {
		if err := o.AddPublicURL(u, "/http-bind/", nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.URLs("a.example"); len(got) != 2 || got[1] != "wss://chat.example/ws/" {
		t.Error(got)
	}
	if got := o.URLs("b.example"); len(got) != 1 || got[0] != "https://chat.example/http-bind/" {
		t.Error(got)
	}
}
