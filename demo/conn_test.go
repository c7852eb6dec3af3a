package demo

import (
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestLogin(t *testing.T) {
	s := start(t, Config{})
	c := login(t, s, "alice", "desk")
	if c.me != "alice@localhost/desk" {
		t.Errorf("bound to %s", c.me)
	}
	c.send(" \n\t ") // RFC 6120 §4.6.1: white space between stanzas is a keep-alive
	c.wantNothing()
	c.send("</stream:stream>")
	c.wantEnd()
}

// RFC 6120 §4.9.1.2: the error stands in a stream, even when the peer's never began.
func TestStreamIsRefused(t *testing.T) {
	s := start(t, Config{StanzaBytes: 4096})
	for input, cond := range map[string]string{
		strings.Replace(streamOpen, "localhost", "example.org", 1):         "host-unknown",
		strings.Replace(streamOpen, "localhost", "a@localhost", 1):         "host-unknown",
		strings.Replace(streamOpen, " to='localhost'", "", 1):              "host-unknown",
		strings.Replace(streamOpen, "1.0", "2.0", 1):                       "unsupported-version",
		strings.Replace(streamOpen, " version='1.0'", "", 1):               "unsupported-version",
		strings.Replace(streamOpen, "jabber:client", "jabber:server", 1):   "invalid-namespace",
		strings.Replace(streamOpen, "etherx.jabber.org/", "example.o/", 1): "invalid-namespace",
		"<?xml version='1.0' encoding='latin1'?>" + streamOpen:             "not-well-formed",
		"<stream:stream to='localhost' version='1.0'>":                     "not-well-formed",
		"GET / HTTP/1.1\r\n\r\n":                                           "not-well-formed",
		"<!DOCTYPE x>" + streamOpen:                                        "restricted-xml",
		"<!-- x -->" + streamOpen:                                          "restricted-xml",
		"</stream:stream>":                                                 "restricted-xml",
		"<a b='" + strings.Repeat("x", 4096) + "'>":                        "policy-violation",
	} {
		c := dial(t, s)
		c.send("%s", input)
		c.wantHeader()
		c.wantStreamError(cond)
	}
}

// badElements end a stream wherever they come.
var badElements = map[string]string{
	"<message><body>x</message>":                            "not-well-formed",
	"<message a='1' a='2'/>":                                "not-well-formed",
	"<message xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'/>":    "not-well-formed",
	"<message><x:y/></message>":                             "not-well-formed",
	"<message x:y='1'/>":                                    "not-well-formed",
	"<message xmlns:x=''/>":                                 "not-well-formed",
	"<message xmlns:xmlns='u'/>":                            "not-well-formed",
	"<message xmlns:xml='u'/>":                              "not-well-formed",
	"<message><:y/></message>":                              "not-well-formed",
	"<message>&nbsp;</message>":                             "not-well-formed",
	"<message>\xff</message>":                               "not-well-formed",
	"<message>]]></message>":                                "not-well-formed",
	"hello":                                                 "not-well-formed",
	"</stream:other>":                                       "not-well-formed",
	"<?pi?>":                                                "restricted-xml",
	"<message><?pi?></message>":                             "restricted-xml",
	"<message><!-- --></message>":                           "restricted-xml",
	"<!DOCTYPE x>":                                          "restricted-xml",
	"<message>" + strings.Repeat("x", 8192):                 "policy-violation",
	strings.Repeat("<a>", depthMax+1):                       "policy-violation",
	"<message" + strings.Repeat(" a=''", attrsMax+1) + "/>": "policy-violation",
}

func TestBadElements(t *testing.T) {
	s := start(t, Config{StanzaBytes: 8192})
	for input, cond := range badElements {
		c := dial(t, s)
		c.open()
		c.send("%s", input)
		c.wantStreamError(cond)
		c = login(t, s, "alice", "")
		c.send("%s", input)
		c.wantStreamError(cond)
	}
}

func TestTooManyElements(t *testing.T) {
	c := login(t, start(t, Config{}), "alice", "")
	c.send("<message>" + strings.Repeat("<a/>", elementsMax) + "</message>")
	c.wantStreamError("policy-violation")
}

func TestTooManyDeclarations(t *testing.T) {
	c := login(t, start(t, Config{}), "alice", "")
	c.send(strings.Repeat("<a"+strings.Repeat(" xmlns:a='u'", 3)+">", 1)) // the same twice in a tag
	c.wantStreamError("not-well-formed")
	c = login(t, start(t, Config{}), "alice", "")
	c.send(strings.Repeat("<a xmlns:a='u' xmlns:b='u' xmlns:c='u'>", declsMax/3+1))
	c.wantStreamError("policy-violation")
}

// RFC 6120 §6.3, §7.1: nothing passes before its time.
func TestOrderOfTheLogin(t *testing.T) {
	s := start(t, Config{})
	c := dial(t, s)
	c.open()
	c.send("<message to='bob@localhost'/>")
	c.wantStreamError("not-authorized")

	c = dial(t, s)
	c.open()
	c.auth("ANONYMOUS", "")
	c.want(nsSASL, "success")
	c.open()
	c.send("<presence/>")
	c.wantStreamError("not-authorized")
}

func TestSlowLogin(t *testing.T) {
	s := start(t, Config{LoginTimeout: 20 * time.Millisecond})
	c := dial(t, s)
	c.wantHeader()
	c.wantStreamError("connection-timeout")

	c = dial(t, s)
	c.send(streamOpen + "<auth")
	c.wantHeader()
	c.want(nsStreams, "features")
	c.wantStreamError("connection-timeout")
}

// The deadline of the log-in is over with it.
func TestSessionOutlivesLoginTimeout(t *testing.T) {
	s := start(t, Config{LoginTimeout: 500 * time.Millisecond})
	c := login(t, s, "alice", "")
	late := dial(t, s) // its deadline is later than that of c
	late.wantHeader()
	late.wantStreamError("connection-timeout")
	c.wantNothing()
}

func TestBind(t *testing.T) {
	s := start(t, Config{})
	a, b := login(t, s, "alice", ""), login(t, s, "Alice", "")
	if a.me == b.me || a.bare() != b.bare() {
		t.Errorf("bound to %s and %s", a.me, b.me)
	}
	c := dial(t, s)
	c.open()
	c.auth("ANONYMOUS", "")
	c.want(nsSASL, "success")
	c.open()
	for _, bad := range []string{
		"<iq type='set' id='1'><bind xmlns='%s'><resource>a\tb</resource></bind></iq>",
		"<iq type='set'><bind xmlns='%s'/></iq>",
	} {
		c.send(bad, nsBind)
		c.wantError("iq", "bad-request")
	}
	c.ask("set", "", "<bind xmlns='"+nsBind+"'><resource>ünï/😀@</resource></bind>")
}

// RFC 6120 §7.7.2.2: the newer session takes the resource.
func TestBindConflict(t *testing.T) {
	s := start(t, Config{})
	old := online(t, s, "alice", "desk")
	other := online(t, s, "alice", "phone")
	other.wantStanza("presence", "from="+old.me)
	old.wantStanza("presence", "from="+other.me)
	fresh := login(t, s, "alice", "desk")
	old.wantStreamError("conflict")
	other.wantStanza("presence", "from="+old.me, "type=unavailable")
	other.send("<message to='%s'><body>x</body></message>", fresh.me)
	fresh.wantStanza("message", "from="+other.me)
	other.wantNothing()
}

func TestCloseInMidStanza(t *testing.T) {
	s := start(t, Config{})
	desk := online(t, s, "alice", "desk")
	phone := online(t, s, "alice", "phone")
	desk.wantStanza("presence", "from="+phone.me)
	phone.send("<message to='%s'><body>half a mess", desk.me)
	phone.nc.Close()
	desk.wantStanza("presence", "from="+phone.me, "type=unavailable")
	desk.wantNothing()
}

func TestResetInMidStanza(t *testing.T) {
	s := start(t, Config{})
	desk := online(t, s, "alice", "desk")
	phone := online(t, s, "alice", "phone")
	desk.wantStanza("presence", "from="+phone.me)
	phone.send("<presence")
	phone.nc.SetLinger(0)
	phone.nc.Close()
	desk.wantStanza("presence", "from="+phone.me, "type=unavailable")
}

// What came before the end of the stream has been handled, though nobody waits for answers.
func TestStanzasBeforeTheEnd(t *testing.T) {
	s := start(t, Config{})
	bob := login(t, s, "bob", "b")
	alice := login(t, s, "alice", "a")
	alice.send("<message to='%s'/></stream:stream>", bob.me)
	alice.nc.Close()
	bob.wantStanza("message", "from="+alice.me)
}

// A peer that takes nothing loses its session, and the server no memory.
func TestReaderThatNeverReads(t *testing.T) {
	s := start(t, Config{})
	alice := login(t, s, "alice", "a")
	s.mu.Lock()
	c := s.accounts["alice"].sessions["a"]
	s.mu.Unlock()
	big := "<message><body>" + strings.Repeat("x", 1<<20) + "</body></message>"
	for ended := false; !ended; {
		c.send(big) // the sockets' buffers take some, then the outbox
		select {
		case <-c.gone:
			ended = true
		default:
		}
	}
	if c.why != streamError("resource-constraint") {
		t.Errorf("ended by %v", c.why)
	}
	alice.nc.Close()
}

// After the end the server still reads for a while: closing with input unread would send a reset, which can
// take the end away from a peer that is still writing.
func TestEndReachesWriter(t *testing.T) {
	c := login(t, start(t, Config{StanzaBytes: 4096}), "alice", "")
	c.send("<message>" + strings.Repeat("x", 8192))
	if el := c.want(nsStreams, "error"); el.child(nsErrors, "policy-violation") == nil {
		t.Errorf("got %s", el.xml())
	}
	if _, err := c.in.next(); err != errStreamEnd {
		t.Errorf("got %v", err)
	}
	if _, err := c.in.in.ReadByte(); err != io.EOF {
		t.Errorf("the connection ends with %v", err)
	}
	for range 1000 {
		c.send(strings.Repeat("x", 1000)) // a reset would fail the next write
	}
}

// throttle stops a sender for as long as its receiver's outbox is long, or its own: who asks much before it reads any
// answer is stopped, not thrown out.
func TestThrottle(t *testing.T) {
	s := start(t, Config{})
	for name, self := range map[string]bool{"receiver": false, "itself": true} {
		t.Run(name, func(t *testing.T) {
			from, to := idle(s), idle(s)
			if from.slow = to; self {
				to = from
			}
			from.throttle() // there is room
			if from.slow != nil {
				t.Error("the receiver is remembered")
			}
			stopped := func() (done chan struct{}) {
				t.Helper()
				to.out.put(strings.Repeat("x", outboxBytesHi))
				if from.slow = to; self {
					from.slow = nil
				}
				done = make(chan struct{})
				go func() { from.throttle(); close(done) }()
				wantWaiter(t, &to.out)
				return done
			}
			done := stopped()
			to.out.take()
			<-done
			done = stopped()
			to.end(nil) // nobody waits for the dead
			<-done
		})
	}
}

// wantWaiter returns when somebody waits for room in o.
func wantWaiter(t *testing.T, o *outbox) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); runtime.Gosched() {
		o.mu.Lock()
		waits := o.room != nil
		o.mu.Unlock()
		if waits {
			return
		}
	}
	t.Fatal("the sender is not stopped")
}
