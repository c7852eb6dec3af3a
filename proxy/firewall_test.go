package proxy

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"go-xmpp-bosh/xmppconn"
)

func rules(t testing.TB, of ...string) (r Rules) {
	t.Helper()
	for _, rule := range of {
		if err := r.Add(rule); err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
	}
	return r
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		rule   string
		has    []string
		hasNot []string
	}{
		{"example.org", []string{"example.org", "EXAMPLE.org."}, []string{"a.example.org", "example.orga", "xexample.org"}},
		{"*.example.org", []string{"a.example.org", "a.b.example.org"}, []string{"example.org"}},
		{"*", []string{"example.org", "127.0.0.1"}, nil},
		{"/example/", []string{"example.org", "an.EXAMPLE.net"}, []string{"exampl.org"}},
		{`/^(chat|im)\.example\.org$/i`, []string{"chat.example.org", "IM.example.org."}, []string{"chat.example.org.evil.net", "chatxexample.org"}},
		{"Bücher.example", []string{"xn--bcher-kva.example", "BÜCHER.example"}, nil},
		{"/^xn--bcher-kva[.]/", []string{"bücher.example"}, []string{"bucher.example"}},
		{"[::1]", []string{"[0:0:0:0:0:0:0:1]"}, []string{"127.0.0.1"}},
	} {
		r := rules(t, c.rule)
		for want, domains := range map[bool][]string{true: c.has, false: c.hasNot} {
			for _, d := range domains {
				ascii, ok := xmppconn.ParseDomain(d)
				if !ok {
					t.Fatal(d)
				}
				if r.has(ascii) != want {
					t.Errorf("%s has %s: %v", c.rule, d, !want)
				}
			}
		}
	}
}

func TestRulesThatAreNone(t *testing.T) {
	for rule, want := range map[string]string{
		"": "no /REGEX/", "a b": "no /REGEX/", "/": "two slashes", "/a": "two slashes", "/a/g": "two slashes", "//": "want * for that",
		"/(/": "missing closing", "/(?=a)/": "no look-ahead", "/bücher/": "xn--", "/a\nb/": "xn--",
	} {
		var r Rules
		if err := r.Add(rule); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", rule, err, want)
		}
		if r.given {
			t.Errorf("%q counts", rule)
		}
	}
}

func TestAdmit(t *testing.T) {
	filter, err := ParseRouteFilter(`^xmpps?:chat\.example\.org:`)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := startServer(t, nil)
	for _, c := range []struct {
		name     string
		security Security
		to       string
		route    string
		want     xmppconn.Reason
	}{
		{"no rules", Security{}, "example.org", "xmpp:x.example:5222", xmppconn.ReasonNone},
		{"allowed", Security{Firewall: Firewall{Allow: rules(t, "example.org")}}, "Example.org", "", xmppconn.ReasonNone},
		{"not allowed", Security{Firewall: Firewall{Allow: rules(t, "example.org")}}, "example.com", "", xmppconn.ReasonPolicyViolation},
		{"denied", Security{Firewall: Firewall{Deny: rules(t, "example.org")}}, "example.ORG.", "", xmppconn.ReasonPolicyViolation},
		{"not denied", Security{Firewall: Firewall{Deny: rules(t, "example.org")}}, "example.com", "", xmppconn.ReasonNone},
		{"both", Security{Firewall: Firewall{Allow: rules(t, "*.example.org"), Deny: rules(t, "b.example.org")}}, "b.example.org", "", xmppconn.ReasonPolicyViolation},
		{"no domain", Security{Firewall: Firewall{Allow: rules(t, "example.org")}}, "a b", "", xmppconn.ReasonNone},
		{"a route that matches", Security{RouteFilter: filter}, "example.org", "XMPPS:Chat.Example.ORG.:5223", xmppconn.ReasonNone},
		{"a route that does not", Security{RouteFilter: filter}, "example.org", "xmpp:evil.example:5222", xmppconn.ReasonPolicyViolation},
		{"a route to the domain itself", Security{RouteFilter: filter}, "example.com", "xmpp:example.com:5222", xmppconn.ReasonNone},
		{"what is no route", Security{RouteFilter: filter}, "example.com", "xmpp:example.com", xmppconn.ReasonNone},
		{"no route", Security{RouteFilter: filter}, "example.com", "", xmppconn.ReasonNone},
		{"a route beside the firewall", Security{Firewall: Firewall{Deny: rules(t, "a.example")}, RouteFilter: filter}, "b.example", "xmpp:a.example:5222", xmppconn.ReasonPolicyViolation},
	} {
		onLoop(s, func() {
			s.cfg.Security = c.security
			if got := s.admit([]byte(c.to), []byte(c.route)); got != c.want {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		})
	}
}

// startFirewalled runs a server that serves two domains from one listener and permits example.org only.
func startFirewalled(t *testing.T) (s *Server, addr string, l net.Listener, log *journal) {
	t.Helper()
	j, logger := newJournal()
	s, addr = startServer(t, func(c *Config) {
		c.Logger = logger
		l = fakeBackend(t, c, "example.org")
		if err := c.Backends.Add("example.com=" + l.Addr().String()); err != nil {
			t.Fatal(err)
		}
		c.Firewall.Allow = rules(t, "example.org")
	})
	return s, addr, l, j
}

func TestFirewallRefusesASession(t *testing.T) {
	s, addr, _, log := startFirewalled(t)
	b := dial(t, addr)
	b.post(createText(1, "example.com"))
	wantContains(t, b.body(), "type='terminate'", "condition='policy-violation'")
	log.wait(t, "--firewall-allow=example.com")
	if lines := log.lines("level=WARN"); len(lines) != 1 {
		t.Errorf("warnings: %q", lines)
	}
	b.Close()
	wantFreed(t, s)
}

// A further stream of a session that is permitted ends alone.
func TestFirewallRefusesAStream(t *testing.T) {
	_, addr, l, _ := startFirewalled(t)
	ts := openSession(t, addr, l)
	ts.poll.post(ts.next("to='example.com'", ""))
	wantContains(t, ts.poll.body(), "stream=", "from='example.com'")
	ts.poll.post(ts.next("", ""))
	wantContains(t, ts.poll.body(), "type='terminate'", "condition='policy-violation'", "stream=")
	ts.poll.post(ts.next("", "<message to='a@example.org'/>"))
	ts.peer.want("to='a@example.org'")
}

// A restart may not lead to what creation refuses, whatever names the domain.
func TestFirewallRefusesARestart(t *testing.T) {
	for _, attrs := range []string{"to='example.com'", `stream_attrs='{"to": "example.com"}'`} {
		_, addr, l, _ := startFirewalled(t)
		ts := openSession(t, addr, l)
		ts.poll.post(ts.next("xmpp:restart='true' "+attrs, ""))
		wantContains(t, ts.poll.body(), "type='terminate'", "condition='policy-violation'")
		got, err := io.ReadAll(ts.peer.r)
		if err != nil || strings.Contains(string(got), "example.com") || !strings.HasSuffix(string(got), "</stream:stream>") {
			t.Errorf("%s: the server was sent %q, %v", attrs, got, err)
		}
	}
}

const framingOpen = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0' to='%s'/>"

func TestFirewallHoldsForWebSockets(t *testing.T) {
	_, addr, l, _ := startFirewalled(t)
	w := openWebSocket(t, addr, "")
	w.send(fmt.Sprintf(framingOpen, "example.com"))
	w.want("<open ")
	w.want("<policy-violation")

	w = openWebSocket(t, addr, "")
	w.send(fmt.Sprintf(framingOpen, "example.org"))
	p := acceptPeer(t, l)
	p.open()
	w.want("<open ")
	w.want("<bind")
	w.send(fmt.Sprintf(framingOpen, "example.com"))
	w.want("<open ")
	w.want("<policy-violation")
	if got, err := io.ReadAll(p.r); err != nil || strings.Contains(string(got), "example.com") {
		t.Errorf("the server was sent %q, %v", got, err)
	}
}
