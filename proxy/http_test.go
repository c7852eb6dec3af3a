package proxy

import (
	"fmt"
	"strings"
	"testing"
)

func TestPathsAndMethods(t *testing.T) {
	_, addr := startServer(t, nil)
	for _, c := range []struct {
		request string
		status  int
		header  map[string]string
	}{
		{"GET /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n", 200, map[string]string{"Content-Type": "text/html; charset=utf-8"}},
		{"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404, nil},
		{"POST /http-bindx HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404, nil},
		{"POST /http-bind/../x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404, nil},
		{"DELETE /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n", 405, map[string]string{"Allow": allowedMethods}},
		{"OPTIONS /http-bind/ HTTP/1.1\r\nHost: x\r\nOrigin: http://y\r\nAccess-Control-Request-Headers: content-type, x-requested-with\r\n\r\n", 200, map[string]string{
			"Access-Control-Allow-Headers": "content-type, x-requested-with", "Access-Control-Allow-Methods": allowedMethods,
		}},
	} {
		t.Run(strings.Fields(c.request)[0]+" "+strings.Fields(c.request)[1], func(t *testing.T) {
			b := dial(t, addr)
			b.raw(c.request)
			r, _ := b.answer()
			if r.StatusCode != c.status {
				t.Fatalf("status %s, want %d", r.Status, c.status)
			}
			wantHeader(t, r, "Access-Control-Allow-Origin", "*")
			wantHeader(t, r, "X-Content-Type-Options", "nosniff")
			if r.Header.Get("Date") == "" {
				t.Fatal("no Date")
			}
			for name, want := range c.header {
				wantHeader(t, r, name, want)
			}
			if r.Header.Get("Server") != "" {
				t.Fatal("a Server field tells the version")
			}
		})
	}
}

func TestMalformedHTTPIsRefusedAndClosed(t *testing.T) {
	_, addr := startServer(t, nil)
	for _, c := range []struct {
		name, request string
		status        int
	}{
		{"no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", 400},
		{"both lengths", "POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", 400},
		{"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
		{"large head", "GET / HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("a", 100_000) + "\r\n\r\n", 431},
		{"large body", "POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n" + strings.Repeat("a", 100_001), 413},
		{"large chunks", "POST /http-bind/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("ff\r\n"+strings.Repeat("a", 255)+"\r\n", 500), 413},
		{"version", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := dial(t, addr)
			b.raw(c.request)
			r, _ := b.answer()
			if r.StatusCode != c.status {
				t.Fatalf("status %s, want %d", r.Status, c.status)
			}
			wantHeader(t, r, "Access-Control-Allow-Origin", "*")
			if !r.Close {
				t.Fatal("no Connection: close")
			}
			b.closed()
		})
	}
}

// A refusal behind a held request comes after its answer, and lets it go.
func TestMalformedHTTPBehindAHeldRequest(t *testing.T) {
	ts, _ := start(t)
	ts.poll.raw(postText(ts.next("", "")) + "BROKEN\r\n\r\n")
	ts.poll.body()
	if r, _ := ts.poll.answer(); r.StatusCode != 400 {
		t.Fatalf("status %s", r.Status)
	}
	ts.poll.closed()
}

func TestForbiddenXML(t *testing.T) {
	ts, _ := start(t)
	const open = "<body rid='1001' sid='SID' xmlns='http://jabber.org/protocol/httpbind'>"
	for _, doc := range []string{
		"",
		"hello",
		"<body",
		open,
		open + "</body><x/>",
		open + "<a></b></body>",
		open + "<!-- c --></body>",
		open + "<?pi?></body>",
		open + "<a>&ent;</a></body>",
		open + "text</body>",
		open + "<a>\xff</a></body>",
		open + "<p:a/></body>",
		open + "</stream:stream></body>",
		"<!DOCTYPE body [<!ENTITY a 'b'>]>" + open + "</body>",
		"<other xmlns='http://jabber.org/protocol/httpbind' rid='1' to='x'/>",
		"<body rid='1001' rid='1002' sid='SID' xmlns='http://jabber.org/protocol/httpbind'/>",
	} {
		b := ts.more
		b.post(strings.ReplaceAll(doc, "SID", ts.sid))
		body := b.body()
		wantContains(t, body, "bad-request", "terminate")
	}
	// The session that they named is none the wiser.
	ts.more.post(ts.next("", "<message xmlns='jabber:client' id='fine'/>"))
	ts.peer.want("<message xmlns='jabber:client' id='fine'/>")
}

func TestUnknownSession(t *testing.T) {
	ts, addr := start(t)
	wrong := ts.sid[:3] + "x" + ts.sid[4:]
	for _, sid := range []string{"nobody", wrong, ts.sid + "0", "", "-0", "-ffffffff"} {
		b := dial(t, addr)
		b.post(fmt.Sprintf("<body rid='5' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>", sid))
		wantContains(t, b.body(), "item-not-found", "terminate")
	}
}

func TestExpectContinue(t *testing.T) {
	ts, _ := start(t)
	body := ts.next("", "<message xmlns='jabber:client' id='e'/>")
	head, _, _ := strings.Cut(postText(body), "\r\n\r\n")
	ts.poll.raw(head + "\r\nExpect: 100-continue\r\n\r\n")
	line, err := ts.poll.r.ReadString('\n')
	if err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("interim answer %q, %v", line, err)
	}
	if _, err := ts.poll.r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	ts.poll.raw(body)
	ts.peer.want("id='e'/>")
}

func TestHTTP10(t *testing.T) {
	_, addr := startServer(t, nil)
	b := dial(t, addr)
	b.raw("GET /nowhere HTTP/1.0\r\n\r\n")
	if r, _ := b.answer(); r.StatusCode != 404 || !r.Close {
		t.Fatalf("status %s, close %v", r.Status, r.Close)
	}
	b.closed()
	b = dial(t, addr)
	b.raw("GET /nowhere HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	r, _ := b.answer()
	wantHeader(t, r, "Connection", "keep-alive")
	b.raw("GET /nowhere HTTP/1.0\r\n\r\n")
	b.answer()
	b.closed()
}
