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
					b.wantClosed(t, 2)
					w.wantConversations(t, 2, c.framing)
				})
			}
		})
	}
}

// pair is what a script is told that has two clients.
func pair(service string) browserOptions {
	return browserOptions{
		clientOptions: clientOptions{Service: service, JID: aliceJID, Password: alicePassword, Wait: 30},
		PeerJID:       bobJID, PeerPassword: bobPassword,
	}
}
