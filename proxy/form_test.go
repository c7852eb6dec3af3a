package proxy

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// node-xmpp-bosh.md 1.2: GET with data, and the exact form of its JSONP.
func TestGetWithData(t *testing.T) {
	ts, addr := start(t)
	b := dial(t, addr)
	get := func(query string) (*http.Response, string) {
		b.raw("GET /http-bind/?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n")
		return b.answer()
	}
	request := ts.next("", "<message xmlns='jabber:client' id='g'><body>a+b %41 &amp; 'c'</body></message>")
	b.raw("GET /http-bind/?data=" + url.QueryEscape(request) + " HTTP/1.1\r\nHost: x\r\n\r\n")
	ts.peer.want("<body>a+b %41 &amp; 'c'</body></message>")
	ts.peer.send("<message id='back'><body>\"q\" \\ \u2028 \t\n</body></message>")
	r, body := b.answer()
	wantContains(t, body, "id='back'")
	wantHeader(t, r, "Content-Type", "text/xml; charset=utf-8")
	wantInert(t, r)

	// The same request again gets the same body, now as a script.
	r, script := get("callback=a.b_1&data=" + url.QueryEscape(request))
	wantHeader(t, r, "Content-Type", "text/javascript; charset=utf-8")
	wantInert(t, r)
	inner, ok := strings.CutPrefix(script, "a.b_1(")
	if !ok {
		t.Fatalf("script %q", script)
	}
	inner, ok = strings.CutSuffix(inner, ");")
	if !ok || !strings.HasPrefix(inner, `{"reply":"<body`) || strings.ContainsAny(inner, "\u2028\n\t") {
		t.Fatalf("script %q", script)
	}
	var reply struct{ Reply string }
	if err := json.Unmarshal([]byte(inner), &reply); err != nil || reply.Reply != body {
		t.Fatalf("reply %q, %v; want %q", reply.Reply, err, body)
	}

	for _, bad := range []string{"alert(1)//", "a b", "1a", "a..b", "a.", "", "é", "a;b", strings.Repeat("a", callbackMax+1)} {
		r, _ := get("callback=" + url.QueryEscape(bad) + "&data=x")
		if r.StatusCode != http.StatusBadRequest {
			t.Errorf("callback %q: %s", bad, r.Status)
		}
		wantHeader(t, r, "X-Content-Type-Options", "nosniff")
		wantHeader(t, r, "Content-Security-Policy", "default-src 'none'; sandbox")
	}
	if r, body := get("data=%3Cnonsense"); r.StatusCode != http.StatusOK || !strings.Contains(body, "bad-request") {
		t.Errorf("malformed data: %s %q", r.Status, body)
	}
}

// A body that is too large is told so in the same words, whatever it came in.
func TestGetWithTooMuchData(t *testing.T) {
	_, addr := startServer(t, func(c *Config) { c.MaxDataHeld = 2000 })
	b := dial(t, addr)
	defer b.Close()
	for _, callback := range []string{"", "callback=f&"} {
		b.raw("GET /http-bind/?" + callback + "data=" + strings.Repeat("a", 2001) + " HTTP/1.1\r\nHost: x\r\n\r\n")
		r, body := b.answer()
		if r.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%q: %s", callback, r.Status)
		}
		wantContains(t, body, "type='terminate'", "condition='policy-violation'")
		wantInert(t, r)
	}
}

func wantInert(t *testing.T, r *http.Response) {
	t.Helper()
	wantHeader(t, r, "X-Content-Type-Options", "nosniff")
	wantHeader(t, r, "Content-Security-Policy", "default-src 'none'; sandbox")
	wantHeader(t, r, "Cache-Control", "no-store")
	wantHeader(t, r, "Access-Control-Allow-Origin", "*")
}

func compressed(t *testing.T, coding, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip", "x-gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw":
		w, _ = flate.NewWriter(&b, 6)
	default:
		return text
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func encodedPost(coding, body string) string {
	return fmt.Sprintf("POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", coding, len(body), body)
}

func TestCompressedRequests(t *testing.T) {
	ts, _ := start(t)
	for round := range 2 { // the second time the readers are used again
		for i, c := range []struct{ name, header string }{
			{"gzip", "gzip"},
			{"x-gzip", "X-GZIP"},
			{"deflate", "deflate"},
			{"raw", "deflate"},
			{"identity", "identity"},
			{"libpurple", "text/xml; charset=utf-8"},
		} {
			id := fmt.Sprintf("id='m%d-%d'", round, i)
			ts.more.raw(encodedPost(c.header, compressed(t, c.name, ts.next("", "<message xmlns='jabber:client' "+id+"/>"))))
			ts.peer.want(id + "/>")
			ts.peer.send("<message/>")
			ts.more.body()
		}
	}
	// Damage and unknown codings leave the session alone.
	for _, c := range []struct {
		header, body string
		status       int
		want         string
	}{
		{"br", "x", http.StatusUnsupportedMediaType, ""},
		{"gzip, gzip", "x", http.StatusUnsupportedMediaType, ""},
		{"gzip", "not gzip", http.StatusOK, "bad-request"},
		{"gzip", compressed(t, "gzip", "<body/>")[:12], http.StatusOK, "bad-request"},
		{"gzip", compressed(t, "gzip", "<body/>") + "x", http.StatusOK, "bad-request"},
		{"deflate", "\x00", http.StatusOK, "bad-request"},
		{"gzip", compressed(t, "gzip", strings.Repeat("a", 5_000_000)), http.StatusRequestEntityTooLarge, "policy-violation"},
		{"deflate", compressed(t, "deflate", strings.Repeat("a", 100_001)), http.StatusRequestEntityTooLarge, "policy-violation"},
	} {
		ts.more.raw(encodedPost(c.header, c.body))
		r, body := ts.more.answer()
		if r.StatusCode != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %s %q, want %d %q", c.header, r.Status, body, c.status, c.want)
		}
	}
	ts.more.post(ts.next("", "<message xmlns='jabber:client' id='alive'/>"))
	ts.peer.want("id='alive'/>")
}

func TestCompressedAnswers(t *testing.T) {
	ts, _ := start(t)
	long := "<message><body>" + strings.Repeat("compress me ", 100) + "</body></message>"
	ask := func(accept, push string) (*http.Response, string) {
		body := ts.next("", "")
		ts.more.raw(fmt.Sprintf("POST /http-bind/ HTTP/1.1\r\nHost: x\r\nAccept-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", accept, len(body), body))
		ts.peer.send(push)
		return ts.more.answer()
	}
	for range 2 {
		r, body := ask("deflate, gzip;q=0.5, br", long)
		wantHeader(t, r, "Content-Encoding", "gzip")
		wantHeader(t, r, "Vary", "Accept-Encoding")
		if len(body) >= len(long) {
			t.Errorf("%d bytes for %d", len(body), len(long))
		}
		zr, err := gzip.NewReader(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(zr)
		if err != nil {
			t.Fatal(err)
		}
		wantContains(t, string(plain), "<body xmlns=", "compress me </body></message></body>")
	}
	for _, c := range []struct{ name, accept, push string }{
		{"not accepted", "br", long},
		{"weight zero", "gzip;q=0", long},
		{"weight zero in full", "gzip; q=0.000", long},
		{"short", "gzip", "<message/>"},
		{"SASL", "gzip", "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + strings.Repeat("a", 500) + "</challenge>"},
	} {
		r, body := ask(c.accept, c.push)
		wantHeader(t, r, "Content-Encoding", "")
		if !strings.HasPrefix(body, "<body") {
			t.Errorf("%s: %q", c.name, body)
		}
	}
	// What was sent compressed is repeated plain to who asks for that, and compressed to who asks for that.
	r, _ := ask("gzip", long)
	wantHeader(t, r, "Content-Encoding", "gzip")
	ts.rid--
	ts.more.post(ts.next("", ""))
	if body := ts.more.body(); !strings.Contains(body, "compress me") {
		t.Errorf("repeat: %q", body)
	}
}

// XEP-0124 §7.1: content is the Content-Type of every answer of the session.
func TestContentAttribute(t *testing.T) {
	ts, addr := start(t)
	_ = ts
	b := dial(t, addr)
	b.post(strings.Replace(createText(7, "nobody.invalid"), " wait", " content='text/plain; charset=utf-8' wait", 1))
	r, _ := b.answer()
	wantHeader(t, r, "Content-Type", "text/plain; charset=utf-8")
	wantHeader(t, r, "X-Content-Type-Options", "nosniff")
}

// XEP-0252, as dojox.xmpp asks: the query is the request, and the answer a call of _BOSH_ with the body as a string.
func TestBareScript(t *testing.T) {
	_, addr := startServer(t, nil)
	for _, query := range []string{
		url.PathEscape("<body rid='1' xmlns='http://jabber.org/protocol/httpbind'/>"),
		"%3Cbody%20rid%3D'1'%20xmlns%3D'http%3A%2F%2Fjabber.org%2Fprotocol%2Fhttpbind'%2F%3E",
	} {
		b := dial(t, addr)
		b.raw("GET /http-bind/?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n")
		r, body := b.answer()
		wantHeader(t, r, "Content-Type", "text/javascript; charset=utf-8")
		if !strings.HasPrefix(body, `_BOSH_("<body `) || !strings.HasSuffix(body, `")`) {
			t.Errorf("%s", body)
		}
		wantContains(t, body, "improper-addressing")
	}
	b := dial(t, addr)
	b.raw("GET /http-bind/?%3Cbody%zz HTTP/1.1\r\nHost: x\r\n\r\n")
	if r, _ := b.answer(); r.StatusCode != 400 {
		t.Error(r.Status)
	}
}
