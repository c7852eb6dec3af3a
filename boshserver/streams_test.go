package boshserver_test

import (
	"strings"
	"testing"

	"go-xmpp-bosh/boshserver"
)

// One BOSH session with a stream over XMPP and one that a program carries (XEP-0124 §16): each ends by itself.
func TestTwoStreams(t *testing.T) {
	calls := make(chan string, 100)
	opened := make(chan noting, 1)
	x := listen(t)
	s := start(t, boshserver.Config{
		Backends: []string{x.backend("example.org")},
		Connectors: map[string]boshserver.Connector{"other.example": boshserver.ConnectorFunc(func(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
			n := noting{st, make(chan string, 10)}
			st.Added("", "")
			opened <- n
			return n
		})},
		Hooks: boshserver.Hooks{
			StreamAdd: func(s boshserver.Session, r *boshserver.Request) boshserver.Condition {
				calls <- "add " + r.Domain + " to " + s.Domain()
				return boshserver.None
			},
			FromClient: func(_ boshserver.Session, st *boshserver.Stanza) { calls <- st.Name() + " for " + st.Domain() },
			StreamEnd:  func(_ boshserver.Session, domain string, why boshserver.Condition) { calls <- "end " + domain },
		},
	})
	go x.accept()
	c := connect(t, s, boshserver.BOSH, "example.org", "")
	c.want("<bind")
	c.request("to='other.example'", "")
	text := c.want("stream='")
	_, name, _ := strings.Cut(text, "stream='")
	name, _, _ = strings.Cut(name, "'")
	n := next(t, opened)
	if n.Session().Domain() != "example.org" || n.Domain() != "other.example" {
		t.Errorf("the stream to %s is in the session of %s", n.Domain(), n.Session().Domain())
	}
	c.request("stream='"+name+"'", "<message xmlns='jabber:client'/>")
	wantCalls(t, n.calls, "stanza message")
	wantCalls(t, calls, "add example.org to example.org", "add other.example to example.org", "message for other.example")
	n.Respond("<message id='last'/>")
	n.End(boshserver.RemoteConnectionFailed)
	c.want("id='last'", "remote-connection-failed", "stream='"+name+"'")
	wantCalls(t, calls, "end other.example")
	c.over = false // the stream is, the session is not
	x.say("<presence from='a'/>")
	c.want("<presence")
}
