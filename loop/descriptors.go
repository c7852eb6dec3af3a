package loop

import "golang.org/x/sys/unix"

// DescriptorsMax is how many file descriptors this process may have: the soft limit, which Go's runtime raises to the hard one at start. 0: it
// can't be known.
func DescriptorsMax() int {
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err != nil || r.Cur > 1<<30 {
		return 0
	}
	return int(r.Cur)
}
