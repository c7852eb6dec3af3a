//go:build integration && linux

package integration

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// stropheOptions is what strophe.mjs is told; the JSON names are its.
type stropheOptions struct {
	Service  string   `json:"service"`
	JID      string   `json:"jid"`
	Password *string  `json:"password"`
	Wait     int      `json:"wait"`
	Hold     int      `json:"hold,omitempty"`
	Steps    []string `json:"steps,omitempty"`
}

// stropheResult is what strophe.mjs prints.
type stropheResult struct {
	Outcome   string   `json:"outcome"`
	Error     string   `json:"error"`
	Statuses  []string `json:"statuses"`
	Mechanism string   `json:"mechanism"`
	JID       string   `json:"jid"`
	Steps     struct {
		Roster struct {
			Type  string `json:"type"`
			Query int    `json:"query"`
		} `json:"roster"`
		Disco struct {
			Identities int `json:"identities"`
			Features   int `json:"features"`
		} `json:"disco"`
		Ping struct {
			Type string `json:"type"`
		} `json:"ping"`
		Echo struct {
			Bytes  int  `json:"bytes"`
			Intact bool `json:"intact"`
		} `json:"echo"`
		Order struct {
			Sent    int  `json:"sent"`
			Got     int  `json:"got"`
			InOrder bool `json:"inOrder"`
		} `json:"order"`
		PingPong struct {
			Rounds int `json:"rounds"`
		} `json:"pingPong"`
		Idle struct {
			Millis       int `json:"millis"`
			EmptyAnswers int `json:"emptyAnswers"`
		} `json:"idle"`
		Peer struct {
			From string `json:"from"`
		} `json:"peer"`
	} `json:"steps"`
}

func needStrophe(t *testing.T) {
	t.Helper()
	parts.Need(t, parts.Has("node"), "node")
	modules, err := filepath.Glob("node_modules/strophe.js/package.json")
	parts.Need(t, err == nil && len(modules) == 1, "strophe.js in test/integration/node_modules")
}

// strophe runs the client to its end.
func strophe(t *testing.T, o stropheOptions) stropheResult {
	t.Helper()
	if o.Wait == 0 {
		o.Wait = 3
	}
	arg, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	cmd := exec.Command("node", "strophe.mjs", string(arg))
	cmd.Stdout = &stdout
	p := start(t, "strophe.mjs", cmd)
	<-p.done // bounded by the script, which gives each step its time
	var result stropheResult
	if err := json.Unmarshal(stdout.Bytes(), &result); err != nil {
		t.Fatalf("strophe.mjs printed no result: %v, %s", err, stdout.String())
	}
	if result.Error != "" {
		t.Fatalf("strophe.mjs: %s (statuses %q)", result.Error, result.Statuses)
	}
	return result
}

func ptr(s string) *string { return &s }

// xmppServer is one row of the matrix: a way to have a server behind bosh-server.
type xmppServer struct {
	name          string
	start         func(t *testing.T) (s *server, backend *process) // backend: Prosody, nil for the embedded server
	jid, password string
	mechanism     string // that strophe.js picks from what is offered
	anyPassword   bool
}

func xmppServers() []xmppServer {
	return []xmppServer{
		{
			name: "Prosody with STARTTLS", jid: aliceJID, password: alicePassword, mechanism: "SCRAM-SHA-1",
			start: func(t *testing.T) (*server, *process) {
				c := makeCertificates(t, "localhost")
				p := startProsody(t, &c)
				return startServerEnv(t, []string{"SSL_CERT_FILE=" + c.ca}, "--backend=localhost="+p.addr), p.process
			},
		},
		{
			name: "Prosody with STARTTLS, certificate not verified", jid: aliceJID, password: alicePassword, mechanism: "SCRAM-SHA-1",
			start: func(t *testing.T) (*server, *process) {
				c := makeCertificates(t, "elsewhere.test")
				p := startProsody(t, &c)
				return startServer(t, "--backend=localhost="+p.addr, "--backend-insecure=localhost"), p.process
			},
		},
		{
			name: "Prosody without TLS", jid: aliceJID, password: alicePassword, mechanism: "SCRAM-SHA-1",
			start: func(t *testing.T) (*server, *process) {
				p := startProsody(t, nil)
				return startServer(t, "--backend=*="+p.addr), p.process
			},
		},
		{
			name: "the embedded server with a password", jid: "romeo@localhost", password: `s<e>c&r"e't`, mechanism: "SCRAM-SHA-256",
			start: func(t *testing.T) (*server, *process) {
				return startServer(t, "--demo", `--demo-password=s<e>c&r"e't`), nil
			},
		},
		{
			name: "the embedded server, any password", jid: "juliet@localhost", password: "whatever", mechanism: "PLAIN", anyPassword: true,
			start: func(t *testing.T) (*server, *process) { return startServer(t, "--demo"), nil },
		},
	}
}

// TestStrophe is the whole path: strophe.js, bosh-server, an XMPP server, and back.
func TestStrophe(t *testing.T) {
	t.Parallel()
	needStrophe(t)
	for _, x := range xmppServers() {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s, backend := x.start(t)
			t.Run("a conversation", func(t *testing.T) {
				t.Parallel()
				checkConversation(t, x, strophe(t, stropheOptions{Service: s.url, JID: x.jid, Password: &x.password}))
				if backend != nil { // a terminate closes the stream in good order
					backend.waitLine(t, regexp.MustCompile(`Received </stream:stream>`))
				}
			})
			t.Run("a second hold", func(t *testing.T) {
				t.Parallel()
				r := strophe(t, stropheOptions{Service: s.url, JID: x.jid, Password: &x.password, Hold: 2, Steps: []string{"roster", "echo", "order", "idle"}})
				if r.Outcome != "CONNECTED" || !r.Steps.Echo.Intact || !r.Steps.Order.InOrder {
					t.Errorf("with hold=2: %+v", r)
				}
			})
			t.Run("a wrong password", func(t *testing.T) {
				t.Parallel()
				if x.anyPassword {
					t.Skip("this server takes any password")
				}
				r := strophe(t, stropheOptions{Service: s.url, JID: x.jid, Password: ptr("wrong")})
				if r.Outcome != "AUTHFAIL" || slices.Contains(r.Statuses, "CONNECTED") {
					t.Errorf("a wrong password ended with %s, statuses %q; want AUTHFAIL", r.Outcome, r.Statuses)
				}
			})
		})
	}
}

func checkConversation(t *testing.T, x xmppServer, r stropheResult) {
	t.Helper()
	if r.Outcome != "CONNECTED" {
		t.Fatalf("the log-in ended with %s, statuses %q", r.Outcome, r.Statuses)
	}
	if r.Mechanism != x.mechanism {
		t.Errorf("strophe.js chose %s, want %s from what the server offers", r.Mechanism, x.mechanism)
	}
	if !strings.HasPrefix(r.JID, x.jid+"/") {
		t.Errorf("bound %q, want a resource of %s", r.JID, x.jid)
	}
	st := r.Steps
	if st.Roster.Type != "result" || st.Roster.Query != 1 {
		t.Errorf("roster: %+v", st.Roster)
	}
	if st.Disco.Identities == 0 || st.Disco.Features == 0 {
		t.Errorf("service discovery: %+v", st.Disco)
	}
	if st.Ping.Type != "result" {
		t.Errorf("ping: %+v", st.Ping)
	}
	if !st.Echo.Intact || st.Echo.Bytes < 60<<10 {
		t.Errorf("a message of 60 KB to itself: %+v", st.Echo)
	}
	if !st.Order.InOrder || st.Order.Got != 200 {
		t.Errorf("200 messages: %+v", st.Order)
	}
	if st.PingPong.Rounds != 20 {
		t.Errorf("messages back and forth: %+v", st.PingPong)
	}
	if st.Idle.EmptyAnswers < 2 {
		t.Errorf("idle past a wait: %+v", st.Idle)
	}
	if st.Peer.From != r.JID {
		t.Errorf("the peer got its message from %q, want %s", st.Peer.From, r.JID)
	}
	if last := r.Statuses[len(r.Statuses)-1]; last != "DISCONNECTED" {
		t.Errorf("the last status is %s, want DISCONNECTED", last)
	}
}

// TestStropheAnonymous logs in with SASL ANONYMOUS, which the embedded server offers to anyone.
func TestStropheAnonymous(t *testing.T) {
	t.Parallel()
	needStrophe(t)
	s := startServer(t, "--demo")
	r := strophe(t, stropheOptions{Service: s.url, JID: "localhost", Steps: []string{"roster", "echo"}})
	if r.Outcome != "CONNECTED" || r.Mechanism != "ANONYMOUS" || !strings.Contains(r.JID, "@localhost/") || !r.Steps.Echo.Intact {
		t.Errorf("anonymous log-in: %+v", r)
	}
}

// TestStropheUntrustedCertificate has Prosody show a certificate that nobody vouches for: the connection fails,
// says so, and nothing of the log-in is sent in clear (decisions.md 41).
func TestStropheUntrustedCertificate(t *testing.T) {
	t.Parallel()
	needStrophe(t)
	for name, domain := range map[string]string{"unknown authority": "localhost", "another domain's": "elsewhere.test"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := makeCertificates(t, domain)
			p := startProsody(t, &c)
			var env []string
			if domain != "localhost" {
				env = []string{"SSL_CERT_FILE=" + c.ca}
			}
			s := startServerEnv(t, env, "--backend=localhost="+p.addr)
			r := strophe(t, stropheOptions{Service: s.url, JID: aliceJID, Password: ptr(alicePassword)})
			if r.Outcome != "CONNFAIL" || !slices.Contains(r.Statuses, "CONNFAIL: remote-connection-failed") {
				t.Errorf("outcome %s, statuses %q; want CONNFAIL: remote-connection-failed", r.Outcome, r.Statuses)
			}
			if strings.Contains(p.output(), "<auth") {
				t.Error("the log-in was sent to a server whose certificate is not trusted")
			}
		})
	}
}
