package wsframe

import (
	"bytes"
	"fmt"
	"testing"
)

// told is an event that a Reader told, with its own copy of the data.
type told struct {
	ev   Event
	data string
	code CloseCode
}

func (e told) String() string {
	if len(e.data) > 60 {
		return fmt.Sprintf("%v (%d bytes: %q…) %v", e.ev, len(e.data), e.data[:60], e.code)
	}
	return fmt.Sprintf("%v %q %v", e.ev, e.data, e.code)
}

// drive offers raw to r as a loop does, in pieces that end at the cuts, the last of which is len(raw). It returns what was told, and after how many
// bytes the last event was.
func drive(t *testing.T, r *Reader, raw []byte, cuts func(yield func(int) bool)) (all []told, lastAt int) {
	t.Helper()
	b := bytes.Clone(raw) // Next writes to it
	start := 0
	var m Message
	cuts(func(cut int) bool {
		for {
			// Clipped: a read beyond what has come panics.
			n, ev := r.Next(b[start:cut:cut], &m)
			if n < 0 || n > cut-start {
				t.Fatalf("%d of %d bytes consumed", n, cut-start)
			}
			if ev != NeedMore && n == 0 {
				t.Fatalf("%v without a byte consumed", ev)
			}
			start += n
			if ev == NeedMore {
				if left := cut - start; r.state == stateDone && left > 0 {
					t.Fatalf("%d bytes left by a reader that is done", left)
				}
				return true
			}
			all = append(all, told{ev, string(m.Data), m.Code})
			lastAt = cut
		}
	})
	return all, lastAt
}

func atOnce(n int) func(yield func(int) bool) { return func(yield func(int) bool) { yield(n) } }

func byByte(n int) func(yield func(int) bool) { return by(n, 1) }

// by cuts n bytes into pieces of that many.
func by(n, piece int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for cut := piece; cut < n; cut += piece {
			if !yield(cut) {
				return
			}
		}
		yield(n)
	}
}

// bySteps cuts n bytes into pieces of those lengths, and the rest.
func bySteps(n int, steps []byte) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		cut := 0
		for _, step := range steps {
			if cut = min(cut+int(step), n); !yield(cut) {
				return
			}
		}
		yield(n)
	}
}

func sameEvents(t *testing.T, what string, got, want []told) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(want):
			t.Errorf("%s: event %d: %v too many", what, i, got[i])
			return
		case i >= len(got):
			t.Errorf("%s: event %d: none, want %v", what, i, want[i])
			return
		case got[i] != want[i]:
			t.Errorf("%s: event %d: %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}
