package xmlstream

import (
	"strings"
	"testing"
)

func TestStrings(t *testing.T) {
	seen := map[string]bool{}
	check := func(s string, valid bool) {
		t.Helper()
		if strings.Contains(s, "invalid") == valid || seen[s] {
			t.Errorf("%q", s)
		}
		seen[s] = true
	}
	for m := ModeStream; m <= ModeMessage; m++ {
		check(m.String(), true)
	}
	check(Mode(99).String(), false)
	for e := NeedMore; e <= Bad; e++ {
		check(e.String(), true)
	}
	check(Event(99).String(), false)
	for e := ErrNone; e <= ErrTooBig; e++ {
		check(e.String(), true)
	}
	check(Error(99).String(), false)
	var err error = ErrLimit
	if !strings.HasSuffix(err.Error(), ErrLimit.String()) {
		t.Error(err)
	}
}
