package bosh

import "testing"

func TestActivity(t *testing.T) {
	r := newRig(t)
	is := func(want Activity) {
		t.Helper()
		if got := r.s.Activity(); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
	is(ActivityEnded)
	r.request(1, `<body rid='7' to='a.example' wait='60' hold='1' ver='1.6' xmlns='http://jabber.org/protocol/httpbind'/>`)
	is(ActivityCreating)
	if r.s.Streams() != 1 || r.env.Counts != (Counts{Opened: 1}) {
		t.Errorf("%d streams, %+v", r.s.Streams(), r.env.Counts)
	}
	r.stanza(0, `<message xmlns='jabber:client'/>`)
	is(ActivityWaiting)
	sid := string(r.s.appendSID(nil))
	r.request(2, `<body rid='8' sid='`+sid+`' xmlns='http://jabber.org/protocol/httpbind'/>`)
	is(ActivityHeld)
	r.request(3, `<body rid='9' sid='`+sid+`' pause='60' xmlns='http://jabber.org/protocol/httpbind'/>`)
	is(ActivityPaused)
	r.request(4, `<body rid='10' sid='`+sid+`' type='terminate' xmlns='http://jabber.org/protocol/httpbind'/>`)
	is(ActivityEnded)
	r.advance(r.cfg.WaitMax * 10)
	if r.env.Counts != (Counts{Opened: 1, Ended: 1}) {
		t.Errorf("%+v", r.env.Counts)
	}
}

// A session that was refused was never opened.
func TestCountsRefused(t *testing.T) {
	r := newRig(t)
	r.request(1, `<body rid='7' wait='60' hold='1' ver='1.6' xmlns='http://jabber.org/protocol/httpbind'/>`)
	if r.env.Counts != (Counts{}) {
		t.Errorf("%+v", r.env.Counts)
	}
}

func TestActivityNames(t *testing.T) {
	for a := ActivityEnded; a <= ActivityWaiting; a++ {
		if a.String() == "invalid" {
			t.Errorf("activity %d has no name", a)
		}
	}
	if (ActivityWaiting + 1).String() != "invalid" {
		t.Error("one too many")
	}
}
