package demo

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestMessagesInOrder(t *testing.T) {
	s := start(t, Config{})
	alice, bob := online(t, s, "alice", "a"), online(t, s, "bob", "b")
	const messages = 200
	for i := range messages {
		alice.send("<message to='bob@localhost/b' type='chat' id='%d'><body>to bob %d</body></message>", i, i)
		bob.send("<message to='alice@localhost' type='chat' id='%d'><body>to alice %d</body></message>", i, i)
	}
	for i := range messages {
		id := "id=" + strconv.Itoa(i)
		m := bob.wantStanza("message", id, "from="+alice.me, "to="+bob.me)
		if got, want := m.child(nsClient, "body").text(), fmt.Sprintf("to bob %d", i); got != want {
			t.Fatalf("bob got %q, want %q", got, want)
		}
		alice.wantStanza("message", id, "from="+bob.me, "to="+alice.bare())
	}
}

// 60 KB of every character that XML treats in a way of its own come back as they went.
func TestLargeMessage(t *testing.T) {
	s := start(t, Config{})
	c := online(t, s, "alice", "")
	const unit = "& < > \" ' 😀 ]]> \t\n"
	text, attr := strings.Repeat(unit, 60<<10/len(unit)), strings.Repeat(unit, 50)
	for _, to := range []string{c.me, c.bare()} {
		c.send("<message to='%s'><body xml:lang='x'>%s</body><x xmlns='urn:x' a='%s'/></message>", to, esc(text), esc(attr))
		m := c.wantStanza("message", "from="+c.me)
		if m.child(nsClient, "body").text() != text || m.child("urn:x", "x").attr("a") != attr {
			t.Errorf("to %s: the text has changed", to)
		}
	}
}

// Much for a slow reader goes at the reader's pace, and nothing is lost.
func TestManyLargeMessages(t *testing.T) {
	s := start(t, Config{})
	alice, bob := login(t, s, "alice", "a"), login(t, s, "bob", "b")
	const messages = 100 // more than an outbox holds
	body := strings.Repeat("x", 60<<10)
	go func() {
		for i := range messages {
			fmt.Fprintf(alice.nc, "<message to='bob@localhost/b' id='%d'><body>%s</body></message>", i, body)
		}
	}()
	for i := range messages {
		m := bob.wantStanza("message", "id="+strconv.Itoa(i))
		if m.child(nsClient, "body").text() != body {
			t.Fatalf("message %d has changed", i)
		}
	}
}

// RFC 6121 §8.5.2.1.1, §8.5.3.
func TestMessageTargets(t *testing.T) {
	s := start(t, Config{})
	alice := login(t, s, "alice", "a")
	silent, low := login(t, s, "bob", "silent"), login(t, s, "bob", "low")
	negative, high := login(t, s, "bob", "negative"), login(t, s, "bob", "high")
	for c, priority := range map[*client]int{low: 1, high: 5, negative: -1} {
		c.send("<presence><priority>%d</priority></presence>", priority)
	}
	for c, n := range map[*client]int{low: 3, high: 3, negative: 3} {
		for range n { // its own presence and that of the others
			c.wantStanza("presence")
		}
	}
	for _, tt := range []struct {
		attrs string
		gets  []*client
		fails string
	}{
		{"to='bob@localhost'", []*client{high}, ""},
		{"to='bob@localhost' type='chat'", []*client{high}, ""},
		{"to='bob@localhost' type='headline'", []*client{high, low}, ""},
		{"to='bob@localhost' type='groupchat'", nil, "service-unavailable"},
		{"to='bob@localhost' type='error'", []*client{high}, ""},
		{"to='BOB@localhost/low'", []*client{low}, ""},
		{"to='bob@localhost/silent' type='groupchat'", []*client{silent}, ""},
		{"to='bob@localhost/negative' type='error'", []*client{negative}, ""},
		{"to='bob@localhost/gone' type='chat'", []*client{high}, ""},
		{"to='bob@localhost/gone'", nil, "service-unavailable"},
		{"to='bob@localhost/gone' type='headline'", nil, ""},
		{"to='bob@localhost/gone' type='error'", nil, ""},
		{"to='nobody@localhost'", nil, "service-unavailable"},
		{"to='nobody@localhost' type='headline'", nil, ""},
		{"to='localhost'", nil, "service-unavailable"},
		{"", nil, "service-unavailable"}, // to oneself, who is not available
		{"to='x@example.org'", nil, "remote-server-not-found"},
		{"to='x y@localhost'", nil, "jid-malformed"},
		{"to='x y@localhost' type='error'", nil, ""},
	} {
		t.Run(tt.attrs, func(t *testing.T) {
			alice.send("<message id='m' %s><body>x</body></message>", tt.attrs)
			if tt.fails != "" {
				if e := alice.wantError("message", tt.fails); e.attr("id") != "m" || e.attr("to") != alice.me {
					t.Errorf("got %s", e.xml())
				}
			}
			alice.wantNothing()
			for _, c := range tt.gets {
				c.wantStanza("message", "from="+alice.me)
			}
			for _, c := range []*client{silent, low, negative, high} {
				c.wantNothing()
			}
		})
	}
}

func TestFrom(t *testing.T) {
	s := start(t, Config{})
	for _, from := range []string{"alice@localhost", "ALICE@localhost", "alice@localhost/a"} {
		c := login(t, s, "alice", "a")
		c.send("<message from='%s' to='%s'/>", from, c.me)
		c.wantStanza("message", "from="+c.me)
	}
	for _, from := range []string{"bob@localhost", "alice@localhost/b", "localhost", "a b"} {
		c := login(t, s, "alice", "a")
		c.send("<message from='%s' to='%s'/>", from, c.me)
		c.wantStreamError("invalid-from")
	}
}

func TestNoStanza(t *testing.T) {
	s := start(t, Config{})
	for _, el := range []string{"<a/>", "<message xmlns='u'/>", "<stream:features/>", "<auth xmlns='" + nsSASL + "'/>"} {
		c := login(t, s, "alice", "")
		c.send("%s", el)
		c.wantStreamError("unsupported-stanza-type")
	}
}

func TestIQBetweenSessions(t *testing.T) {
	s := start(t, Config{})
	alice, bob := login(t, s, "alice", "a"), login(t, s, "bob", "b")
	alice.send("<iq type='get' id='1' to='%s'><x xmlns='urn:x'/></iq>", bob.me)
	if bob.wantStanza("iq", "type=get", "from="+alice.me).child("urn:x", "x") == nil {
		t.Error("the payload is lost")
	}
	bob.send("<iq type='result' id='1' to='%s'/>", alice.me)
	alice.wantStanza("iq", "type=result", "from="+bob.me)
	for _, to := range []string{"bob@localhost/gone", "nobody@localhost/x"} {
		alice.send("<iq type='set' id='2' to='%s'><x xmlns='urn:x'/></iq>", to)
		alice.wantError("iq", "service-unavailable")
		alice.send("<iq type='result' id='2' to='%s'/>", to)
		alice.send("<iq type='error' id='2' to='%s'/>", to)
		alice.wantNothing()
	}
}

func TestBadIQ(t *testing.T) {
	c := login(t, start(t, Config{}), "alice", "")
	for _, iq := range []string{
		"<iq type='get'><x xmlns='u'/></iq>", "<iq type='get' id='1'/>", "<iq id='1'><x xmlns='u'/></iq>",
		"<iq type='get' id='1'><x xmlns='u'/><x xmlns='u'/></iq>", "<iq type='ask' id='1'><x xmlns='u'/></iq>",
	} {
		c.send("%s", iq)
		c.wantError("iq", "bad-request")
	}
	for _, iq := range []string{"<iq type='result' id='1'/>", "<iq type='error' id='1' to='localhost'/>", "<iq type='error'/>"} {
		c.send("%s", iq)
		c.wantNothing()
	}
}
