package timer

import (
	"math"
	"math/rand"
	"slices"
	"testing"
	"time"
)

// model is a wheel of the plainest kind: it looks at every timer.
type model struct {
	now   Time
	seq   int
	armed map[*Node]entry
}

type entry struct {
	due  Time
	late bool
	seq  int
}

func newModel(now Time) *model { return &model{now: now, armed: map[*Node]entry{}} }

func (m *model) set(n *Node, due Time) {
	m.seq++
	m.armed[n] = entry{due: due, late: due <= m.now, seq: m.seq}
}

// due takes out what fires by now, in order.
func (m *model) due(now Time) []*Node {
	m.now = max(m.now, now)
	var fired []*Node
	for n, e := range m.armed {
		if e.late || e.due <= m.now {
			fired = append(fired, n)
		}
	}
	slices.SortFunc(fired, func(a, b *Node) int {
		x, y := m.armed[a], m.armed[b]
		switch {
		case x.late != y.late:
			if x.late {
				return -1
			}
			return 1
		case !x.late && x.due != y.due:
			return int(x.due - y.due)
		}
		return x.seq - y.seq
	})
	for _, n := range fired {
		delete(m.armed, n)
	}
	return fired
}

// first is the earliest due time.
func (m *model) first() (Time, bool) {
	first, ok := Time(math.MaxInt64), false
	for _, e := range m.armed {
		if e.late {
			return m.now, true
		}
		first, ok = min(first, e.due), true
	}
	return first, ok
}

// play feeds the wheel and the model what b says, and compares them after every step.
func play(t *testing.T, start Time, b []byte) {
	w, m := NewWheel(start), newModel(start)
	w.portion = int(start%5) - 1 // as a rule too small
	nodes := make([]Node, 40)
	for i := range nodes {
		nodes[i].Key = uint64(i) // as small as the index of a slot
	}
	now := start
	for len(b) >= 4 {
		n, x := &nodes[int(b[1])%len(nodes)], Time(b[2])<<8|Time(b[3])
		switch b[0] % 8 {
		case 0:
			w.Cancel(n)
			delete(m.armed, n)
		case 1, 2:
			now += x >> (b[0] >> 4)
			advance(t, w, m, now)
		case 3:
			if next, ok := w.Next(); ok {
				now = max(now, next)
				advance(t, w, m, now)
			}
		default: // from a little in the past to a year ahead
			due := now + x<<(b[0]>>4) - 100
			if b[1] >= 128 && due > 1<<14 { // many at the same moment
				due &^= 1<<13 - 1
			}
			w.Set(n, due)
			m.set(n, due)
		}
		b = b[4:]
		compare(t, w, m, nodes)
	}
	for range 400 { // everything ends
		next, ok := w.Next()
		if !ok {
			break
		}
		now = max(now, next)
		advance(t, w, m, now)
	}
	if w.Len() != 0 || len(m.armed) != 0 {
		t.Fatalf("at the end %d armed, want %d, and none", w.Len(), len(m.armed))
	}
}

func advance(t *testing.T, w *Wheel, m *model, now Time) {
	t.Helper()
	want := m.due(now)
	var got []*Node
	w.Advance(now, func(n *Node) {
		if n.Armed() {
			t.Fatal("a node that fires is still armed")
		}
		got = append(got, n)
	})
	if !slices.Equal(got, want) {
		t.Fatalf("at %d fired %v, want %v", now, keys(got), keys(want))
	}
}

func keys(nodes []*Node) (k []uint64) {
	for _, n := range nodes {
		k = append(k, n.Key)
	}
	return k
}

func compare(t *testing.T, w *Wheel, m *model, nodes []Node) {
	t.Helper()
	if w.Len() != len(m.armed) {
		t.Fatalf("Len %d, want %d", w.Len(), len(m.armed))
	}
	for i := range nodes {
		e, armed := m.armed[&nodes[i]]
		if nodes[i].Armed() != armed || nodes[i].Due() != e.due {
			t.Fatalf("node %d armed %v for %d, want %v for %d", i, nodes[i].Armed(), nodes[i].Due(), armed, e.due)
		}
	}
	next, ok := w.Next()
	first, want := m.first()
	if ok != want || ok && next > first {
		t.Fatalf("Next %d %v, want no later than %d %v", next, ok, first, want)
	}
}

func TestWheelAgainstModel(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 300 {
		b := make([]byte, 4*200)
		r.Read(b)
		play(t, Time(1+r.Int63n(1<<uint(1+r.Intn(50)))), b)
	}
}

func FuzzWheel(f *testing.F) {
	f.Add(int64(1), []byte("\x04\x01\x00\x20\x01\x00\x10\x00\x03\x00\x00\x00"))
	f.Add(int64(1<<36-1), []byte("\xf4\x01\xff\xff\x04\x02\x00\x65\x03\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, start int64, b []byte) {
		if start < 0 || start > 1<<50 {
			t.Skip()
		}
		play(t, Time(start), b)
	})
}

func TestCallbackMaySetAndCancelAnything(t *testing.T) {
	w := NewWheel(1)
	var a, b, c Node
	w.Set(&a, 10)
	w.Set(&b, 10)
	w.Set(&c, 11)
	var got []*Node
	w.Advance(20, func(n *Node) {
		got = append(got, n)
		w.Set(n, 5)    // itself, in the past: not in this turn
		w.Cancel(&b)   // one that is about to fire
		w.Set(&c, 500) // and one moved away
	})
	if !slices.Equal(got, []*Node{&a}) {
		t.Fatalf("fired %d nodes, want the first alone", len(got))
	}
	if next, ok := w.Next(); !ok || next > 20 {
		t.Fatalf("Next %d %v, want at once for the node set in the past", next, ok)
	}
	got = got[:0]
	w.Advance(20, func(n *Node) { got = append(got, n) })
	if !slices.Equal(got, []*Node{&a}) || w.Len() != 1 || b.Armed() || c.Due() != 500 {
		t.Fatalf("second turn fired %d, %d armed, c due at %d", len(got), w.Len(), c.Due())
	}
}

func TestTimeGoingBackIsIgnored(t *testing.T) {
	w := NewWheel(100)
	var n Node
	w.Set(&n, 150)
	w.Advance(50, func(*Node) { t.Fatal("fired early") })
	w.Set(&n, 60)
	fired := 0
	w.Advance(40, func(*Node) { fired++ })
	if fired != 1 {
		t.Fatal("a node set in the past did not fire on the next Advance")
	}
}

func TestFarthestTime(t *testing.T) {
	w := NewWheel(1)
	var n Node
	w.Set(&n, math.MaxInt64)
	w.Advance(1<<40, func(*Node) { t.Fatal("fired early") })
	for range levels + 1 {
		next, ok := w.Next()
		if !ok {
			return
		}
		w.Advance(next, func(*Node) {})
	}
	t.Fatal("the farthest time took more cascades than there are levels")
}

func TestEarlier(t *testing.T) {
	for _, c := range [][3]Time{{0, 0, 0}, {0, 5, 5}, {5, 0, 5}, {5, 7, 5}, {7, 5, 5}} {
		if got := Earlier(c[0], c[1]); got != c[2] {
			t.Errorf("Earlier(%d, %d) = %d, want %d", c[0], c[1], got, c[2])
		}
	}
}

// However many nodes a slot has, they leave it bit by bit before its time.
func TestSlotsEmptyAhead(t *testing.T) {
	const n = 100_000
	w := NewWheel(1)
	nodes := make([]Node, n)
	for i := range nodes {
		w.Set(&nodes[i], Time(15<<12+i%4096))
	}
	at := 2*slots + 15
	left := func() (count int) {
		for m := w.slot[at].next; m != &w.slot[at]; m = m.next {
			count++
		}
		return count
	}
	was, most := left(), 0
	for now := Time(2); now < 15<<12; now++ {
		w.Advance(now, func(*Node) { t.Fatal("fired early") })
		if now >= 14<<12 {
			is := left()
			most, was = max(most, was-is), is
		}
	}
	if most != portion || was != 0 {
		t.Errorf("at most %d nodes moved at once, and %d were left", most, was)
	}
	if next, ok := w.Next(); !ok || next > 15<<12 {
		t.Errorf("Next %d %v", next, ok)
	}
	fired := 0
	w.Advance(70_000, func(*Node) { fired++ })
	if fired != n || w.used != 0 {
		t.Errorf("%d fired, levels %b", fired, w.used)
	}
}

// BenchmarkSweep is a wheel with a million timers of a minute, each of which is set again when it fires. What a call takes at the longest is the median of
// what it was in turns of four seconds, so that others on the machine hardly count.
func BenchmarkSweep(b *testing.B) {
	const turn = 1 << 12
	w := NewWheel(1)
	nodes := make([]Node, 1_000_000)
	for i := range nodes {
		w.Set(&nodes[i], Time(2+i*60_000/len(nodes)))
	}
	var turns []time.Duration
	now, longest := Time(1), time.Duration(0)
	for b.Loop() {
		if now++; now%turn == turn-1 {
			turns, longest = append(turns, longest), 0
		}
		began := time.Now()
		w.Advance(now, func(n *Node) { w.Set(n, now+60_000) })
		longest = max(longest, time.Since(began))
	}
	if slices.Sort(turns); len(turns) > 0 {
		b.ReportMetric(float64(turns[len(turns)/2].Microseconds()), "µs-longest")
	}
}

func BenchmarkSet(b *testing.B) {
	w := NewWheel(1)
	nodes := make([]Node, 1000)
	for i := 0; b.Loop(); i++ {
		w.Set(&nodes[i%len(nodes)], Time(1+i%100_000))
	}
}
