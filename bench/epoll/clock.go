package epoll

import (
	"time"

	"golang.org/x/sys/unix"
)

// origin ties the runtime's monotonic clock, which is cheap, to the machine's, on which processes agree.
var origin = func() (o struct {
	at time.Time
	ns int64
},
) {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		panic(err) // Linux has always had it
	}
	o.at, o.ns = time.Now(), ts.Nano()
	return o
}()

// Now is the machine's monotonic clock in nanoseconds, the same in all processes.
func Now() int64 {
	return origin.ns + int64(time.Since(origin.at))
}
