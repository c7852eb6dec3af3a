package bosh

import (
	"fmt"
	"strings"
	"testing"
)

// TestTags: what the driver stores with a stream, and only with one that is there.
func TestTags(t *testing.T) {
	r := newRig(t)
	r.request(1, "<body rid='1' to='a' ver='1.6' xmlns='http://jabber.org/protocol/httpbind'/>")
	r.stanza(0, "<stream:features/>")
	r.request(2, fmt.Sprintf("<body rid='2' to='b' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>", r.s.appendSID(nil)))
	for id := range StreamID(4) {
		r.s.SetTag(id, 100+uint32(id))
	}
	for id, want := range map[StreamID]uint32{0: 100, 1: 101, 2: 0, 255: 0} {
		if got := r.s.Tag(id); got != want {
			t.Errorf("stream %d has the tag %d, want %d", id, got, want)
		}
	}
}

// TestStreamNames: they differ, from one another and from session to session, and nobody finds the sid in them.
func TestStreamNames(t *testing.T) {
	seen := map[string]bool{}
	for sid := range byte(3) {
		s := Session{sid: testID(sid)}
		for s.rid = 1; s.rid < 100; s.rid++ {
			name := s.newName()
			if text := string(appendUUID(nil, name)); seen[text] || name == s.sid {
				t.Fatalf("%s is not a new name", text)
			} else {
				seen[text] = true
			}
		}
	}
}

// TestLongDomain: a stream to what can't be a domain is refused by its name, and the session goes on.
func TestLongDomain(t *testing.T) {
	r := newRig(t)
	var last output
	r.say = func(o output) { last = o }
	r.request(1, "<body rid='1' to='a' ver='1.6' xmlns='http://jabber.org/protocol/httpbind'/>")
	r.stanza(0, "<stream:features/>")
	r.request(2, fmt.Sprintf("<body rid='2' to='%s' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>", strings.Repeat("b", toBytesMax+1), r.s.appendSID(nil)))
	if last.name != "respond" || !strings.Contains(last.text, "condition='improper-addressing' stream='") || r.s.state != stateOpen || r.s.streams() != 1 {
		t.Errorf("%+v", last)
	}
	r.live = false
	r.request(3, "<body rid='1' to='"+strings.Repeat("b", toBytesMax+1)+"' ver='1.6' xmlns='http://jabber.org/protocol/httpbind'/>")
	if last.name != "end" {
		t.Errorf("a session for what can't be a domain: %+v", last)
	}
}
