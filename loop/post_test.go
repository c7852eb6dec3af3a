package loop

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func TestPostFromManyGoroutines(t *testing.T) {
	w := newWorld(t, Config{})
	const goroutines, each = 20, 500
	last := make([]int, goroutines)
	count := 0
	var posted, ran sync.WaitGroup
	ran.Add(goroutines * each)
	for g := range goroutines {
		posted.Go(func() {
			for i := range each {
				w.l.Post(func() {
					defer ran.Done()
					if last[g]++; last[g] != i+1 {
						t.Errorf("goroutine %d: %d before its turn", g, i)
					}
					count++
				})
			}
		})
	}
	posted.Wait()
	ran.Wait()
	w.do(func() {
		if count != goroutines*each {
			t.Errorf("%d ran, want %d", count, goroutines*each)
		}
	})
}

// A function that posts itself for ever leaves the sockets their turns.
func TestSelfPostingLeavesTurns(t *testing.T) {
	w := newWorld(t, Config{})
	stop := false
	var again func()
	again = func() {
		if !stop {
			w.l.Post(again)
		}
	}
	w.do(again)
	fd, peer := pair(t)
	o := w.open(fd)
	for range 20 {
		send(t, peer, "x")
		o.want("data x")
	}
	w.do(func() { stop = true })
}

func TestPostAfterTheEnd(t *testing.T) {
	w := newWorld(t, Config{})
	if !w.l.Post(func() {}) {
		t.Error("a loop that runs takes nothing")
	}
	w.stop()
	if w.l.Post(func() { t.Error("ran after the end") }) {
		t.Error("a loop that has ended takes more")
	}
	w.l.Stop()
	if _, err := w.l.Listen("127.0.0.1:0", nil); !errors.Is(err, ErrStopped) {
		t.Errorf("Listen after the end: %v", err)
	}
}

func TestStopBeforeRun(t *testing.T) {
	l, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Listen("127.0.0.1:0", nil); err != nil {
		t.Fatal(err)
	}
	l.Stop()
	if err := l.Run(); err != nil {
		t.Fatal(err)
	}
}

func TestStopFromInside(t *testing.T) {
	for name, stop := range map[string]func(w *world){
		"posted": func(w *world) { w.l.Post(w.l.Stop) },
		"data": func(w *world) {
			fd, peer := pair(t)
			w.open(fd, func(o *owner) { o.onData = func(*Conn, []byte) int { w.l.Stop(); return 1 } })
			send(t, peer, "x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Config{})
			stop(w)
			if err := <-w.done; err != nil {
				t.Error(err)
			}
			w.done <- nil
		})
	}
}

// Every descriptor is given back.
func TestRunGivesEverythingBack(t *testing.T) {
	closed := 0
	w := newFaultyWorld(t, Config{}, func(k *faultyKernel) { k.onClose = func(int) { closed++ } })
	w.listen("127.0.0.1:0")
	w.listen("127.0.0.1:0")
	for range 10 {
		fd, _ := pair(t)
		w.open(fd)
	}
	w.stop()
	if want := 2 + 10 + 2; closed != want { // and the timer and the spare
		t.Errorf("%d descriptors closed, want %d", closed, want)
	}
}

// A panic in a handler costs its connection, when the loop is asked to go on.
func TestPanicCostsOneConnection(t *testing.T) {
	var values []any
	w := newWorld(t, Config{HandlePanic: func(v any, stack []byte) {
		values = append(values, v)
		if !strings.Contains(string(stack), "TestPanicCostsOneConnection") {
			t.Error("the stack doesn't show where")
		}
	}})
	fd, peer := pair(t)
	bad := w.open(fd, func(o *owner) {
		o.onData = func(*Conn, []byte) int { panic("a bug") }
		o.onClose = func(*Conn, error) { panic("another") }
	})
	fd2, peer2 := pair(t)
	good := w.open(fd2)
	send(t, peer, "x")
	bad.want("data x", "close <nil>")
	send(t, peer2, "y")
	good.want("data y")
	w.l.Post(func() { panic("posted") })
	w.do(func() {
		if len(values) != 3 {
			t.Errorf("told of %v", values)
		}
	})
}

// No goroutine per connection.
func TestIdleConnectionsHaveNoGoroutine(t *testing.T) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < 3000 {
		t.Skip("needs 3,000 descriptors")
	}
	w := newWorld(t, Config{})
	ls, owners := w.listen("127.0.0.1:0")
	k := new(linux)
	before := runtime.NumGoroutine()
	fds := make([]int, 1000)
	for i := range fds {
		fd, errno := k.connect(ls.Addr())
		if errno != 0 {
			t.Fatal(errno)
		}
		fds[i] = fd
	}
	for range fds {
		<-owners
	}
	w.do(func() {
		if w.l.Conns() != len(fds) {
			t.Errorf("%d connections", w.l.Conns())
		}
	})
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines, %d before", after, before)
	}
	w.wantSleep()
	for _, fd := range fds {
		k.close(fd)
	}
}
