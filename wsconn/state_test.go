package wsconn

import "testing"

// TestNames: no state or framing is without one.
func TestNames(t *testing.T) {
	for st := stateFree; st <= stateClosed; st++ {
		if name := st.String(); name == "" || name == "invalid" {
			t.Errorf("state %d is called %q", st, name)
		}
		if live := st == stateNew || st == stateOpen; st.isLive() != live {
			t.Errorf("%v: live %v", st, st.isLive())
		}
	}
	for f := framingUnknown; f <= framingOlder; f++ {
		if name := f.String(); name == "" || name == "invalid" {
			t.Errorf("framing %d is called %q", f, name)
		}
	}
	if state(99).String() != "invalid" || framing(99).String() != "invalid" {
		t.Error("what is none has a name")
	}
}

// TestFreeSessionIgnores: any input, before Create and after End.
func TestFreeSessionIgnores(t *testing.T) {
	r := newRig(t)
	inputs := func() {
		if n := r.s.HandleData(r.now, []byte("\x81\x80abcd")); n != 6 {
			t.Errorf("%d bytes consumed", n)
		}
		r.s.HandleEOF(r.now)
		r.s.HandleTimeout(r.now)
		r.s.HandleStreamAdded(r.now, usualHeader)
		r.s.HandleStreamRestarted(r.now, usualHeader)
		r.s.HandleStreamEnd(r.now, CondNone, nil)
		r.server("<message/>")
		r.s.HandleShutdown(r.now, "")
		r.s.HandlePressure(r.now, true)
		r.s.HandleGone(r.now)
	}
	inputs()
	r.create(usualDeflate)
	r.open(clientOpen)
	r.gone()
	r.take()
	inputs()
	if len(r.log) > 0 {
		t.Errorf("%q", r.log)
	}
}

// TestBuffersComeBack: whatever a session kept when it ended is the pool's again.
func TestBuffersComeBack(t *testing.T) {
	r := newRig(t)
	for want := -1; ; want = r.pool.Free() {
		r.create(usualDeflate)
		r.text(clientOpen)
		r.added(usualHeader)
		r.text(clientOpen)
		r.text(clientOpen) // never answered
		r.pressure(true)
		r.client(clientFrame(wirePing, make([]byte, pongRoom)))
		r.gone()
		if want < 0 {
			continue
		}
		if got := r.pool.Free(); got != want || got == 0 {
			t.Errorf("%d bytes are free, %d were before", got, want)
		}
		return
	}
}
