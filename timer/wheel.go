package timer

import "math/bits"

const (
	slotBits = 6
	slots    = 1 << slotBits
	levels   = 11 // 11·6 bits hold every positive Time

	// Keys of the two lists that are no slots.
	keyLate   = levels * slots
	keyFiring = keyLate + 1
)

// Wheel is a hierarchical timer wheel with a resolution of one millisecond.
//
// Level l has 64 slots of 64^l ms. A node stands on the level of the highest 6-bit digit in which its due time differs from the
// wheel's time, in the slot that this digit of the due time names. So a level's occupied slots are all ahead of the wheel's time, everything on
// a lower level is earlier than everything on a higher one, and the earliest slot is found with two bit scans.
type Wheel struct {
	now      Time
	armed    int
	occupied [levels]uint64 // a bit per slot that isn't empty
	late     Node           // set when already due; fires on the next Advance
	firing   Node           // collected by the Advance that is running
	slot     [levels * slots]Node
}

// NewWheel returns an empty wheel that stands at now.
func NewWheel(now Time) *Wheel {
	w := &Wheel{now: max(now, 0)}
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
	w.place(n, &w.late)
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
	for n := w.firing.next; n != &w.firing; n = w.firing.next {
		w.armed--
		w.remove(n)
		fire(n)
	}
}

// earliest finds the earliest occupied slot: the moment it begins and its index.
func (w *Wheel) earliest() (t Time, index int, ok bool) {
	for l, o := range w.occupied {
		if o == 0 {
			continue
		}
		s := bits.TrailingZeros64(o)
		shift := uint(l * slotBits)
		block := uint64(w.now) >> shift >> slotBits << slotBits // the digits above this level's
		return Time((block | uint64(s)) << shift), l*slots + s, true
	}
	return 0, 0, false
}

// empty moves the nodes of the slot that begins now to where they belong by now: a lower level, or the list that fires.
func (w *Wheel) empty(index int) {
	head := &w.slot[index]
	w.occupied[index/slots] &^= 1 << (index % slots)
	if index < slots { // one millisecond wide: all are due
		w.firing.splice(head)
		return
	}
	for n := head.next; n != head; {
		next := n.next
		w.place(n, &w.firing)
		n = next
	}
	head.ring(head.Key)
}

// place puts n, which is in no list, into the slot of its due time, or into the list due when that has come.
func (w *Wheel) place(n, due *Node) {
	if n.due <= w.now {
		due.append(n)
		return
	}
	l := (bits.Len64(uint64(n.due^w.now)) - 1) / slotBits
	s := int(uint64(n.due)>>(uint(l)*slotBits)) % slots
	w.occupied[l] |= 1 << s
	w.slot[l*slots+s].append(n)
}

// remove takes n out of its list and clears the slot's bit when it was the last.
func (w *Wheel) remove(n *Node) {
	next, prev := n.next, n.prev
	next.prev, prev.next = prev, next
	n.next, n.prev = nil, nil
	if next == prev && next.Key < keyLate { // the head of a slot is all that is left
		w.occupied[next.Key/slots] &^= 1 << (next.Key % slots)
	}
}
