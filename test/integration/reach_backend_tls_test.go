//go:build integration && linux

package integration

import (
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// tlsBackends are the servers that let nobody log in without TLS, by the way that it begins.
var tlsBackends = []struct {
	name   string
	scheme string // of --backend: xmpps: is TLS from the first byte
	start  func(t *testing.T, c *certificates) (p *process, addr string)

	encrypted *regexp.Regexp // the server's line about TLS, where it writes one
}{
	{"Prosody with STARTTLS", "", startProsodyTLS("c2s"), regexp.MustCompile(`Stream encrypted \(TLSv1\.[23]`)},
	{"Prosody with direct TLS", "xmpps:", startProsodyTLS("c2s_direct_tls"), regexp.MustCompile(`Stream encrypted \(TLSv1\.[23]`)},
	{"ejabberd with STARTTLS", "", startEjabberdTLS("starttls_required"), nil},
	{"ejabberd with direct TLS", "xmpps:", startEjabberdTLS("tls"), nil},
}

func startProsodyTLS(service string) func(*testing.T, *certificates) (*process, string) {
	return func(t *testing.T, c *certificates) (*process, string) {
		t.Helper()
		p := startProsodyOn(t, service, c)
		registerProsody(t, p, "bob", bobPassword)
		return p.process, p.addr
	}
}

func startEjabberdTLS(option string) func(*testing.T, *certificates) (*process, string) {
	return func(t *testing.T, c *certificates) (*process, string) {
		t.Helper()
		e := startEjabberdWith(t, option, c)
		return e.process, e.addr
	}
}

// TestReachBackendTLS: strophe.js logs in over each transport with SCRAM to servers that require TLS, whose authority
// bosh-server knows by --backend-ca alone. With another authority's certificate there it sends them nothing.
func TestReachBackendTLS(t *testing.T) {
	t.Parallel()
	needStrophe(t)
	for _, x := range tlsBackends {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := makeCertificates(t, "localhost")
			p, addr := x.start(t, &c)
			backend := "--backend=localhost=" + x.scheme + addr
			t.Run("wrong authority", func(t *testing.T) { testWrongAuthority(t, p, backend, &c) })
			s := startServer(t, backend, "--backend-tls=require", "--backend-ca="+c.ca)
			t.Run("BOSH", func(t *testing.T) {
				r := strophe(t, stropheOptions{Service: s.url, JID: aliceJID, Password: ptr(alicePassword), Steps: []string{"roster", "echo"}})
				if r.Outcome != "CONNECTED" || !strings.HasPrefix(r.Mechanism, "SCRAM-") || r.Steps.Roster.Type != "result" || !r.Steps.Echo.Intact {
					t.Errorf("the log-in with SCRAM: %+v", r)
				}
			})
			t.Run("WebSocket", func(t *testing.T) {
				var r clientResult
				runClient(t, "client_ws_strophe.mjs", pair(s.webSocketURL()), &r)
				checkClient(t, r, 50)
				if !strings.HasPrefix(r.Mechanism, "SCRAM-") {
					t.Errorf("logged in with %q, want SCRAM", r.Mechanism)
				}
			})
			if x.encrypted != nil {
				p.waitLine(t, x.encrypted)
			}
		})
	}
}

// webSocketURL is where the server opens WebSockets.
func (s *server) webSocketURL() string { return "ws://" + s.addr + webSocketPath }

var unknownAuthority = regexp.MustCompile(`signed by nobody who is trusted.*domain=localhost`)

// testWrongAuthority: the client is told that there is no connection and the operator why, over either transport; and
// once the file of --backend-ca has the right authority, SIGHUP is enough.
func testWrongAuthority(t *testing.T, p *process, backend string, c *certificates) {
	other := makeCertificates(t, "localhost")
	s := startServer(t, backend, "--backend-ca="+other.ca)
	r := s.exchange(t, creation(firstRID, "localhost"))
	if b := parseBody(t, r); b.attr("type") == "" {
		// The header came early and the handshake took longer than --features-delay: the next request learns of it.
		x := &session{s: s, sid: b.attr("sid"), rid: firstRID}
		r = x.exchange(t, "")
	}
	wantTerminate(t, r, "remote-connection-failed")
	s.waitLine(t, unknownAuthority)
	if got := s.openWebSocket(t, "localhost"); !strings.Contains(got, "remote-connection-failed") || strings.Contains(got, "mechanisms") {
		t.Errorf("over WebSocket the client was told %q, want remote-connection-failed", got)
	}
	if out := p.output(); strings.Contains(out, "<auth") || strings.Contains(out, "authentication for") {
		t.Error("the server was sent a log-in")
	}

	right, err := os.ReadFile(c.ca)
	if err != nil {
		t.Fatal(err)
	}
	replaceFile(t, other.ca, right)
	s.signal(t, syscall.SIGHUP)
	s.waitLine(t, settingsRead)
	b := parseBody(t, s.exchange(t, creation(firstRID, "localhost")))
	if b.attr("sid") == "" || b.attr("type") != "" {
		t.Fatalf("with the right authority: %s", b.raw)
	}
	x := &session{s: s, sid: b.attr("sid"), rid: firstRID}
	if r := parseBody(t, x.exchange(t, "", "type='terminate'")); r.attr("type") != "terminate" {
		t.Errorf("the end: %s", r.raw)
	}
}

// replaceFile has a file hold something else at once, as an operator's tools do.
func replaceFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// openWebSocket opens a WebSocket and a stream on it (RFC 7395 §3.4), and gives all that comes up to the server's <close/>.
func (s *server) openWebSocket(t *testing.T, domain string) string {
	t.Helper()
	c := s.dial(t)
	defer c.Close()
	open := "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='" + domain + "' version='1.0'/>"
	// A mask of zeroes leaves the text as it is (RFC 6455 §5.3); 126 and more bytes take another form of the length.
	const text, masked, short = 0x81, 0x80, 126
	if len(open) >= short {
		t.Fatalf("%s is too long for a short frame", open)
	}
	c.send(t, "GET "+webSocketPath+" HTTP/1.1\r\nHost: "+c.host+"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"+
		string([]byte{text, masked | byte(len(open)), 0, 0, 0, 0})+open)
	return c.readTo(t, "<close")
}
