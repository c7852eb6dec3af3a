package wsconn

import "testing"

func TestLogID(t *testing.T) {
	a, b := Session{random: [16]byte{1}}, Session{random: [16]byte{2}}
	if len(a.LogID()) != 12 || a.LogID() != a.LogID() || a.LogID() == b.LogID() {
		t.Errorf("%q, %q", a.LogID(), b.LogID())
	}
}
