//go:build integration && linux

package integration

import (
	"strings"
	"testing"
)

// webSocketClients are the clients over WebSocket under Node; each is its script, the npm package that it drives, and
// the framing that it speaks; plain is set for one that knows no SCRAM.
var webSocketClients = []struct {
	name, script, module string
	framing              framing
	plain                bool
}{
	{name: "strophe.js", script: "client_ws_strophe.mjs", module: "strophe.js", framing: rfc7395},
	{name: "strophe.js 1.1", script: "client_ws_strophe11.mjs", module: "strophe11", framing: older},
	{name: "@xmpp client", script: "client_ws_xmpp.mjs", module: "@xmpp/client", framing: rfc7395},
	{name: "stanza", script: "client_ws_stanza.mjs", module: "stanza", framing: rfc7395},
	{name: "node-xmpp-client", script: "client_ws_node_xmpp.mjs", module: "node-xmpp-client", framing: rfc7395, plain: true},
}

// TestWebSocketClients: unchanged clients of several makes and ages, two of each talking, against each server.
func TestWebSocketClients(t *testing.T) {
	t.Parallel()
	for _, x := range clientBackends[:2] { // Prosody, ejabberd
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			b := x.start(t)
			for _, c := range webSocketClients {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					needModule(t, c.module)
					w := startWire(t, b.startServer(t))
					var r clientResult
					runClient(t, c.script, pair(w.url), &r)
					checkClient(t, r, 50)
					if !c.plain && !strings.HasPrefix(r.Mechanism, "SCRAM-") {
						t.Errorf("logged in with %q, want SCRAM", r.Mechanism)
					}
					wantGone(t, b, w, c.framing)
				})
			}
			for _, cut := range []string{"FIN", "reset"} {
				t.Run("resumed after a "+cut, func(t *testing.T) {
					t.Parallel()
					testResumption(t, b, cut == "reset")
				})
			}
			t.Run("in Chromium", func(t *testing.T) {
				t.Parallel()
				// One after the other: a Chromium keeps both cores busy.
				t.Run("strophe.js", func(t *testing.T) { testWebSocketPage(t, b) })
				t.Run("converse.js", func(t *testing.T) { testWebSocketConverse(t, b, x.name) })
			})
		})
	}
}

// testWebSocketPage: strophe.js on a page of another origin, and a peer.
func testWebSocketPage(t *testing.T, b *clientBackend) {
	needBrowser(t, "strophe.js")
	s := b.startServer(t)
	w := startWire(t, s)
	var r browserResult
	runClient(t, "client_ws_strophe_browser.mjs", pair(w.url), &r)
	checkClient(t, r.clientResult, 50)
	wantCrossOrigin(t, s, r.Origin)
	wantGone(t, b, w, rfc7395)
}

// wantGone: two clients have said goodbye as they should.
func wantGone(t *testing.T, b *clientBackend, w *wsWire, f framing) {
	t.Helper()
	if t.Failed() {
		return // the next client's closing tags would be waited for in vain
	}
	b.wantClosed(t, 2)
	w.wantConversations(t, 2, f)
}

// testWebSocketConverse: converse.js, as it is used by a person.
func testWebSocketConverse(t *testing.T, b *clientBackend, backend string) {
	needBrowser(t, "converse.js")
	s := b.startServer(t)
	w := startWire(t, s)
	converse(t, b, s, w.url, "converse-websocket-"+strings.ToLower(backend))
	w.wantConversations(t, 2, rfc7395)
}

// testResumption: a session whose socket is cut goes on where it was (RFC 7395 §3.6, XEP-0198 §5).
func testResumption(t *testing.T, b *clientBackend, isReset bool) {
	needModule(t, "@xmpp/client")
	s := b.startServer(t)
	var r clientResult
	w := startWire(t, s)
	runClient(t, "client_ws_resume.mjs", resumeOptions{pair(w.url), isReset}, &r)
	checkClient(t, r, 40)
	if !t.Failed() {
		b.wantClosed(t, 2) // by each client's own <close/>, none by the cut
	}
}

// resumeOptions is what client_ws_resume.mjs is told.
type resumeOptions struct {
	browserOptions
	Reset bool `json:"reset"` // the cut is a reset, else a FIN
}

// pair is what a script is told that has two clients.
func pair(service string) browserOptions {
	return browserOptions{
		clientOptions: clientOptions{Service: service, JID: aliceJID, Password: alicePassword, Wait: 30},
		PeerJID:       bobJID, PeerPassword: bobPassword,
	}
}
