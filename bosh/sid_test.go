package bosh

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestSID(t *testing.T) {
	for _, slot := range []uint32{0, 1, 15, 16, 0xABC, 0x12345678, 0xFFFFFFFE} {
		s := Session{sid: uuid.New(), slot: slot, state: stateOpen}
		sid := s.appendSID(nil)
		if got, ok := ParseSID(sid); got != slot || !ok {
			t.Errorf("%s names slot %d %v, want %d", sid, got, ok, slot)
		}
		if !s.MatchSID(sid) {
			t.Errorf("%s is not its own", sid)
		}
		if u, err := uuid.Parse(string(sid[:uuidSize])); err != nil || u != uuid.UUID(s.sid) {
			t.Errorf("%s does not begin with a UUID's text: %v", sid, err)
		}
		for _, other := range []string{"", string(sid) + "0", string(sid[:len(sid)-1]), strings.ToUpper(string(sid)) + " ", "0" + string(sid[1:]) + "x", string(sid[:uuidSize])} {
			if s.MatchSID([]byte(other)) {
				t.Errorf("%q matches %s", other, sid)
			}
		}
		s.state = stateNone
		if s.MatchSID(sid) {
			t.Error("a session that is over is found")
		}
		if id := s.LogID(); len(id) != 12 || strings.Contains(string(sid), id) {
			t.Errorf("%s is logged as %s", sid, id)
		}
	}
}

func TestParseSIDRefuses(t *testing.T) {
	u := strings.Repeat("0", uuidSize)
	for _, bad := range []string{"", "x", u, u + "-", u + "-g", u + "-A", u + "-123456789", u + "0", strings.Repeat("a", 5000), "ключ😀"} {
		if slot, ok := ParseSID([]byte(bad)); ok {
			t.Errorf("%q names slot %d", bad, slot)
		}
	}
}
