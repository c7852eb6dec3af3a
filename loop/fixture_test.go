package loop

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"go-xmpp-bosh/timer"
)

// patience bounds every wait in these tests; it is never waited out when they pass.
const patience = 20 * time.Second

// world is a loop that runs.
type world struct {
	*testing.T
	l    *Loop
	done chan error
}

// newWorld makes a loop and runs it until the test is over.
func newWorld(t *testing.T, cfg Config) *world {
	t.Helper()
	if cfg.HandshakeTimeout == 0 {
		cfg.HandshakeTimeout = timer.Minute // a machine under load is slow; tests of the time-out set their own
	}
	l, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return runWorld(t, l)
}

// newFaultyWorld runs a loop on a kernel that fault may change.
func newFaultyWorld(t *testing.T, cfg Config, fault func(*faultyKernel)) *world {
	t.Helper()
	k, err := newLinux()
	if err != nil {
		t.Fatal(err)
	}
	p, err := openPoller()
	if err != nil {
		t.Fatal(err)
	}
	f := &faultyKernel{kernel: k}
	fault(f)
	l, err := newLoop(cfg, f, p)
	if err != nil {
		t.Fatal(err)
	}
	return runWorld(t, l)
}

func runWorld(t *testing.T, l *Loop) *world {
	w := &world{T: t, l: l, done: make(chan error, 1)}
	go func() { w.done <- l.Run() }()
	t.Cleanup(w.stop)
	return w
}

func (w *world) stop() {
	w.Helper()
	w.l.Stop()
	select {
	case err := <-w.done:
		if err != nil {
			w.Errorf("Run: %v", err)
		}
		w.done <- nil
	case <-time.After(patience):
		w.Fatal("Run doesn't end")
	}
}

// do runs f on the loop and waits for it.
func (w *world) do(f func()) {
	w.Helper()
	done := make(chan struct{})
	w.l.Post(func() { defer close(done); f() })
	select {
	case <-done:
	case <-time.After(patience):
		w.Fatal("the loop doesn't come to what was posted")
	}
}

// rounds lets the loop go round n times.
func (w *world) rounds(n int) {
	w.Helper()
	for range n {
		w.do(func() {})
	}
}

// open gives the loop a connection on fd. How its handler behaves is set up before.
func (w *world) open(fd int, setup ...func(o *owner)) *owner {
	w.Helper()
	o := newOwner(w.T)
	for _, f := range setup {
		f(o)
	}
	w.do(func() {
		if !w.l.establish(&o.conn, o, fd) {
			w.Error("not established")
		}
	})
	return o
}

// owner is a handler that writes down what happens, and does what it was told.
type owner struct {
	t      *testing.T
	conn   Conn
	events chan string

	onConnect, onEOF, onDrain, onSecure, onDeadline func(c *Conn)
	onData                                          func(c *Conn, b []byte) int
	onClose                                         func(c *Conn, err error)
	closes                                          int
	quiet                                           bool // data isn't written down
	accepted                                        bool // its connect isn't written down, but counted
	connects                                        int
}

func newOwner(t *testing.T) *owner { return &owner{t: t, events: make(chan string, 4096)} }

func (o *owner) note(e string) { o.events <- e }

func call(f func(*Conn), c *Conn) {
	if f != nil {
		f(c)
	}
}

func (o *owner) HandleConnect(c *Conn) {
	if o.connects++; !o.accepted {
		o.note("connect")
	}
	call(o.onConnect, c)
}
func (o *owner) HandleEOF(c *Conn)      { o.note("eof"); call(o.onEOF, c) }
func (o *owner) HandleDrain(c *Conn)    { o.note("drain"); call(o.onDrain, c) }
func (o *owner) HandleSecure(c *Conn)   { o.note("secure"); call(o.onSecure, c) }
func (o *owner) HandleDeadline(c *Conn) { o.note("deadline"); call(o.onDeadline, c) }

func (o *owner) HandleData(c *Conn, b []byte) int {
	if !o.quiet {
		o.note("data " + string(b))
	}
	if o.onData != nil {
		return o.onData(c, b)
	}
	return len(b)
}

func (o *owner) HandleClose(c *Conn, err error) {
	if o.closes++; o.closes > 1 {
		o.t.Error("HandleClose came twice")
	}
	if c.live() || c.x != nil || c.tls != nil || c.node.Armed() {
		o.t.Error("the connection isn't empty in HandleClose")
	}
	o.note(fmt.Sprintf("close %v", err))
	if o.onClose != nil {
		o.onClose(c, err)
	}
}

// want waits for the next events; a "*" at the end stands for anything.
func (o *owner) want(events ...string) {
	o.t.Helper()
	for _, want := range events {
		got := o.next()
		if prefix, ok := strings.CutSuffix(want, "*"); ok && strings.HasPrefix(got, prefix) {
			continue
		}
		if got != want {
			o.t.Fatalf("event %q, want %q", clip(got), clip(want))
		}
	}
}

func (o *owner) next() string {
	o.t.Helper()
	select {
	case e := <-o.events:
		return e
	case <-time.After(patience):
		o.t.Fatal("no event")
		return ""
	}
}

// wantNone checks that nothing has been written down.
func (o *owner) wantNone() {
	o.t.Helper()
	select {
	case e := <-o.events:
		o.t.Fatalf("event %q, want none", clip(e))
	default:
	}
}

func clip(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}

// pair makes two connected stream sockets: a descriptor for the loop, and the other end.
func pair(t *testing.T) (int, net.Conn) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return fds[0], goConn(t, fds[1])
}

// tcpPair is pair over loopback, for what only TCP does.
func tcpPair(t *testing.T) (int, *net.TCPConn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	peer, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { peer.Close() })
	_ = peer.SetDeadline(time.Now().Add(patience))
	c, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return dupOf(t, c), peer.(*net.TCPConn)
}

// dupOf takes the descriptor out of a Go connection.
func dupOf(t *testing.T, c net.Conn) int {
	t.Helper()
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	fd := -1
	if err := raw.Control(func(orig uintptr) { fd, err = unix.FcntlInt(orig, unix.F_DUPFD_CLOEXEC, 0) }); err != nil || fd < 0 {
		t.Fatal(err)
	}
	return fd
}

func goConn(t *testing.T, fd int) net.Conn {
	t.Helper()
	f := os.NewFile(uintptr(fd), "peer")
	defer f.Close()
	c, err := net.FileConn(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

func smallSendBuffer(t *testing.T, fd int) {
	t.Helper()
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 1); err != nil {
		t.Fatal(err)
	}
}

func send(t *testing.T, c io.Writer, s string) {
	t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		t.Fatal(err)
	}
}

// receive reads exactly what is wanted.
func receive(t *testing.T, c io.Reader, want string) {
	t.Helper()
	b := make([]byte, len(want))
	if n, err := io.ReadFull(c, b); err != nil || string(b) != want {
		t.Fatalf("received %q (%v), want %q", clip(string(b[:n])), err, clip(want))
	}
}

// receiveEnd reads the end of the stream.
func receiveEnd(t *testing.T, c io.Reader) {
	t.Helper()
	if n, err := c.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Fatalf("read %d, %v, want the end of the stream", n, err)
	}
}

func closeWrite(t *testing.T, c net.Conn) {
	t.Helper()
	if err := c.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
}

// pattern is n bytes that don't repeat soon.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 ^ i>>8 ^ i>>16)
	}
	return b
}

// faultyKernel is a kernel with faults.
type faultyKernel struct {
	kernel
	readMax  int
	writeMax int
	onAccept func(fd int) syscall.Errno // 0: accept
	onSpare  func() syscall.Errno
	onTimer  func(ns int64)
	onClose  func(fd int)
	onWrite  func()
}

func (k *faultyKernel) read(fd int, b []byte) (int, syscall.Errno) {
	if k.readMax > 0 {
		b = b[:min(len(b), k.readMax)]
	}
	return k.kernel.read(fd, b)
}

func (k *faultyKernel) writev(fd int, a, b []byte) (int, syscall.Errno) {
	if k.onWrite != nil {
		k.onWrite()
	}
	if k.writeMax > 0 {
		a = a[:min(len(a), k.writeMax)]
		b = b[:min(len(b), k.writeMax-len(a))]
	}
	return k.kernel.writev(fd, a, b)
}

func (k *faultyKernel) accept(fd int) (int, syscall.Errno) {
	if k.onAccept != nil {
		if errno := k.onAccept(fd); errno != 0 {
			return -1, errno
		}
	}
	return k.kernel.accept(fd)
}

func (k *faultyKernel) openSpare() (int, syscall.Errno) {
	if k.onSpare != nil {
		if errno := k.onSpare(); errno != 0 {
			return -1, errno
		}
	}
	return k.kernel.openSpare()
}

func (k *faultyKernel) setTimer(fd int, ns int64) {
	if k.onTimer != nil {
		k.onTimer(ns)
	}
	k.kernel.setTimer(fd, ns)
}

func (k *faultyKernel) close(fd int) {
	if k.onClose != nil {
		k.onClose(fd)
	}
	k.kernel.close(fd)
}
