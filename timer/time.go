package timer

// Time is a moment in milliseconds since the loop's epoch. The zero value means "no time": the epoch is chosen so that now is never 0.
// The difference of two Times is a duration in milliseconds, and so is a Time that is added to another.
type Time int64

// Units of Time as durations.
const (
	Millisecond Time = 1
	Second           = 1000 * Millisecond
	Minute           = 60 * Second
	Hour             = 60 * Minute
)

// Earlier returns the earlier of a and b, where 0 stands for never.
func Earlier(a, b Time) Time {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
