package timer

import "math/bits"

const (
	slotBits = 6
	slots    = 2 << slotBits // of a level: two turns of the level below
	levels   = 11            // 11·6 bits hold every positive Time

	// Keys of the two lists that are no slots.
	keyLate   = levels * slots
	keyFiring = keyLate + 1
)

// portion is how many nodes an Advance moves to lower levels ahead of time, and for each that it fires portionFired more: what is fired comes back.
const (
	portion      = 64
	portionFired = 4
)

// Wheel is a hierarchical timer wheel with a resolution of one millisecond.
//
// A slot of level l stands for 64^l ms: those from n·64^l on, n being its number. There is room for the next 128 numbers of each level. A node stands on the
// lowest level at which it lies within the slot that is under way on the level above, or the one behind that. So what is under way on a level has been
// moved to lower ones, and the slot behind it can be, bit by bit, before its time comes: at a million nodes a slot of four seconds has 68,000 of them. No more are
// put into a slot that is next, unless there are some still, which come first.
type Wheel struct {
	now      Time
	armed    int
	portion  int
	used     uint              // a bit per level that isn't empty
	occupied [levels][2]uint64 // a bit per slot that isn't empty
	late     Node              // set when already due; fires on the next Advance
	firing   Node              // collected by the Advance that is running
	slot     [levels * slots]Node
}

// NewWheel returns an empty wheel that stands at now.
func NewWheel(now Time) *Wheel {
	w := &Wheel{now: max(now, 0), portion: portion}
	for i := range w.slot {
		w.slot[i].ring(uint64(i))
	}
	w.late.ring(keyLate)
	w.firing.ring(keyFiring)
	return w
}

// Len is the number of armed nodes.
func (w *Wheel) Len() int { return w.armed }

// Set arms n, or moves it when it is armed already. A moment that has passed fires on the next Advance.
func (w *Wheel) Set(n *Node, due Time) {
	if n.next != nil {
		w.remove(n)
	} else {
		w.armed++
	}
	n.due = due
	w.place(n, &w.late, levels)
}

// Cancel disarms n; nothing happens when it isn't armed.
func (w *Wheel) Cancel(n *Node) {
	if n.next == nil {
		return
	}
	w.armed--
	w.remove(n)
}

// Next says when Advance has to be called next, and false when nothing is armed. That may be earlier than the first due time, when
// nodes have to move to a lower level; it is at or before the wheel's own time when something is late.
func (w *Wheel) Next() (Time, bool) {
	if w.late.next != &w.late || w.firing.next != &w.firing {
		return w.now, true
	}
	t, _, ok := w.earliest()
	return t, ok
}

// Advance moves the wheel to now (never backwards) and calls fire for each node that is due, after disarming it. fire may set and cancel any node,
// the fired one included.
func (w *Wheel) Advance(now Time, fire func(*Node)) {
	w.firing.splice(&w.late)
	for {
		t, i, ok := w.earliest()
		if !ok || t > now {
			break
		}
		w.now = t
		w.empty(i)
	}
	w.now = max(w.now, now)
	fired := 0
	for n := w.firing.next; n != &w.firing; n = w.firing.next {
		w.armed--
		w.remove(n)
		fired++
		fire(n)
	}
	w.moveAhead(w.portion + portionFired*fired)
}

// earliest finds the occupied slot that begins first: the moment and its index. Of those that begin at once it is the one of the lowest level: its nodes have left the
// others before, so they were set before.
func (w *Wheel) earliest() (t Time, index int, ok bool) {
	for used := w.used; used != 0; used &= used - 1 {
		l := bits.TrailingZeros(used)
		shift := uint(l * slotBits)
		number := uint64(w.now)>>shift + w.ahead(l)
		if begin := Time(number << shift); !ok || begin < t {
			t, index, ok = begin, l*slots+int(number%slots), true
		}
	}
	return t, index, ok
}

// ahead is how many slots the first occupied one of a level is ahead of the one that is under way; 0 where several levels have one that begins now, and this one's turn has
// not come. The level isn't empty.
func (w *Wheel) ahead(l int) uint64 {
	o := &w.occupied[l]
	from := uint64(w.now) >> uint(l*slotBits) % slots
	word, bit := from/64, from%64
	if b := o[word] >> bit; b != 0 {
		return uint64(bits.TrailingZeros64(b))
	}
	if b := o[1-word]; b != 0 {
		return 64 - bit + uint64(bits.TrailingZeros64(b))
	}
	return 128 - bit + uint64(bits.TrailingZeros64(o[word]))
}

// empty moves the nodes of the slot that begins now to where they belong by now: a lower level, or the list that fires.
func (w *Wheel) empty(index int) {
	head := &w.slot[index]
	if index < slots { // one millisecond wide: all are due
		w.firing.splice(head)
		w.vacate(index)
		return
	}
	for n := head.next; n != head; n = head.next {
		w.remove(n)
		w.place(n, &w.firing, index/slots)
	}
}

// moveAhead moves up to n nodes of the slots that are next on their levels. Where nobody calls in time, empty does the rest.
func (w *Wheel) moveAhead(n int) {
	for used := w.used &^ 1; used != 0; used &= used - 1 {
		l := bits.TrailingZeros(used)
		next := (uint64(w.now)>>uint(l*slotBits) + 1) % slots
		head := &w.slot[l*slots+int(next)]
		for m := head.next; m != head; m = head.next {
			if n--; n < 0 {
				return
			}
			w.remove(m)
			w.place(m, &w.firing, l)
		}
	}
}

// place puts n, which is in no list, into the slot of its due time on a level below under, or into the list due when that has come.
func (w *Wheel) place(n, due *Node, under int) {
	if n.due <= w.now {
		due.append(n)
		return
	}
	l := (bits.Len64(uint64(n.due-w.now)) - 1) / slotBits // the level above has it within the next slot
	if l > 0 && w.distance(n.due, l) <= 1 {
		l--
	}
	at := w.index(n.due, l)
	// What stands in the next slot of a level above was set before it, and may be due in the same millisecond.
	for h := l + 1; h < under && w.distance(n.due, h) == 1; h++ {
		if i := w.index(n.due, h); w.slot[i].next != &w.slot[i] {
			at = i
		}
	}
	w.used |= 1 << (at / slots)
	w.occupied[at/slots][at%slots/64] |= 1 << (at % 64)
	w.slot[at].append(n)
}

// distance is how many slots of a level due is ahead.
func (w *Wheel) distance(due Time, l int) uint64 {
	shift := uint(l * slotBits)
	return uint64(due)>>shift - uint64(w.now)>>shift
}

// index is that of a level's slot for due.
func (w *Wheel) index(due Time, l int) int { return l*slots + int(uint64(due)>>uint(l*slotBits)%slots) }

// remove takes n out of its list.
func (w *Wheel) remove(n *Node) {
	next, prev := n.next, n.prev
	next.prev, prev.next = prev, next
	n.next, n.prev = nil, nil
	if next == prev && next.Key < keyLate { // the head of a slot is all that is left
		w.vacate(int(next.Key))
	}
}

// vacate notes that a slot is empty.
func (w *Wheel) vacate(index int) {
	l := index / slots
	w.occupied[l][index%slots/64] &^= 1 << (index % 64)
	if w.occupied[l] == [2]uint64{} {
		w.used &^= 1 << l
	}
}
