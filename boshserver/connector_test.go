package boshserver_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go-xmpp-bosh/boshserver"
	"go-xmpp-bosh/proxy"
)

// An echo sends stanzas back, from a goroutine of its own.
type echo struct{ boshserver.Stream }

func openEcho(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
	st.Added("e1", "")
	return echo{st}
}

func (e echo) HandleStanza(st *boshserver.Stanza) {
	own := st.Clone()
	go e.Respond(own.String())
}

func (e echo) HandleRestart(*boshserver.Request) { e.Restarted("", "") }
func (e echo) HandleTerminate(bool)              {}

// A noting backend tells a test of its calls.
type noting struct {
	boshserver.Stream
	calls chan string
}

func (n noting) HandleStanza(st *boshserver.Stanza)   { n.calls <- "stanza " + st.Name() }
func (n noting) HandleRestart(r *boshserver.Request)  { n.calls <- "restart " + r.Domain }
func (n noting) HandleTerminate(clean bool)           { n.calls <- fmt.Sprint("terminate ", clean) }
func (n noting) HandlePressure(pressed bool)          { n.calls <- fmt.Sprint("pressure ", pressed) }
func (n noting) HandleNoClient(st *boshserver.Stanza) { n.calls <- "no-client " + st.Attr("id") }

// connectNoting connects a client to one.
func connectNoting(t *testing.T, over boshserver.Transport, cfg boshserver.Config) (*client, noting) {
	t.Helper()
	streams := make(chan noting, 1)
	cfg.Connectors = map[string]boshserver.Connector{"*.example.org": boshserver.ConnectorFunc(func(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
		n := noting{st, make(chan string, 100)}
		st.Added("", "<register xmlns='http://jabber.org/features/iq-register'/>")
		streams <- n
		return n
	})}
	c := connect(t, start(t, cfg), over, "Chat.Example.ORG", "")
	c.want("<stream:features", "<register ", "</stream:features>")
	return c, next(t, streams)
}

// A stream that is no XMPP server's, from its opening to the client's goodbye.
func TestConnector(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		c, n := connectNoting(t, over, boshserver.Config{})
		if n.Domain() != "Chat.Example.ORG" || n.Session().Domain() != n.Domain() {
			t.Errorf("domain %q of %q", n.Domain(), n.Session().Domain())
		}
		c.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
		wantCalls(t, n.calls, "stanza auth")
		n.Respond("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
		c.want("<success")
		c.restart("chat.example.org")
		wantCalls(t, n.calls, "restart chat.example.org")
		n.Restarted("2", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
		c.want("<stream:features", "<bind ")
		c.send("<message xmlns='jabber:client' id='1'/>")
		wantCalls(t, n.calls, "stanza message")
		n.Respond("<message id='2'/>")
		n.Respond("<message id='3'/>")
		c.want("id='2'", "id='3'", "jabber:client")
		for _, bad := range []string{"", "<message>", "<stream:features/>", "<error xmlns='http://etherx.jabber.org/streams'/>", "<message/><message/>"} {
			if n.Respond(bad) == nil {
				t.Errorf("%q was sent", bad)
			}
		}
		if n.Restarted("", "</stream:features><stream:features>") == nil {
			t.Error("features were broken out of")
		}
		c.leave()
		c.wantEnd("", "")
		wantCalls(t, n.calls, "terminate true")
		n.End(boshserver.HostUnknown) // nobody hears it
		n.Respond("<message/>")
	})
}

// The end that a backend gives, and what the client is told.
func TestConnectorEnd(t *testing.T) {
	for _, c := range []struct {
		why          boshserver.Condition
		bosh, stream string
	}{
		{boshserver.None, "", ""},
		{boshserver.HostUnknown, "host-unknown", "host-unknown"},
		{boshserver.ImproperAddressing, "improper-addressing", "improper-addressing"},
		{boshserver.InternalServerError, "internal-server-error", "internal-server-error"},
		{boshserver.PolicyViolation, "policy-violation", "policy-violation"},
		{boshserver.RemoteConnectionFailed, "remote-connection-failed", "remote-connection-failed"},
		{boshserver.RemoteStreamError, "remote-stream-error", "undefined-condition"},
		{boshserver.SystemShutdown, "system-shutdown", "system-shutdown"},
	} {
		onBoth(t, func(t *testing.T, over boshserver.Transport) {
			ends := make(chan string, 1)
			cl, n := connectNoting(t, over, boshserver.Config{Hooks: boshserver.Hooks{
				StreamEnd: func(_ boshserver.Session, _ string, why boshserver.Condition) { ends <- why.String() },
			}})
			n.Respond("<message id='last'/>")
			n.End(c.why)
			got := cl.wantEnd(c.bosh, c.stream)
			if !strings.Contains(got, "id='last'") {
				t.Errorf("what came before the end is not in %q", got)
			}
			if why := next(t, ends); why != c.why.String() {
				t.Errorf("StreamEnd says %s", why)
			}
			select {
			case call := <-n.calls:
				t.Errorf("%s after the end", call)
			default:
			}
		})
	}
}

// A client that is cut off, or ended by the program.
func TestConnectorTerminate(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		c, n := connectNoting(t, over, boshserver.Config{})
		n.Session().Terminate(boshserver.None)
		c.wantEnd("", "")
		wantCalls(t, n.calls, "terminate false")
	})
	t.Run("cut off", func(t *testing.T) {
		c, n := connectNoting(t, boshserver.WebSocket, boshserver.Config{})
		c.socket.Close()
		wantCalls(t, n.calls, "terminate false")
	})
}

// A backend that refuses, one that panics, one that leaves it to XMPP.
func TestConnectorOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		x := listen(t)
		s := start(t, boshserver.Config{
			Backends: []string{x.backend("x.example.org")},
			Connectors: map[string]boshserver.Connector{
				"refused.example.org": boshserver.ConnectorFunc(func(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
					st.End(boshserver.PolicyViolation)
					return echo{st}
				}),
				"panic.example.org": boshserver.ConnectorFunc(func(boshserver.Stream, *boshserver.Request) boshserver.Backend { panic("oops") }),
				"x.example.org": boshserver.ConnectorFunc(func(_ boshserver.Stream, r *boshserver.Request) boshserver.Backend {
					if v, _ := r.Attr("", "ua"); v != "new" {
						t.Errorf("ua %q", v)
					}
					return boshserver.XMPP
				}),
			},
		})
		connect(t, s, over, "refused.example.org", "").wantEnd("policy-violation", "stream:error")
		connect(t, s, over, "panic.example.org", "").wantEnd("internal-server-error", "stream:error")
		go x.accept()
		connect(t, s, over, "x.example.org", "ua='new'").want("features")
	})
}

// Who does not fetch is told of; what was sent comes all the same once it does.
func TestConnectorPressure(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		passed := make(chan struct{}, 1)
		c, n := connectNoting(t, over, boshserver.Config{Hooks: boshserver.Hooks{
			FromServer: func(_ boshserver.Session, st *boshserver.Stanza) {
				if st.Name() == "message" {
					passed <- struct{}{}
				}
			},
		}})
		c.polls = false
		text := strings.Repeat("x", 100_000)
		sent := 0
		for pressed := false; !pressed; sent++ {
			if sent > 1000 {
				t.Fatal("a client that does not fetch was sent 100 MB")
			}
			n.Respond(fmt.Sprintf("<message id='%d'><body>%s</body></message>", sent, text))
			next(t, passed)
			select {
			case call := <-n.calls:
				if pressed = call == "pressure true"; !pressed {
					t.Fatal(call)
				}
			default:
			}
		}
		c.polls = true
		c.want(fmt.Sprintf(" id='%d'", sent-1))
		wantCalls(t, n.calls, "pressure false")
	})
}

// Clients of a backend that can't take more are held up.
func TestConnectorHold(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		const elements = 300
		var (
			mu    sync.Mutex
			taken int
		)
		first, all := make(chan boshserver.Stream, 1), make(chan struct{})
		s := start(t, boshserver.Config{Connectors: map[string]boshserver.Connector{"*": boshserver.ConnectorFunc(
			func(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
				st.Added("", "")
				return counting{echo{st}, func() {
					mu.Lock()
					defer mu.Unlock()
					if taken++; taken == 1 {
						st.Hold(true)
						first <- st
					}
					if taken == elements {
						close(all)
					}
				}}
			})}})
		c := connect(t, s, over, "example.org", "")
		c.want("features")
		if over == boshserver.WebSocket {
			go func() {
				for range c.came {
				}
			}()
		}
		go func() {
			for range elements {
				c.send("<message xmlns='jabber:client'><body>" + strings.Repeat("x", 20_000) + "</body></message>")
				if over == boshserver.BOSH {
					<-c.came
					c.open--
				}
			}
		}()
		st := next(t, first)
		select {
		case <-all:
			t.Fatal("6 MB went to a backend that takes nothing")
		case <-time.After(300 * time.Millisecond):
		}
		st.Hold(false)
		next(t, all)
	})
}

type counting struct {
	echo
	count func()
}

func (c counting) HandleStanza(st *boshserver.Stanza) {
	c.count()
	c.echo.HandleStanza(st)
}

// Any number of goroutines may speak to a session, and end it meanwhile.
func TestManyGoroutines(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		c, n := connectNoting(t, over, boshserver.Config{})
		var done sync.WaitGroup
		for i := range 8 {
			done.Add(1)
			go func() {
				defer done.Done()
				for j := range 50 {
					n.Respond(fmt.Sprintf("<message id='%d.%d'/>", i, j))
					n.Session().Send("<presence/>")
					n.Hold(j%2 == 0)
				}
			}()
		}
		done.Wait()
		n.Respond("<message id='after'/>")
		text := c.want("id='after'")
		for i := range 8 {
			last := -1
			for j := range 50 {
				at := strings.Index(text, fmt.Sprintf("id='%d.%d'", i, j))
				if at < last || at < 0 {
					t.Fatalf("message %d of goroutine %d is not in its place", j, i)
				}
				last = at
			}
		}
		for range 4 {
			go n.End(boshserver.None)
			go n.Session().Terminate(boshserver.None)
		}
		c.wantEnd("", "")
	})
}

func TestConnectors(t *testing.T) {
	c := boshserver.ConnectorFunc(openEcho)
	for _, bad := range []map[string]boshserver.Connector{{"": c}, {"a b": c}, {"*.": c}, {"a": nil}} {
		if _, err := boshserver.New(boshserver.Config{Listen: []string{"127.0.0.1:0"}, Connectors: bad}); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

// A backend hears of the end of a stream that may not go on.
func TestConnectorRefusedRestart(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		c, n := connectNoting(t, over, boshserver.Config{Adjust: func(cfg *proxy.Config) error {
			return cfg.Firewall.Deny.Add("secret.example.org")
		}})
		c.restart("secret.example.org")
		c.wantEnd("policy-violation", "stream:error")
		wantCalls(t, n.calls, "terminate false")
	})
}

// A domain that has as many streams as it may is refused before its Connector is asked; what that leaves to XMPP counts once.
func TestConnectorDomainFull(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		x := listen(t)
		asked := make(chan string, 10)
		s := start(t, boshserver.Config{
			Adjust:   func(cfg *proxy.Config) error { cfg.SessionsPerDomain = 1; return nil },
			Backends: []string{x.backend("x.example.org")},
			Connectors: map[string]boshserver.Connector{"*": boshserver.ConnectorFunc(func(st boshserver.Stream, r *boshserver.Request) boshserver.Backend {
				asked <- r.Domain
				if r.Domain == "x.example.org" {
					return boshserver.XMPP
				}
				return openEcho(st, r)
			})},
		})
		go x.accept()
		for _, domain := range []string{"example.org", "x.example.org"} {
			connect(t, s, over, domain, "").want("features")
			connect(t, s, over, domain, "").wantEnd("policy-violation", "stream:error")
		}
		wantCalls(t, asked, "example.org", "x.example.org")
		if len(asked) > 0 {
			t.Errorf("asked for %s again", <-asked)
		}
	})
}
