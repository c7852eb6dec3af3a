package loop

import (
	"bytes"
	"fmt"
	"math/rand"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"go-xmpp-bosh/timer"
)

// simEnd is one end of a connection whose other end is on the same loop. Both do whatever the dice say.
type simEnd struct {
	sim      *sim
	conn     Conn
	peer     *simEnd
	sent     []byte
	got      []byte
	seen     int  // bytes of the last offer that were left
	finished bool // sends no more
	abrupt   bool // ended so that it may have missed something
	eof      bool
	closes   int
	inside   bool
}

type sim struct {
	t    *testing.T
	r    *rand.Rand
	ends []*simEnd
}

func (e *simEnd) enter(what string) func() {
	if e.inside {
		e.sim.t.Errorf("%s inside a handler", what)
	}
	if e.closes > 0 {
		e.sim.t.Errorf("%s after HandleClose", what)
	}
	e.inside = true
	return func() { e.inside = false }
}

func (e *simEnd) HandleConnect(*Conn) {
	e.sim.t.Error("HandleConnect of a connection that was not dialled")
}
func (e *simEnd) HandleSecure(*Conn)   { defer e.enter("HandleSecure")(); e.act() }
func (e *simEnd) HandleDrain(*Conn)    { defer e.enter("HandleDrain")(); e.act() }
func (e *simEnd) HandleDeadline(*Conn) { defer e.enter("HandleDeadline")(); e.act() }

func (e *simEnd) HandleData(_ *Conn, b []byte) int {
	defer e.enter("HandleData")()
	if e.eof && len(b) != e.seen { // what was left may be offered again
		e.sim.t.Error("data after the end")
	}
	if len(b) < e.seen {
		e.sim.t.Errorf("%d bytes offered, %d were left", len(b), e.seen)
	}
	n := len(b)
	if e.sim.r.Intn(3) == 0 {
		n = e.sim.r.Intn(n + 1)
	}
	e.got = append(e.got, b[:n]...)
	e.seen = len(b) - n
	e.act()
	return n
}

func (e *simEnd) HandleEOF(*Conn) {
	defer e.enter("HandleEOF")()
	if e.eof {
		e.sim.t.Error("a second end")
	}
	e.eof = true
	e.act()
}

func (e *simEnd) HandleClose(_ *Conn, err error) {
	defer e.enter("HandleClose")()
	e.closes++
	if err != nil {
		e.abrupt = true
	}
}

// act does something with one of the connections, not always this one.
func (e *simEnd) act() {
	r := e.sim.r
	if r.Intn(4) == 0 {
		e = e.sim.ends[r.Intn(len(e.sim.ends))]
	}
	c := &e.conn
	if c.Closed() {
		return
	}
	switch r.Intn(12) {
	case 0, 1, 2, 3:
		if e.finished || c.Pressed() {
			return
		}
		b := make([]byte, 1+r.Intn(1<<uint(r.Intn(17))))
		r.Read(b)
		c.Write(b)
		e.sent = append(e.sent, b...)
	case 4, 5:
		c.Pause()
	case 6, 7:
		c.Resume()
	case 8:
		c.SetDeadline(c.Now() + timer.Time(r.Intn(10)))
	case 9:
		if r.Intn(8) == 0 {
			c.CloseWrite()
			e.finished = true
		}
	case 10:
		if r.Intn(30) == 0 {
			e.finished, e.abrupt = true, true // what the other has sent is lost
			c.Close()
		}
	case 11:
		if r.Intn(60) == 0 {
			e.finished, e.abrupt, e.peer.abrupt = true, true, true
			c.Abort()
		}
	}
}

// dicey reads and writes less than it could, and is interrupted.
type dicey struct {
	kernel
	r *rand.Rand
}

func (k *dicey) some(n int) int {
	if n > 0 && k.r.Intn(2) == 0 {
		return 1 + k.r.Intn(n)
	}
	return n
}

func (k *dicey) read(fd int, b []byte) (int, syscall.Errno) {
	if k.r.Intn(10) == 0 {
		return 0, syscall.EINTR
	}
	return k.kernel.read(fd, b[:k.some(len(b))])
}

func (k *dicey) writev(fd int, a, b []byte) (int, syscall.Errno) {
	if k.r.Intn(10) == 0 {
		return 0, syscall.EINTR
	}
	if len(a) > 0 {
		if n := k.some(len(a)); n < len(a) {
			return k.kernel.write(fd, a[:n])
		}
	}
	return k.kernel.writev(fd, a, b[:k.some(len(b))])
}

// Whatever handlers do and the kernel leaves undone: every byte once and in order, every end told once, nothing left behind.
func TestSimulation(t *testing.T) {
	seeds := 25
	if raceEnabled || testing.Short() {
		seeds = 8
	}
	id := newIdentity(t)
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { simulate(t, int64(seed), id) })
	}
}

func simulate(t *testing.T, seed int64, id identity) {
	k, err := newLinux()
	if err != nil {
		t.Fatal(err)
	}
	p, err := openPoller()
	if err != nil {
		t.Fatal(err)
	}
	s := &sim{t: t, r: rand.New(rand.NewSource(seed))}
	l, err := newLoop(Config{HighWater: 50_000, LowWater: 5000}, &dicey{k, s.r}, p)
	if err != nil {
		t.Fatal(err)
	}
	w := runWorld(t, l)
	w.do(func() {
		for i := range 20 {
			fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				t.Fatal(err)
			}
			a, b := &simEnd{sim: s}, &simEnd{sim: s}
			a.peer, b.peer = b, a
			s.ends = append(s.ends, a, b)
			for j, e := range []*simEnd{a, b} {
				if s.r.Intn(2) == 0 {
					_ = unix.SetsockoptInt(fds[j], unix.SOL_SOCKET, unix.SO_SNDBUF, 1)
				}
				l.establish(&e.conn, e, fds[j])
				if i%3 == 2 && j == 0 {
					e.conn.StartTLS(id.server(0), true)
				} else if i%3 == 2 {
					e.conn.StartTLS(id.client(0), false)
				}
			}
		}
	})
	for range 600 {
		w.do(func() { s.ends[s.r.Intn(len(s.ends))].act() })
	}
	s.finish(w)
	w.do(func() {
		for i, e := range s.ends {
			complete := len(e.got) == len(e.peer.sent)
			if e.closes != 1 || !bytes.HasPrefix(e.peer.sent, e.got) || !complete && !e.abrupt {
				t.Errorf("end %d: %d closes; got %d of %d bytes, abrupt %v", i, e.closes, len(e.got), len(e.peer.sent), e.abrupt)
			}
		}
		if l.Conns() != 0 || len(l.later)+len(l.dirty)+len(l.dead) != 0 {
			t.Error("something is left")
		}
	})
}

// finish lets every end read what there is and close.
func (s *sim) finish(w *world) {
	for _, e := range s.ends {
		w.do(func() {
			if !e.conn.Closed() {
				e.conn.CloseWrite()
				e.finished = true
			}
		})
	}
	for end := time.Now().Add(patience); ; {
		left := 0
		for _, e := range s.ends {
			w.do(func() {
				if e.conn.Closed() {
					return
				}
				left++
				if e.eof && e.peer.eof && e.seen == 0 || e.peer.closes > 0 && e.conn.Pending() == 0 && e.eof && e.seen == 0 {
					e.conn.Close()
					return
				}
				e.conn.Pause()
				e.conn.Resume()
			})
		}
		if left == 0 {
			break
		}
		if time.Now().After(end) {
			w.Fatalf("%d ends don't come to an end", left)
		}
	}
	for left := 1; left > 0; {
		w.do(func() { left = w.l.Conns() })
	}
}
