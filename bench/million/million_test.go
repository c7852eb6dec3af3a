package million

import (
	"strings"
	"testing"
)

// Two thousand sessions follow the script that a million do, and none ends.
func TestTwoThousand(t *testing.T) {
	for _, kind := range []Kind{BOSH, WebSocket} {
		r, err := Measure(kind, 2000)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if r.HeapBytes < float64(r.RecordBytes) || r.Fired < 2000 || r.EchoMany <= 0 {
			t.Errorf("%+v", r)
		}
		var b strings.Builder
		if err := r.Write(&b); err != nil || !strings.Contains(b.String(), "2000 sessions") {
			t.Errorf("%s, %v", b.String(), err)
		}
	}
}
