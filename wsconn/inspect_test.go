package wsconn

import "testing"

func TestActivity(t *testing.T) {
	var s Session
	for st, want := range stateNames {
		s.state = state(st)
		if got := s.Activity(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
