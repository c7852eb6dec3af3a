package proxy

import (
	"encoding/base64"
	"encoding/xml"
	"image/png"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// get asks for a path; fields are header lines.
func get(t testing.TB, addr, path string, fields ...string) (*http.Response, string) {
	t.Helper()
	b := dial(t, addr)
	b.raw("GET " + path + " HTTP/1.1\r\nHost: example.org\r\n" + strings.Join(append(fields, ""), "\r\n") + "\r\n")
	return b.answer()
}

func TestStatisticsPage(t *testing.T) {
	var l net.Listener
	_, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	openSession(t, addr, l)
	openSocketSession(t, addr, l)
	for _, path := range []string{"/http-bind/", "/http-bind", "/prefix/http-bind/"} {
		r, body := get(t, addr, path)
		if r.StatusCode != http.StatusOK {
			t.Fatal(r.Status)
		}
		wantHeader(t, r, "Content-Type", "text/html; charset=utf-8")
		wantHeader(t, r, "Cache-Control", "no-store")
		wantContains(t, body, `<meta http-equiv="refresh" content="10">`, hostName, `<div class="value">2</div>`, "<td>BOSH</td><td>1</td><td>1</td><td>1</td><td>1</td>",
			"<td>WebSocket</td><td>1</td><td>1</td><td>1</td><td>1</td>", "<svg")
	}
}

// The policy of the page lets its own style through and nothing else; the page has nothing else, and names no other place.
func TestPagePolicy(t *testing.T) {
	_, addr := startServer(t, nil)
	r, body := get(t, addr, "/http-bind/")
	policy := r.Header.Get("Content-Security-Policy")
	wantContains(t, policy, "default-src 'none'", "style-src 'sha256-"+styleHash()+"'", "frame-ancestors 'none'")
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(body)
	if len(style) != 2 || style[1] != pageStyle {
		t.Error("the style of the page is not what its hash is of")
	}
	for _, bad := range []string{"<script", " style=", "http://", "https://", " on", "javascript:", "@import", "url("} {
		if strings.Contains(strings.ReplaceAll(body, " on the", ""), bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

// HEAD has no body, and a page is made once a second however often it is asked for.
func TestPageIsKept(t *testing.T) {
	_, addr := startServer(t, nil)
	b := dial(t, addr)
	b.raw("HEAD /http-bind/ HTTP/1.1\r\nHost: h\r\n\r\n")
	r, err := http.ReadResponse(b.r, &http.Request{Method: http.MethodHead})
	if err != nil || r.StatusCode != http.StatusOK || r.ContentLength < 1000 {
		t.Errorf("%v, %v", r, err)
	}
}

func TestInfoPage(t *testing.T) {
	basic := func(text string) string {
		return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(text))
	}
	var l net.Listener
	_, addr := startServer(t, func(c *Config) {
		l = fakeBackend(t, c, "example.org")
		c.SystemInfoPassword = "s3cret:<&>"
		c.Version = "v9.9"
		c.Settings = []Setting{{"max_wait", "<60>", "file"}}
	})
	openSession(t, addr, l)
	right := basic("admin:s3cret:<&>")
	for _, path := range []string{"/http-bind/sysinfo/", "/http-bind/sysinfo", "/prefix/http-bind/sysinfo/"} {
		for _, fields := range [][]string{
			nil,
			{basic("admin:wrong")},
			{basic("root:s3cret:<&>")},
			{basic("admin:")},
			{basic("admin:s3cret:<&>x")},
			{"Authorization: Basic"},
			{"Authorization: Basic !!"},
			{strings.Replace(right, "Basic", "Bearer", 1)},
			{"Authorization: " + right[len("Authorization: Basic "):]},
		} {
			r, body := get(t, addr, path, fields...)
			if r.StatusCode != http.StatusUnauthorized || strings.Contains(body, "v9.9") {
				t.Errorf("%s %q: %s", path, fields, r.Status)
			}
			wantHeader(t, r, "Www-Authenticate", infoRealm)
		}
		r, body := get(t, addr, path, right)
		if r.StatusCode != http.StatusOK {
			t.Fatal(r.Status)
		}
		wantHeader(t, r, "Access-Control-Allow-Origin", "")
		wantContains(t, body, "v9.9", "max_wait", "&lt;60&gt;", `<td class="name">example.org</td><td>1</td><td>0</td>`, "Objects on the heap")
		if strings.Contains(body, "s3cret") {
			t.Error("the page has the password")
		}
	}
}

func TestInfoPageOff(t *testing.T) {
	_, addr := startServer(t, nil)
	r, body := get(t, addr, "/http-bind/sysinfo/", "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("admin:")))
	if r.StatusCode != http.StatusForbidden {
		t.Errorf("%s", r.Status)
	}
	wantContains(t, body, "system_info_password")
	for _, path := range []string{"/sysinfo/", "/http-bind/sysinfox", "/http-bind/sysinfo/more", "/http-bindsysinfo"} {
		if r, _ := get(t, addr, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
}

// The names of domains are the clients' choice: they are text on the page.
func TestDomainIsText(t *testing.T) {
	v := &view{Info: &info{Domains: []domainRow{{Name: `<script>"'&`}}}}
	if page := string(render(v)); strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;") {
		t.Error(page)
	}
}

func TestIcon(t *testing.T) {
	_, addr := startServer(t, nil)
	r, body := get(t, addr, "/favicon.ico")
	wantHeader(t, r, "Content-Type", "image/x-icon")
	if i := strings.Index(body, "\x89PNG"); i < 0 {
		t.Error("no picture in it")
	} else if m, err := png.Decode(strings.NewReader(body[i:])); err != nil || m.Bounds().Dx() != 16 {
		t.Error(err)
	}
}

func TestCrossDomain(t *testing.T) {
	for _, test := range []struct {
		origins []string
		want    [][2]string // domain, secure
	}{
		{nil, [][2]string{{"*", "true"}}},
		{[]string{"https://chat.example.org", "http://other.example:8080"}, [][2]string{{"chat.example.org", "true"}, {"other.example", "false"}}},
		{[]string{"null"}, nil},
	} {
		_, addr := startServer(t, func(c *Config) { c.AllowOrigins = test.origins })
		_, port, _ := net.SplitHostPort(addr)
		r, body := get(t, addr, "/crossdomain.xml")
		if r.StatusCode != http.StatusOK {
			t.Fatal(r.Status)
		}
		var policy struct {
			XMLName xml.Name `xml:"cross-domain-policy"`
			Allow   []struct {
				Domain string `xml:"domain,attr"`
				Ports  string `xml:"to-ports,attr"`
				Secure string `xml:"secure,attr"`
			} `xml:"allow-access-from"`
		}
		if err := xml.Unmarshal([]byte(body), &policy); err != nil {
			t.Fatal(err)
		}
		if len(policy.Allow) != len(test.want) {
			t.Fatalf("%s", body)
		}
		for i, a := range policy.Allow {
			if a.Domain != test.want[i][0] || a.Secure != test.want[i][1] || a.Ports != port {
				t.Errorf("%+v, want %v", a, test.want[i])
			}
		}
	}
}

// With the BOSH path / the other pages are still there.
func TestPagesBesideRoot(t *testing.T) {
	_, addr := startServer(t, func(c *Config) { c.Path = "/" })
	if r, _ := get(t, addr, "/favicon.ico"); r.Header.Get("Content-Type") != "image/x-icon" {
		t.Error(r.Header)
	}
	if r, _ := get(t, addr, "/sysinfo/"); r.StatusCode != http.StatusForbidden {
		t.Error(r.Status)
	}
	if r, body := get(t, addr, "/"); r.StatusCode != http.StatusOK || !strings.Contains(body, "<svg") {
		t.Error(r.Status)
	}
}
