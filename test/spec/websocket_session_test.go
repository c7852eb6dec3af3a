package spec

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

// How a session over WebSocket ends, restarts and stays alive, and what is around it.
var socketRows = []row{
	{name: "W10 either side closes with close, which is answered; then WebSocket is closed, in bounded time", where: "M §3.6", test: func(t *testing.T) {
		w := streaming(t)
		w.text(closeText)
		if got := w.message().text; got != closeText { // COMPAT: strophe.js compares it as text
			t.Fatalf("got %q", got)
		}
		w.closes(1000)
		w.backend.end()

		w = streaming(t)
		w.backend.send("</stream:stream>")
		if got := w.message().text; got != closeText {
			t.Fatalf("got %q", got)
		}
		w.text(closeText)
		w.closes(1000)

		limits := proxy.DefaultWebSockets()
		limits.CloseMax = 50 * timer.Millisecond
		w = serveWith(t, func(c *proxy.Config) { c.WebSockets = &limits }).streaming(openText)
		w.text(closeText)
		w.message()
		w.next() // WebSocket's, which is not answered
		w.conn.closed()
	}},
	{name: "W11 a socket that dies without close leaves a stream that can be resumed", where: "S §3.6", test: func(t *testing.T) {
		for _, resumable := range []bool{false, true} {
			for _, die := range []func(*socket){
				func(w *socket) { w.Close() },
				func(w *socket) { w.frame(frameClose, "\x03\xe9") },
			} {
				w := streaming(t)
				if resumable {
					w.backend.send("<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true'/>")
					w.message().is("urn:xmpp:sm:3", "enabled")
				}
				die(w)
				if !resumable { // decisions.md 31
					w.backend.end()
					continue
				}
				if c, err := w.backend.r.ReadByte(); err == nil {
					t.Fatalf("the server got %q", c)
				}
			}
		}
	}},
	{name: "W12 a close may say where to go instead", where: "O/c §3.6.1", test: func(t *testing.T) {
		l := operateSocket(t)
		l.session.HandleShutdown(l.now, "wss://other.example/ws?a=b&c")
		inOrder(t, string(l.sent), `<close xmlns="`+nsFraming+`" see-other-uri="wss://other.example/ws?a=b&amp;c" />`, "\x88\x02\x03\xe9")
		if l.terminated != "dirty" {
			t.Errorf("terminated: %q", l.terminated)
		}
	}},
	{name: "W13 a restart is an open without a close, answered by another", where: "M §3.7", test: func(t *testing.T) {
		w := streaming(t)
		w.text("<auth xmlns='" + nsSASL + "' mechanism='ANONYMOUS'/>")
		w.backend.want("/>")
		w.backend.send("<success xmlns='" + nsSASL + "'/>")
		w.message().is(nsSASL, "success")
		w.text(openText)
		if got := w.backend.header(); strings.Contains(got, "</stream:stream>") {
			t.Fatalf("the server got %q", got)
		}
		w.backend.send(strings.Replace(streamHeader, "id1", "id2", 1) + features)
		w.message().is(nsFraming, "open").want("id", "id2")
		w.message().is(nsStreams, "features")
		w.text(message("x"))
		w.backend.want("id='x'/>")

		// A client that asks before it has said anything gets an answer too, and the server no second header.
		w = w.server.webSocket(subXMPP)
		w.text(openText)
		be := w.server.backend()
		be.header()
		be.send(streamHeader + "<stream:features><mechanisms xmlns='" + nsSASL + "'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>")
		w.message()
		w.message().is(nsStreams, "features")
		w.text(openText)
		w.message().is(nsFraming, "open")
		w.message().is(nsStreams, "features")
		w.text(message("y"))
		if got := be.want("id='y'/>"); got != message("y") {
			t.Fatalf("the server got %q", got)
		}
	}},
	{name: "W14 white space keeps nothing alive: pings do; the client's is ignored", where: "N §3.8", test: func(t *testing.T) {
		limits := proxy.DefaultWebSockets()
		limits.Ping = 50 * timer.Millisecond
		s := serveWith(t, func(c *proxy.Config) { c.WebSockets = &limits })
		w := s.webSocket(subXMPP)
		w.text(openText)
		be := s.backend()
		be.open()
		be.send(" \n ")
		w.text(" ")
		w.text("")
		for pings, messages := 0, 0; pings < 4; {
			switch first, payload := w.next(); first {
			case framePing:
				pings++
				w.frame(framePong, payload)
			case frameText:
				if messages++; messages > 2 {
					t.Fatalf("got %q", payload)
				}
			default:
				t.Fatalf("the frame %#x", first)
			}
		}
		w.text(message("x"))
		if got := be.want("id='x'/>"); got != message("x") {
			t.Fatalf("the server got %q", got)
		}
		for { // and who answers none is gone
			if first, _ := w.r.ReadByte(); first != framePing {
				break
			}
			w.r.ReadByte()
		}
		be.end()
	}},
	{name: "W15 TLS isn't offered inside of a WebSocket, nor negotiated", where: "N §3.9", test: func(t *testing.T) {
		s := serve(t)
		w := s.webSocket(subXMPP)
		w.text(openText)
		be := s.backend()
		be.header()
		be.send(streamHeader + "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>")
		w.message()
		w.message()
		be.send("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><ver xmlns='urn:x'/></stream:features>")
		if got := w.message().is(nsStreams, "features").text; strings.Contains(got, "starttls") {
			t.Fatalf("offered: %q", got)
		}
		w.text("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") // decisions.md 23
		w.message().is("urn:ietf:params:xml:ns:xmpp-tls", "failure")
		w.text(message("x"))
		if got := be.want("id='x'/>"); strings.Contains(got, "starttls") {
			t.Fatalf("the server got %q", got)
		}
	}},
	{name: "W16 stream management passes, in both directions", where: "O §3.10", test: func(t *testing.T) {
		w := streaming(t)
		w.text("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
		w.backend.want("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
		w.backend.send("<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true'/><r xmlns='urn:xmpp:sm:3'/>")
		w.message().is("urn:xmpp:sm:3", "enabled").want("id", "x")
		w.message().is("urn:xmpp:sm:3", "r")
		w.text("<a xmlns='urn:xmpp:sm:3' h='0'/>")
		w.backend.want("<a xmlns='urn:xmpp:sm:3' h='0'/>")
		w.text(closeText) // the client's own end is one, resumable or not
		w.backend.end()
	}},
	{name: "W17 the endpoint is found by host-meta", where: "§4", test: func(t *testing.T) {
		s := serveWith(t, func(c *proxy.Config) {
			if err := c.AddPublicURL("wss://chat.example/ws/", "/http-bind/", proxy.DefaultWebSocketPaths()); err != nil {
				t.Fatal(err)
			}
		})
		r, err := http.Get("http://" + s.addr + "/.well-known/host-meta.json")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		if err != nil || !strings.Contains(string(text), "urn:xmpp:alt-connections:websocket") || !strings.Contains(string(text), "wss://chat.example/ws/") {
			t.Errorf("%s, %v", text, err)
		}
	}},
	{name: "W18 a WebSocket may be inside TLS; a page's origin is checked where origins are named", where: "S §6", test: func(t *testing.T) {
		s := serveWith(t, func(c *proxy.Config) { c.AllowOrigins = []string{"https://chat.example"} })
		for origin, status := range map[string]int{
			"https://chat.example": http.StatusSwitchingProtocols,
			"https://evil.example": http.StatusForbidden,
			"http://chat.example":  http.StatusForbidden,
			"null":                 http.StatusForbidden,
		} {
			if r := s.dial().upgrade(subXMPP, "Origin: "+origin); r.StatusCode != status {
				t.Errorf("%s: %s, want %d", origin, r.Status, status)
			}
		}
		s = serveWith(t, func(c *proxy.Config) {
			c.ListenTLS, c.Certificates = []string{"127.0.0.1:0"}, certificateFiles(t)
		})
		s.addr = s.cm.TLSAddrs()[0].String()
		c := s.dial()
		inside := tls.Client(c.Conn, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // not what is asserted
		c.Conn, c.r = inside, bufio.NewReader(inside)
		if r := c.upgrade(subXMPP); r.StatusCode != http.StatusSwitchingProtocols {
			t.Fatalf("inside TLS: %s", r.Status)
		}
		w := &socket{conn: c, server: s}
		w.text(openText)
		s.backend().open()
		w.message().is(nsFraming, "open")
	}},
}

// certificateFiles are those that the server itself shows.
func certificateFiles(t testing.TB) *proxy.Certificates {
	t.Helper()
	pair := proxy.KeyPair{CertFile: filepath.Join(t.TempDir(), "cert.pem"), KeyFile: filepath.Join(t.TempDir(), "key.pem")}
	key, err := x509.MarshalPKCS8PrivateKey(certificate().PrivateKey)
	for file, block := range map[string]pem.Block{
		pair.CertFile: {Type: "CERTIFICATE", Bytes: certificate().Certificate[0]},
		pair.KeyFile:  {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err == nil {
			err = os.WriteFile(file, pem.EncodeToMemory(&block), 0o600)
		}
	}
	var loaded *proxy.Certificates
	if err == nil {
		loaded, err = proxy.LoadCertificates([]proxy.KeyPair{pair}, slog.New(slog.DiscardHandler))
	}
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// loneSocket drives a session without a socket, where a clock or an operator is wanted that the server has not.
type loneSocket struct {
	wsconn.Output // what isn't expected is a nil call
	now           timer.Time
	cfg           wsconn.Config
	env           wsconn.Env
	session       wsconn.Session
	sent          []byte
	terminated    string
}

// operateSocket has a session that waits for nothing.
func operateSocket(t testing.TB) *loneSocket {
	t.Helper()
	l := &loneSocket{now: 1000, cfg: wsconn.DefaultConfig()}
	pool := new(buffer.Pool)
	l.env = wsconn.Env{Config: &l.cfg, Out: l, Buffers: pool, Frames: wsframe.NewPool(pool), Scan: xmlstream.NewPool()}
	l.session.Create(l.now, &l.env, 1, wsframe.Deflate{}, [16]byte{1})
	const zeroMask = "\x00\x00\x00\x00"
	l.session.HandleData(l.now, []byte("\x81"+string([]byte{0x80 | byte(len(openText))})+zeroMask+openText))
	l.session.HandleStreamAdded(l.now, wsconn.StreamHeader{ID: []byte("id1")})
	return l
}

func (l *loneSocket) Send(_ *wsconn.Session, b []byte)        { l.sent = append(l.sent, b...) }
func (l *loneSocket) Deadline(*wsconn.Session)                {}
func (l *loneSocket) StreamAdd(*wsconn.Session, *wsconn.Open) {}
func (l *loneSocket) Error(*wsconn.Session, wsconn.Condition) {}
func (l *loneSocket) StreamTerminate(_ *wsconn.Session, c bool) {
	l.terminated = map[bool]string{true: "clean", false: "dirty"}[c]
}
