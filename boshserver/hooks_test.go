package boshserver_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"go-xmpp-bosh/boshserver"
)

// told gives hooks that note their calls.
func told(calls chan<- string) boshserver.Hooks {
	say := func(s boshserver.Session, format string, args ...any) {
		if s.ID() == "" || s.RemoteAddr() != netip.MustParseAddr("127.0.0.1") || s.Domain() != "example.org" || s.UA() != "a & b" {
			format += fmt.Sprintf(": not the session: %q %v %q %q", s.ID(), s.RemoteAddr(), s.Domain(), s.UA())
		}
		calls <- fmt.Sprintf(format, args...)
	}
	return boshserver.Hooks{
		StreamAdd: func(s boshserver.Session, r *boshserver.Request) boshserver.Condition {
			more, _ := r.Attr("urn:more", "more")
			say(s, "StreamAdd %s %s %s %s", r.Domain, r.From, r.Version, more)
			return boshserver.None
		},
		StreamAdded:   func(s boshserver.Session, domain string) { say(s, "StreamAdded %s", domain) },
		StreamRestart: func(s boshserver.Session, r *boshserver.Request) { say(s, "StreamRestart %s", r.Domain) },
		StreamRestarted: func(s boshserver.Session, domain string) {
			say(s, "StreamRestarted %s", domain)
		},
		StreamTerminate: func(s boshserver.Session, domain string, clean bool) { say(s, "StreamTerminate %s %v", domain, clean) },
		StreamEnd: func(s boshserver.Session, domain string, why boshserver.Condition) {
			say(s, "StreamEnd %s %v", domain, why)
		},
		FromClient: func(s boshserver.Session, st *boshserver.Stanza) { say(s, "FromClient %s %s", st.Domain(), st.Name()) },
		FromServer: func(s boshserver.Session, st *boshserver.Stanza) { say(s, "FromServer %s %s", st.Domain(), st.Name()) },
		Error:      func(s boshserver.Session, condition string) { say(s, "Error %s", condition) },
		SessionEnd: func(s boshserver.Session) { say(s, "SessionEnd") },
	}
}

// wantCalls waits for these calls, in this order.
func wantCalls(t testing.TB, calls <-chan string, want ...string) {
	t.Helper()
	for i := range want {
		if got := next(t, calls); got != want[i] {
			t.Fatalf("call %q, want %q", got, want[i])
		}
	}
}

const peerHeader = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s2' from='example.org' version='1.0'>"

const firstAttrs = "from='me@example.org' ua='a &amp; b' xmlns:m='urn:more' m:more='yes'"

// Every event of a session, in order.
func TestHooks(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		calls := make(chan string, 100)
		_, c, x := through(t, over, boshserver.Config{Hooks: told(calls)}, firstAttrs)
		wantCalls(t, calls, "StreamAdd example.org me@example.org 1.0 yes", "StreamAdded example.org", "FromServer example.org features")
		c.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
		x.want("/>")
		x.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
		c.want("<success")
		wantCalls(t, calls, "FromClient example.org auth", "FromServer example.org success")
		c.restart("example.org")
		x.want("<stream:stream")
		x.want(">")
		x.say(peerHeader + "<stream:features/>")
		c.want("features")
		wantCalls(t, calls, "StreamRestart example.org", "StreamRestarted example.org", "FromServer example.org features")
		c.send("<presence xmlns='jabber:client'/>")
		x.want("<presence xmlns='jabber:client'/>")
		c.leave()
		c.wantEnd("", "")
		wantCalls(t, calls, "FromClient example.org presence", "StreamTerminate example.org true")
		if over == boshserver.WebSocket {
			c.socket.Close()
		}
		wantCalls(t, calls, "SessionEnd") // a BOSH session is remembered for 5 s
	})
}

// A server that ends the stream.
func TestStreamEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		calls := make(chan string, 100)
		_, c, x := through(t, over, boshserver.Config{Hooks: told(calls)}, firstAttrs)
		wantCalls(t, calls, "StreamAdd example.org me@example.org 1.0 yes", "StreamAdded example.org", "FromServer example.org features")
		x.say("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
		c.wantEnd("remote-stream-error", "stream:error")
		wantCalls(t, calls, "StreamEnd example.org remote-stream-error", "Error remote-stream-error")
	})
}

// A stream that the program does not want.
func TestRefusedStream(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		ends := make(chan string, 10)
		s := start(t, boshserver.Config{Hooks: boshserver.Hooks{
			StreamAdd: func(boshserver.Session, *boshserver.Request) boshserver.Condition { return boshserver.PolicyViolation },
			StreamEnd: func(_ boshserver.Session, _ string, why boshserver.Condition) { ends <- why.String() },
		}})
		c := connect(t, s, over, "example.org", "")
		c.wantEnd("policy-violation", "stream:error")
		if got := next(t, ends); got != "policy-violation" {
			t.Errorf("StreamEnd: %s", got)
		}
	})
}

// Send and Terminate, from another goroutine; the session is found by its id.
func TestSession(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		ids := make(chan string, 1)
		s, c, _ := through(t, over, boshserver.Config{Hooks: boshserver.Hooks{
			StreamAdded: func(s boshserver.Session, _ string) { ids <- s.ID() },
		}}, "")
		ss, ok := s.Session(next(t, ids))
		if !ok || ss.Transport() != over {
			t.Fatalf("session %v, %v", ss, ok)
		}
		for _, bad := range []string{"<stream:error/>", "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "<body xmlns='http://jabber.org/protocol/httpbind'/>", "<what/>", "text"} {
			if ss.Send(bad) == nil {
				t.Errorf("%q was sent", bad)
			}
		}
		if err := ss.Send("<message from='us'><body>hello</body></message>"); err != nil {
			t.Fatal(err)
		}
		c.want("<message", "from='us'", "<body>hello</body>")
		ss.Terminate(boshserver.PolicyViolation)
		c.wantEnd("policy-violation", "stream:error")
		ss.Terminate(boshserver.PolicyViolation)
		if err := ss.Send("<message/>"); err != nil { // it is nobody's
			t.Error(err)
		}
		if _, ok := s.Session("none"); ok {
			t.Error("a session that never was")
		}
		(boshserver.Session{}).Terminate(boshserver.None)
	})
}

// A slow handler is named in the log.
func TestSlowHook(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		j, log := newJournal()
		_, c, x := through(t, over, boshserver.Config{Logger: log, Hooks: boshserver.Hooks{
			FromClient: func(boshserver.Session, *boshserver.Stanza) { <-time.After(20 * time.Millisecond) },
		}}, "")
		c.send("<presence xmlns='jabber:client'/>")
		x.want("<presence xmlns='jabber:client'/>")
		j.want(t, "slow", "hook=FromClient", "session=", "milliseconds=")
	})
}

// A panic costs the session that the call was about, and no other.
func TestPanicInHook(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		j, log := newJournal()
		s, c, x := through(t, over, boshserver.Config{Logger: log, Hooks: boshserver.Hooks{
			FromClient: func(_ boshserver.Session, st *boshserver.Stanza) {
				if st.Name() == "message" {
					panic("a fault of the program's")
				}
			},
		}}, "")
		y := *x
		go y.accept()
		other := connect(t, s, over, "example.org", "")
		other.want("features")
		c.send("<message xmlns='jabber:client'/>")
		c.wantEnd("internal-server-error", "stream:error")
		j.want(t, "panicked", "hook=FromClient", "a fault of the program's")
		y.say("<presence/>")
		other.want("<presence")
	})
}

// With several loops handlers run on each, and what is asked for from anywhere finds its session.
func TestLoops(t *testing.T) {
	sessions := make(chan boshserver.Session, 100)
	s := start(t, boshserver.Config{
		Loops:      2,
		Connectors: map[string]boshserver.Connector{"*": boshserver.ConnectorFunc(openEcho)},
		Hooks:      boshserver.Hooks{StreamAdded: func(s boshserver.Session, _ string) { sessions <- s }},
	})
	var ids []string
	for i := range 10 {
		c := connect(t, s, transports[i%2], "example.org", "")
		c.want("features")
		ss := next(t, sessions)
		ids = append(ids, ss.ID())
		if err := ss.Send(fmt.Sprintf("<message id='m%d'/>", i)); err != nil {
			t.Error(err)
		}
		c.want(fmt.Sprintf("id='m%d'", i))
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 10 {
		t.Errorf("ids are not unique: %v", ids)
	}
}
