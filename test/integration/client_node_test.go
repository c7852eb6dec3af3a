//go:build integration && linux

package integration

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go-xmpp-bosh/test/parts"
)

// clientOptions is what a client's script is told; the JSON names are its.
type clientOptions struct {
	Service  string `json:"service"`
	JID      string `json:"jid"`
	Password string `json:"password"`
	Wait     int    `json:"wait"` // seconds, where the client lets itself be told

	StreamManagement bool `json:"streamManagement"` // XEP-0198, where the client lets itself be told
}

// clientResult is what client_run.mjs prints.
type clientResult struct {
	Error        string   `json:"error"`
	JID          string   `json:"jid"`
	Mechanism    string   `json:"mechanism"`
	Roster       bool     `json:"roster"`
	Echo         string   `json:"echo"`
	Intact       bool     `json:"intact"`
	Sent         int      `json:"sent"`
	InOrder      bool     `json:"inOrder"`
	Got          []string `json:"got"` // the ids, when they were not in order
	Disconnected bool     `json:"disconnected"`
}

// nodeClients are the clients under Node; each is its script, the npm package that it drives, whether it is to use
// stream management, and by the name of the backend ("" is any) what keeps it from passing.
var nodeClients = []struct {
	name, script, module string
	streamManagement     bool
	skip                 map[string]string
}{
	{name: "strophe.js 1.2", script: "client_strophe12.mjs", module: "strophe12"},
	{
		name: "stanza", script: "client_stanza.mjs", module: "stanza",
		skip: map[string]string{
			"ejabberd with STARTTLS": "it chooses SCRAM-SHA-1-PLUS, which ejabberd offers over TLS, and then binds to no channel: refused",
		},
	},
	{
		name: "stanza with stream management", script: "client_stanza.mjs", module: "stanza", streamManagement: true,
		skip: map[string]string{
			"": "the wire shows its whole conversation, but after the answer to its own terminate it does not say that it is disconnected",
		},
	},
	{name: "node-xmpp-client", script: "client_node_xmpp.mjs", module: "node-xmpp-client"},
}

// clientBackend is an XMPP server that bosh-server stands in front of, with the accounts alice and bob.
type clientBackend struct {
	*process
	env    []string       // for bosh-server
	addr   string         // of its client port
	closed *regexp.Regexp // its line about a stream that bosh-server has closed in good order
	ended  atomic.Int32   // how many clients have disconnected
}

// clientBackends start the servers that each client is tried with.
var clientBackends = []struct {
	name  string
	start func(t *testing.T) *clientBackend
}{
	{"Prosody", func(t *testing.T) *clientBackend {
		p := startProsody(t, nil)
		registerProsody(t, p, "bob", bobPassword)
		return &clientBackend{process: p.process, addr: p.addr, closed: prosodyClosed}
	}},
	{"ejabberd", func(t *testing.T) *clientBackend {
		e := startEjabberd(t, nil)
		return &clientBackend{process: e.process, addr: e.addr, closed: ejabberdClosed}
	}},
	{"ejabberd with STARTTLS", func(t *testing.T) *clientBackend {
		c := makeCertificates(t, "localhost")
		e := startEjabberd(t, &c)
		return &clientBackend{process: e.process, addr: e.addr, closed: ejabberdClosed, env: []string{"SSL_CERT_FILE=" + c.ca}}
	}},
}

var (
	prosodyClosed  = regexp.MustCompile(`Received </stream:stream>`)
	ejabberdClosed = regexp.MustCompile(`Closing c2s session for .*: Stream reset by peer`)
)

// startServer starts a bosh-server for one client, so that its log is that client's.
func (b *clientBackend) startServer(t *testing.T) *server {
	t.Helper()
	return startServerEnv(t, b.env, "--backend=localhost="+b.addr, "--logging=TRACE")
}

// wantClosed waits until the backend has seen as many closing tags as clients have disconnected, n more now.
func (b *clientBackend) wantClosed(t *testing.T, n int32) {
	t.Helper()
	want := int(b.ended.Add(n))
	late := time.After(patience)
	for {
		b.mu.Lock()
		lines, more := b.lines, b.more
		b.mu.Unlock()
		got := 0
		for _, line := range lines {
			if b.closed.MatchString(line) {
				got++
			}
		}
		if got >= want {
			return
		}
		select {
		case <-more:
		case <-late:
			t.Errorf("%s got %d closing tags from %d clients:\n%s", b.name, got, want, b.tail(30))
			return
		}
	}
}

// clientPatience bounds the whole of a client's run; its script gives each step less.
const clientPatience = 6 * patience

// registerProsody adds an account to a running Prosody.
func registerProsody(t *testing.T, p *prosody, user, password string) {
	t.Helper()
	config := p.cmd.Args[2]
	if out, err := exec.Command("prosodyctl", "--config", config, "register", user, "localhost", password).CombinedOutput(); err != nil {
		t.Fatalf("prosodyctl register: %v\n%s", err, out)
	}
}

func needModule(t *testing.T, name string) {
	t.Helper()
	parts.Need(t, parts.Has("node"), "node")
	found, err := filepath.Glob(filepath.Join("node_modules", name, "package.json"))
	parts.Need(t, err == nil && len(found) == 1, name+" in test/integration/node_modules")
}

// TestNodeClients: unchanged clients of several makes and ages, each against each server.
func TestNodeClients(t *testing.T) {
	t.Parallel()
	for _, x := range clientBackends {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			b := x.start(t)
			t.Run("strophe.js", func(t *testing.T) {
				t.Parallel()
				needStrophe(t)
				s := b.startServer(t)
				o := stropheOptions{Service: wire(t, s), JID: aliceJID, Password: ptr(alicePassword)}
				checkConversation(t, xmppServer{jid: aliceJID, mechanism: "SCRAM-SHA-1"}, strophe(t, o))
				b.wantClosed(t, 2) // it has a peer
			})
			for _, c := range nodeClients {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					needModule(t, c.module)
					for _, name := range []string{"", x.name} {
						if why := c.skip[name]; why != "" && os.Getenv("CLIENTS_ALL") == "" {
							t.Skip(why)
						}
					}
					s := b.startServer(t)
					var r clientResult
					runClient(t, c.script, clientOptions{Service: wire(t, s), JID: aliceJID, Password: alicePassword, Wait: 5, StreamManagement: c.streamManagement}, &r)
					checkClient(t, r, 50)
					b.wantClosed(t, 1)
				})
			}
		})
	}
}

// runClient runs a client's script to its end and decodes what it prints.
func runClient(t *testing.T, script string, options, result any) {
	t.Helper()
	arg, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.Command("node", script, string(arg))
	cmd.Stdout = &out
	// Where a browser keeps its profile: gone with the test, even when the script is killed. Not t.TempDir, whose
	// path is too long for a socket's.
	dir, err := os.MkdirTemp("", "client-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	cmd.Env = append(cmd.Environ(), "TMPDIR="+dir)
	p := start(t, script, cmd)
	select {
	case <-p.done:
	case <-time.After(clientPatience):
		t.Fatalf("%s has not ended", script)
	}
	if err := json.Unmarshal(out.Bytes(), result); err != nil {
		t.Fatalf("%s printed %q: %v", script, out.String(), err)
	}
}

func checkClient(t *testing.T, r clientResult, messages int) {
	t.Helper()
	if r.Error != "" {
		t.Errorf("the client says: %s", r.Error)
	}
	if !strings.HasPrefix(r.JID, aliceJID+"/") {
		t.Errorf("bound %q, want a resource of %s", r.JID, aliceJID)
	}
	if !strings.HasPrefix(r.Mechanism, "SCRAM-") && r.Mechanism != "PLAIN" {
		t.Errorf("logged in with %q, want SCRAM or PLAIN", r.Mechanism)
	}
	if !r.Roster {
		t.Error("no roster")
	}
	if !r.Intact {
		t.Errorf("its message to itself came back as %q", r.Echo)
	}
	if !r.InOrder || r.Sent != messages {
		t.Errorf("%d messages: sent %d, in order: %v, got %q", messages, r.Sent, r.InOrder, r.Got)
	}
	if !r.Disconnected {
		t.Error("it did not come to say that it is disconnected")
	}
	if !t.Failed() {
		t.Logf("%s with %s", r.JID, r.Mechanism)
	}
}
