package wsconn

import "testing"

func TestLogID(t *testing.T) {
	a, b := Session{random: [16]byte{1}}, Session{random: [16]byte{2}}
	id, other := a.LogID(), b.LogID()
	if len(id) != 12 || a.LogID() != id || id == other {
		t.Errorf("%q, %q", id, other)
	}
}
