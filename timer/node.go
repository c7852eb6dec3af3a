package timer

// Node is one timer: a place in a wheel. The zero value is a timer that isn't armed.
type Node struct {
	next, prev *Node  // the slot's ring; nil when not armed
	due        Time   // valid while armed
	Key        uint64 // the owner's: what is due (kind and slot). The wheel's own list heads keep their index here.
}

// Armed says whether the node waits in a wheel. It is false by the time the node is fired.
func (n *Node) Armed() bool { return n.next != nil }

// Due is when the node fires; 0 when it isn't armed.
func (n *Node) Due() Time {
	if n.next == nil {
		return 0
	}
	return n.due
}

// ring makes n the head of an empty list.
func (n *Node) ring(key uint64) { n.next, n.prev, n.Key = n, n, key }

// append puts m at the end of the list whose head is n.
func (n *Node) append(m *Node) {
	last := n.prev
	m.prev, m.next = last, n
	last.next, n.prev = m, m
}

// splice moves the whole list of head m to the end of the list of head n.
func (n *Node) splice(m *Node) {
	if m.next == m {
		return
	}
	first, last := m.next, m.prev
	m.next, m.prev = m, m
	first.prev, n.prev.next = n.prev, first
	last.next, n.prev = n, last
}
