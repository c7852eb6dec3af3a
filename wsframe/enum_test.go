package wsframe

import (
	"slices"
	"testing"
)

// TestCloseCodes goes through all of them (decisions.md 22).
func TestCloseCodes(t *testing.T) {
	registered := []CloseCode{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014}
	for i := range 1 << 16 {
		c := CloseCode(i)
		want := slices.Contains(registered, c) || c >= 3000 && c < 5000
		if c.IsValid() != want {
			t.Errorf("%d: valid %v, want %v", i, c.IsValid(), want)
		}
	}
}

// TestStrings: every value has a name of its own, and others are told by their number.
func TestStrings(t *testing.T) {
	var names []string
	for ev := NeedMore; ev <= EventBad+1; ev++ {
		names = append(names, ev.String())
	}
	for op := OpContinuation; op <= OpPong+1; op++ {
		names = append(names, "frame "+op.String())
	}
	for _, c := range []CloseCode{
		CloseNormal, CloseGoingAway, CloseProtocolError, CloseUnsupported, CloseNone, CloseBadData, ClosePolicy, CloseTooBig, CloseInternal,
		CloseRestart, CloseTryLater, CloseBadGateway, 4321,
	} {
		names = append(names, c.String())
	}
	for s := stateIdle; s <= stateDone+1; s++ {
		names = append(names, "state "+s.String())
	}
	for i, name := range names {
		if name == "" || slices.Contains(names[:i], name) {
			t.Errorf("name %q", name)
		}
	}
	for _, want := range []string{"text", "event 6", "frame opcode 11", "frame close", "1009 too big", "4321"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %q among %q", want, names)
		}
	}
}
