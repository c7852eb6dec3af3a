// Package timer holds a time in milliseconds and a hierarchical timer wheel with intrusive nodes.
//
// It does not read a clock and does not wait: its owner tells it the time with [Wheel.Advance] and asks with [Wheel.Next] when
// to come back. A node is 32 bytes, lives by value in the struct whose timer it is, and carries a key instead of a function, so
// that arming one allocates nothing and a node holds nothing but the links of its list. A node must not be copied while it is armed,
// nor may its owner be freed.
//
// Set and Cancel are O(1). Advance is O(nodes fired + nodes cascaded), independent of how much time has passed; a node cascades at most once
// per level between it and its moment: twice for a minute, five times for a year. What cascades does so in portions, by every Advance that is due anyway, before its time comes;
// nobody is woken for that. So a wheel of many nodes, which is advanced often, never has a whole slot to move at once, and one that sleeps until a slot's time moves it then.
//
// Ordering: one Advance fires first what was already due when it was set, in the order of the Set calls; then the others by due time,
// and those of the same millisecond in the order of their Set calls. A node set by a callback never fires in the same Advance, however early it is due,
// so a callback that re-arms itself in the past cannot hold the loop up.
//
// A Wheel is not safe for concurrent use. Nothing in this package fails.
package timer
