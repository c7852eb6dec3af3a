package crew

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"

	"golang.org/x/sys/unix"

	"go-xmpp-bosh/bench/epoll"
	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/null"
)

// The hidden first arguments.
const (
	roleNull = "as-null-backend"
	roleLoad = "as-load-generator"
	rolePin  = "as-pinned"
)

// counterFD is the descriptor under which a part finds the shared counter.
const counterFD = 3

// IsPart says whether these arguments make the process a part of the crew; then Main is to be called with them.
func IsPart(args []string) bool {
	return len(args) > 0 && (args[0] == roleNull || args[0] == roleLoad || args[0] == rolePin)
}

// Main is the main function of a part.
func Main(args []string, in io.Reader, out io.Writer) error {
	// Few objects, long-lived: collecting rarely keeps the harness cheaper than what it measures.
	debug.SetGCPercent(800)
	switch args[0] {
	case rolePin:
		return pinned(args[1:])
	}
	// An interrupt at the terminal reaches the whole group; parts end when their input does, so that what was measured until then can be told.
	signal.Ignore(os.Interrupt)
	switch args[0] {
	case roleNull:
		return serveNull(in, out)
	case roleLoad:
		return serveLoad(in, out)
	}
	return fmt.Errorf("no such part: %q", args[0])
}

// pinned gives this process the core and all descriptors it may have, and becomes the command: "CORE PROGRAM ARGUMENTS…". A negative core is any.
func pinned(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: CORE PROGRAM ARGUMENTS")
	}
	core, err := strconv.Atoi(args[0])
	if err != nil {
		return fmt.Errorf("core: %w", err)
	}
	runtime.LockOSThread() // affinity is a thread's, and it is this thread that becomes the command
	if core >= 0 {
		var set unix.CPUSet
		set.Set(core)
		if err := unix.SchedSetaffinity(0, &set); err != nil {
			return fmt.Errorf("pin to core %d: %w", core, err)
		}
	}
	if err := raiseDescriptors(); err != nil {
		return err
	}
	path, err := exec.LookPath(args[1])
	if err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	return fmt.Errorf("exec %s: %w", args[1], unix.Exec(path, args[1:], os.Environ()))
}

func raiseDescriptors() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("descriptor limit: %w", err)
	}
	limit.Cur = limit.Max
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("descriptor limit: %w", err)
	}
	return nil
}

// DescriptorsMax is how many descriptors one process may have.
func DescriptorsMax() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 1024
	}
	return int(min(limit.Max, 1<<20))
}

func serveNull(in io.Reader, out io.Writer) error {
	counter, err := epoll.OpenCounter(counterFD)
	if err != nil {
		return err
	}
	s, err := null.New(counter)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- s.Run() }()
	err = obey(in, out, func(o order) (a answer) {
		do, known := nullOrders[o.Op]
		if !known {
			return answer{Error: fmt.Sprintf("the null backend doesn't know %q", o.Op)}
		}
		s.Do(func() { do(s, o, &a) })
		return a
	})
	s.Stop()
	return errors.Join(err, <-done)
}

func serveLoad(in io.Reader, out io.Writer) error {
	counter, err := epoll.OpenCounter(counterFD)
	if err != nil {
		return err
	}
	var g *load.Generator
	done := make(chan error, 1)
	err = obey(in, out, func(o order) (a answer) {
		if o.Op == opTarget {
			if g, err = load.New(*o.Target, counter); err != nil {
				return answer{Error: err.Error()}
			}
			go func() { done <- g.Run() }()
			return a
		}
		if g == nil {
			return answer{Error: "no target yet"}
		}
		g.Do(func() { a = command(g, o) })
		return a
	})
	if g == nil {
		return err
	}
	g.Stop()
	return errors.Join(err, <-done)
}

func command(g *load.Generator, o order) (a answer) {
	do, known := loadOrders[o.Op]
	if !known {
		return answer{Error: fmt.Sprintf("the load generator doesn't know %q", o.Op)}
	}
	if err := do(g, o, &a); err != nil {
		return answer{Error: err.Error()}
	}
	a.Counts, a.Settled = g.Counts(), g.Settled()
	return a
}
