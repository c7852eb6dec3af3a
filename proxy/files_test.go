package proxy

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

const policyOfTest = "default-src 'self'"

func withFiles(c *Config) {
	c.Files = []File{
		{Path: "/", ContentType: htmlContentType, Content: []byte("<!doctype html>" + strings.Repeat("<p>page", 200)), Policy: policyOfTest},
		{Path: "/a/short.css", ContentType: "text/css", Content: []byte("p{}")},
		{Path: "/a/noise", ContentType: "application/octet-stream", Content: noise(5000)},
	}
}

// noise does not get shorter by compression.
func noise(n int) []byte {
	b, x := make([]byte, n), uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

func TestFile(t *testing.T) {
	_, addr := startServer(t, withFiles)
	r, body := get(t, addr, "/")
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(body, "<!doctype html><p>page") || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("%s %q", r.Status, body)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policyOfTest, "Cache-Control": "no-cache", "Vary": "Accept-Encoding",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "",
	} {
		wantHeader(t, r, name, want)
	}
	r, body = get(t, addr, "/a/short.css")
	if r.StatusCode != http.StatusOK || body != "p{}" {
		t.Errorf("%s %q", r.Status, body)
	}
	for _, name := range []string{"Vary", "Content-Security-Policy"} {
		wantHeader(t, r, name, "")
	}
	for _, path := range []string{"/a", "/a/", "/a/short.css/", "/b"} {
		if r, _ := get(t, addr, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	if r, _ := get(t, addr, "/http-bind/"); r.StatusCode != http.StatusOK {
		t.Errorf("the page of statistics: %s", r.Status)
	}
}

// Without files nothing is at /.
func TestNoFiles(t *testing.T) {
	_, addr := startServer(t, nil)
	if r, _ := get(t, addr, "/"); r.StatusCode != http.StatusNotFound {
		t.Error(r.Status)
	}
}

func TestFileCompressed(t *testing.T) {
	_, addr := startServer(t, withFiles)
	_, plain := get(t, addr, "/")
	r, body := get(t, addr, "/", "Accept-Encoding: br, gzip")
	wantHeader(t, r, "Content-Encoding", "gzip")
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != plain {
		t.Errorf("%q, %v", b, err)
	}
	for _, path := range []string{"/a/short.css", "/a/noise"} { // which compression makes longer
		r, _ := get(t, addr, path, "Accept-Encoding: gzip")
		wantHeader(t, r, "Content-Encoding", "")
	}
}

func TestFileUnmodified(t *testing.T) {
	_, addr := startServer(t, withFiles)
	for _, coding := range []string{"Accept-Encoding: identity", "Accept-Encoding: gzip"} {
		r, body := get(t, addr, "/", coding)
		etag := r.Header.Get("Etag")
		if len(etag) < 10 {
			t.Fatalf("etag %q", etag)
		}
		for list, want := range map[string]int{
			etag: 304, "W/" + etag: 304, `"x", ` + etag: 304, "*": 304,
			`"x"`: 200, etag[1:]: 200, strings.Trim(etag, `"`): 200, "": 200,
		} {
			b := dial(t, addr)
			b.raw("GET / HTTP/1.1\r\nHost: h\r\n" + coding + "\r\nIf-None-Match: " + list + "\r\n\r\nGET /a/short.css HTTP/1.1\r\nHost: h\r\n\r\n")
			r, again := b.answer()
			if r.StatusCode != want || want == 304 && again != "" || want == 200 && again != body {
				t.Errorf("%s, If-None-Match: %s: %s, %d bytes", coding, list, r.Status, len(again))
			}
			wantHeader(t, r, "Etag", etag)
			wantHeader(t, r, "Content-Security-Policy", policyOfTest)
			if _, next := b.answer(); next != "p{}" { // the connection goes on behind an answer without content
				t.Errorf("the next answer is %q", next)
			}
		}
	}
}

func TestFileMethods(t *testing.T) {
	_, addr := startServer(t, withFiles)
	b := dial(t, addr)
	b.raw("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
	r, err := http.ReadResponse(b.r, &http.Request{Method: http.MethodHead})
	if err != nil || r.StatusCode != http.StatusOK || r.ContentLength != int64(len("<!doctype html>")+200*len("<p>page")) {
		t.Errorf("%v, %v", r, err)
	}
	b.raw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
	if r, _ := b.answer(); r.StatusCode != http.StatusNotFound {
		t.Error(r.Status)
	}
}

// With the BOSH path / a file there is served all the same, and BOSH too.
func TestFileBesideRoot(t *testing.T) {
	_, addr := startServer(t, func(c *Config) { withFiles(c); c.Path = "/" })
	if _, body := get(t, addr, "/"); !strings.Contains(body, "<p>page") {
		t.Errorf("%q", body)
	}
	for _, request := range []string{
		"GET /?data=x&callback=f HTTP/1.1\r\nHost: h\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx",
	} {
		b := dial(t, addr)
		b.raw(request)
		if _, body := b.answer(); !strings.Contains(body, "bad-request") {
			t.Errorf("%q: %q", request, body)
		}
	}
}

// The operator's header fields are in the answers, but not instead of a file's own.
func TestFileHeaders(t *testing.T) {
	_, addr := startServer(t, func(c *Config) {
		withFiles(c)
		for _, h := range [][2]string{{"X-Of-Operator", "yes"}, {"Referrer-Policy", "origin"}} {
			if err := c.AddHeader(h[0], h[1]); err != nil {
				t.Fatal(err)
			}
		}
	})
	r, _ := get(t, addr, "/")
	wantHeader(t, r, "X-Of-Operator", "yes")
	wantHeader(t, r, "Referrer-Policy", "no-referrer")
}

func TestBadFiles(t *testing.T) {
	page := File{Path: "/x", ContentType: "text/plain"}
	for _, list := range [][]File{{{Path: "x", ContentType: "text/plain"}}, {page, page}, {{Path: "/x"}}} {
		if s, err := New(Config{Listen: []string{"127.0.0.1:0"}, Files: list}); err == nil {
			s.Stop()
			t.Errorf("%+v is taken", list)
		}
	}
}

// An empty file is one, too.
func TestEmptyFile(t *testing.T) {
	_, addr := startServer(t, func(c *Config) { c.Files = []File{{Path: "/empty", ContentType: "text/plain"}} })
	if r, body := get(t, addr, "/empty", "Accept-Encoding: gzip"); r.StatusCode != http.StatusOK || body != "" || r.ContentLength != 0 {
		t.Errorf("%s %q", r.Status, body)
	}
}
