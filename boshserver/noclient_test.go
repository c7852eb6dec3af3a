package boshserver_test

import (
	"strings"
	"testing"

	"go-xmpp-bosh/boshserver"
)

// What a BOSH client has not fetched is the program's to take over; else its sender is told.
func TestNoClient(t *testing.T) {
	undelivered := make(chan string, 10)
	sessions := make(chan boshserver.Session, 1)
	hooks := boshserver.Hooks{
		StreamAdded: func(s boshserver.Session, _ string) { sessions <- s },
		NoClient: func(_ boshserver.Session, st *boshserver.Stanza) bool {
			undelivered <- st.Attr("id") + " " + st.Child("body").Text()
			return st.Attr("id") == "1"
		},
		FromServer: func(_ boshserver.Session, st *boshserver.Stanza) {
			if st.Attr("id") == "2" {
				undelivered <- "both are here"
			}
		},
	}
	_, c, x := through(t, boshserver.BOSH, boshserver.Config{Hooks: hooks}, "")
	s := next(t, sessions)
	x.say("<message id='1' from='a@example.org' to='b@example.org'><body>one &amp; all</body></message><message id='2' from='a@example.org' to='b@example.org'><body>two</body></message>")
	wantCalls(t, undelivered, "both are here")
	s.Terminate(boshserver.PolicyViolation) // nothing is held: nobody can be told
	wantCalls(t, undelivered, "1 one & all", "2 two")
	got := x.want("</stream:stream>")
	if !strings.Contains(got, "id='2'") || !strings.Contains(got, "<recipient-unavailable") || strings.Contains(got, "id='1'") {
		t.Errorf("the server got %q", got)
	}
	_ = c
}

// A stream with XEP-0198: its server keeps what was not acknowledged.
func TestNoClientCounted(t *testing.T) {
	sessions := make(chan boshserver.Session, 1)
	came := make(chan struct{}, 1)
	_, c, x := through(t, boshserver.BOSH, boshserver.Config{Hooks: boshserver.Hooks{
		StreamAdded: func(s boshserver.Session, _ string) { sessions <- s },
		NoClient: func(boshserver.Session, *boshserver.Stanza) bool {
			t.Error("NoClient was called")
			return true
		},
		FromServer: func(_ boshserver.Session, st *boshserver.Stanza) {
			if st.Name() == "message" {
				came <- struct{}{}
			}
		},
	}}, "")
	x.say("<enabled xmlns='urn:xmpp:sm:3'/>")
	c.want("<enabled")
	x.say("<message/>")
	next(t, came)
	next(t, sessions).Terminate(boshserver.None)
	if got := x.want("</stream:stream>"); strings.Contains(got, "<message") {
		t.Errorf("the server got %q", got)
	}
}

// A backend hears of its own stanzas, unless a hook has taken them.
func TestNoClientOfConnector(t *testing.T) {
	c, n := connectNoting(t, boshserver.BOSH, boshserver.Config{Hooks: boshserver.Hooks{
		NoClient: func(_ boshserver.Session, st *boshserver.Stanza) bool { return st.Attr("id") == "1" },
	}})
	n.Respond("<message id='1'/>")
	n.Respond("<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl' id='no stanza'/>")
	n.Respond("<message id='2'/>")
	n.Session().Terminate(boshserver.None)
	wantCalls(t, n.calls, "no-client 2", "terminate false")
	_ = c
}

// What comes for a WebSocket between its client's goodbye and the end of its connection is known not to arrive.
func TestNoClientOfWebSocket(t *testing.T) {
	undelivered := make(chan string, 10)
	_, n := connectNoting(t, boshserver.WebSocket, boshserver.Config{Hooks: boshserver.Hooks{
		NoClient: func(_ boshserver.Session, st *boshserver.Stanza) bool {
			undelivered <- st.Attr("id")
			return true
		},
	}})
	text := strings.Repeat("x", 400_000)
	for range 100 { // nobody reads them: in the end there is more than is kept
		n.Respond("<message id='more'><body>" + text + "</body></message>")
	}
	wantCalls(t, undelivered, "more")
}

// So it does when it has lost the connection: it will deliver again what nobody has acknowledged.
func TestNoClientCountedLost(t *testing.T) {
	came, ended := make(chan struct{}, 1), make(chan struct{})
	_, c, x := through(t, boshserver.BOSH, boshserver.Config{Hooks: boshserver.Hooks{
		NoClient: func(boshserver.Session, *boshserver.Stanza) bool {
			t.Error("NoClient was called")
			return true
		},
		FromServer: func(_ boshserver.Session, st *boshserver.Stanza) {
			if st.Name() == "message" {
				came <- struct{}{}
			}
		},
		SessionEnd: func(boshserver.Session) { close(ended) },
	}}, "inactivity='1'")
	x.say("<enabled xmlns='urn:xmpp:sm:3'/>")
	c.want("<enabled")
	x.say("<message/>")
	next(t, came)
	x.Conn.Close()
	next(t, ended)
}
