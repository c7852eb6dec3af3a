package million

import (
	"strings"
	"testing"
)

// Some sessions follow the script that a million do, and none ends.
func TestSomeSessions(t *testing.T) {
	for _, kind := range []Kind{BOSH, WebSocket} {
		r, err := Measure(kind, 1200)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if r.HeapBytes < float64(r.RecordBytes) || r.Fired < 1200 || r.EchoMany <= 0 {
			t.Errorf("%+v", r)
		}
		var b strings.Builder
		if err := r.Write(&b); err != nil || !strings.Contains(b.String(), "1200 sessions") {
			t.Errorf("%s, %v", b.String(), err)
		}
	}
}
