package boshserver_test

import (
	"errors"
	"strings"
	"testing"

	"go-xmpp-bosh/boshserver"
)

// Stanzas are changed and dropped in both directions, over both transports.
func TestFilter(t *testing.T) {
	filter := func(_ boshserver.Session, st *boshserver.Stanza) {
		switch {
		case st.Name() != "message":
		case st.Attr("type") == "spam":
			st.Drop()
		default:
			if err := st.Replace(strings.ReplaceAll(st.String(), "tea", "coffee")); err != nil {
				t.Error(err)
			}
		}
	}
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		_, c, x := through(t, over, boshserver.Config{Hooks: boshserver.Hooks{FromClient: filter, FromServer: filter}}, "")
		c.send("<message xmlns='jabber:client' type='spam'><body>tea!</body></message>")
		c.send("<message xmlns='jabber:client' to='a@example.org'><body>tea?</body></message>")
		if got := x.want("</message>"); !strings.Contains(got, "<body>coffee?</body>") || strings.Contains(got, "spam") {
			t.Errorf("the server got %q", got)
		}
		x.say("<message type='spam'/><message from='a@example.org'><body>tea.</body></message><presence/>")
		if got := c.want("<body>coffee.</body>", "<presence"); strings.Contains(got, "spam") {
			t.Errorf("the client got %q", got)
		}
	})
}

// What would break a stream is refused, and logged; the stanza goes on as it is.
func TestRefusedReplacements(t *testing.T) {
	refusals := []struct {
		by   string
		want error
	}{
		{"", boshserver.ErrElement},
		{"<message>", boshserver.ErrElement},
		{"<message/><message/>", boshserver.ErrElement},
		{"<message></body>", boshserver.ErrElement},
		{"<message a='1' a='2'/>", boshserver.ErrElement},
		{"<!-- --><message/>", boshserver.ErrElement},
		{"</stream:stream>", boshserver.ErrElement},
		{"<stream:error/>", boshserver.ErrElement},
		{"<error xmlns='http://etherx.jabber.org/streams'/>", boshserver.ErrReplacement},
		{"<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", boshserver.ErrReplacement},
		{"<other/>", boshserver.ErrReplacement},
		{"<message xmlns='other'/>", boshserver.ErrReplacement},
		{"<message>" + strings.Repeat("x", 1_000_000) + "</message>", boshserver.ErrTooBig},
	}
	filter := func(_ boshserver.Session, st *boshserver.Stanza) {
		if st.IsStanza() {
			for _, r := range refusals {
				if err := st.Replace(r.by); !errors.Is(err, r.want) {
					t.Errorf("%.60q: %v, want %v", r.by, err, r.want)
				}
			}
			if err := st.Clone().Replace("<message/>"); err != boshserver.ErrNotPassing {
				t.Errorf("a copy: %v", err)
			}
		}
	}
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		j, log := newJournal()
		_, c, x := through(t, over, boshserver.Config{Logger: log, Hooks: boshserver.Hooks{FromClient: filter, FromServer: filter}}, "")
		c.send("<message xmlns='jabber:client'><body>secret</body></message>")
		if got := x.want("</message>"); !strings.Contains(got, "<body>secret</body>") {
			t.Errorf("the server got %q", got)
		}
		x.say("<presence from='a'/>")
		c.want("<presence", "from='a'")
		j.want(t, "refused: Replace", "session=")
		if strings.Contains(j.String(), "secret") {
			t.Error("a body is in the log")
		}
	})
}

// A stanza is empty once its handler has returned; a copy of it is not.
func TestBorrowed(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		var was, own *boshserver.Stanza // of the loop
		filter := func(_ boshserver.Session, st *boshserver.Stanza) {
			if was != nil {
				if was.Name() != "" || was.String() != "" || was.Attr("to") != "" || was.Text() != "" || was.Child("body") != nil || was.Drop() != boshserver.ErrNotPassing {
					t.Error("a borrowed stanza has outlived its handler")
				}
				if own.Name() != "message" || own.Attr("to") != "a&b" || own.Child("body").Text() != "text" || own.Drop() != boshserver.ErrNotPassing {
					t.Errorf("the copy is %q", own)
				}
			}
			if st.Name() == "message" {
				was, own = st, st.Clone()
			}
		}
		_, c, x := through(t, over, boshserver.Config{Hooks: boshserver.Hooks{FromClient: filter}}, "")
		c.send("<message xmlns='jabber:client' to='a&amp;b'><body>text</body></message>")
		c.send("<presence xmlns='jabber:client'/>")
		x.want("<presence xmlns='jabber:client'/>")
	})
}

// Where stanzas are counted (XEP-0198), dropping and sending keep the counts as they are.
func TestCountedStanzas(t *testing.T) {
	drop := func(_ boshserver.Session, st *boshserver.Stanza) {
		if st.Name() == "message" {
			st.Drop()
		}
	}
	const filtered = "type='result' id='filtered'"
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		j, log := newJournal()
		sessions := make(chan boshserver.Session, 1)
		_, c, x := through(t, over, boshserver.Config{Logger: log, Hooks: boshserver.Hooks{
			FromClient: drop, FromServer: drop,
			StreamAdded: func(s boshserver.Session, _ string) { sessions <- s },
		}}, "")
		s := next(t, sessions)
		c.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
		x.want("resume='true'/>")
		x.say("<enabled xmlns='urn:xmpp:sm:3' id='1' resume='true'/>")
		c.want("<enabled")
		c.send("<message xmlns='jabber:client'><body>x</body></message>")
		if got := x.want("/>"); !strings.Contains(got, filtered) || strings.Contains(got, "message") {
			t.Errorf("the server got %q", got)
		}
		if err := s.Send("<message id='unasked'/>"); err != nil {
			t.Error(err)
		}
		j.want(t, "XEP-0198")
		x.say("<message/><r xmlns='urn:xmpp:sm:3'/>")
		if got := c.want("<iq", filtered, "<r "); strings.Contains(got, "unasked") || strings.Contains(got, "<message") {
			t.Errorf("the client got %q", got)
		}
	})
}

// The features can be changed like anything else.
func TestFilterOfFeatures(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		x := listen(t)
		s := start(t, boshserver.Config{Backends: []string{x.backend("example.org")}, Hooks: boshserver.Hooks{
			FromServer: func(_ boshserver.Session, st *boshserver.Stanza) {
				if st.Name() == "features" {
					if err := st.Replace(strings.Replace(st.String(), "<bind ", "<other xmlns='o'/><bind ", 1)); err != nil {
						t.Error(err)
					}
				}
			},
		}})
		go x.accept()
		c := connect(t, s, over, "example.org", "")
		c.want("<stream:features", "<other xmlns='o'/>", "</stream:features>")
	})
}
