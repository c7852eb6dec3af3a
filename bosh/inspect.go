package bosh

// Counts are how many sessions of an Env have been opened, and how many of those have ended. One that has ended may still be there, to say why.
type Counts struct {
	Opened, Ended uint64
}

// move notes a change of state.
func (c *Counts) move(from, to state) {
	switch {
	case to == stateOpen:
		c.Opened++
	case from == stateOpen:
		c.Ended++
	}
}

// Activity is what an operator is told about a session.
type Activity uint8

const (
	ActivityEnded    Activity = iota // over; the record remembers why for a while
	ActivityCreating                 // its first answer is still to come
	ActivityHeld                     // a request waits for something to answer
	ActivityPaused                   // the client has asked for patience (XEP-0124 §10)
	ActivityWaiting                  // for the client's next request
)

func (a Activity) String() string {
	switch a {
	case ActivityEnded:
		return "ended"
	case ActivityCreating:
		return "creating"
	case ActivityHeld:
		return "held"
	case ActivityPaused:
		return "paused"
	case ActivityWaiting:
		return "waiting"
	}
	return "invalid"
}

// Activity says what the session is at.
func (s *Session) Activity() Activity {
	switch {
	case s.state != stateOpen:
		return ActivityEnded
	case s.creating:
		return ActivityCreating
	case s.held() > 0:
		return ActivityHeld
	case s.pause > 0:
		return ActivityPaused
	}
	return ActivityWaiting
}

// Streams is how many streams the session has had places for; their ids are below it.
func (s *Session) Streams() StreamID { return StreamID(s.streams()) }
