package loop

import (
	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
)

// Loop is one reactor. All its methods but Post and Stop, and all methods of its connections, are for the goroutine of Run (or, before Run, for the one
// that made the loop).
type Loop struct {
	cfg    Config
	kernel kernel
	poller poller

	table     []*Conn // by descriptor
	listeners []*Listener
	packets   map[int]*Packet // by descriptor
	conns     int
	buffers   buffer.Pool
	extras    []*extra // free
	shared    []byte   // what is read lands here: readBytesMax behind a small tail
	clear     []byte   // the same for what is decrypted; made when it is first needed

	clock
	work
	posting
	handshakes

	spare int // a descriptor to be given up when there are none left; -1 = given up

	dropped     int        // connections, since it was last said in the log
	droppedSaid timer.Time // when that was
	restSaid    timer.Time // when it was last said that a listener rests
	stopping    bool
	ended       bool // Run is over: nothing can be begun
}

// New makes a loop. It holds a few descriptors, which Run gives back; a loop that won't be run is released by Stop and then Run.
func New(cfg Config) (*Loop, error) {
	k, err := newLinux()
	if err != nil {
		return nil, err
	}
	k.keepAlive = cfg.withDefaults().KeepAlive
	p, err := openPoller()
	if err != nil {
		return nil, err
	}
	l, err := newLoop(cfg, k, p)
	if err != nil {
		_ = p.close()
		return nil, err
	}
	return l, nil
}

// newLoop makes a loop on any kernel.
func newLoop(cfg Config, k kernel, p poller) (*Loop, error) {
	l := &Loop{
		cfg:    cfg.withDefaults(),
		kernel: k,
		poller: p,
		shared: make([]byte, tailBytesSmall+readBytesMax),
		spare:  -1,
	}
	l.slots = make(chan struct{}, l.cfg.Handshakes)
	if err := l.startClock(); err != nil {
		return nil, err
	}
	l.openSpare()
	return l, nil
}

// Run serves until Stop; then it closes everything, calling HandleClose for each connection, and returns nil. It is called once.
func (l *Loop) Run() error {
	var err error
	l.tick()
	l.settle()
	if l.start() {
		err = l.poller.poll(l.handleEvent)
	}
	l.shutdown()
	return err
}

// Stop ends Run, now or when it begins. It may be called from any goroutine, and more than once.
func (l *Loop) Stop() { l.requestStop() }

// shutdown lets go of everything.
func (l *Loop) shutdown() {
	l.stopping = true
	for _, ls := range append([]*Listener(nil), l.listeners...) {
		ls.Close()
	}
	l.closePackets()
	for range roundsMax { // a handler that dials again from HandleClose gets ErrStopped, but not for ever
		for _, c := range l.table {
			if c != nil {
				c.die(nil)
			}
		}
		l.settle()
	}
	l.ended = true
	l.endPosting()
	l.returnParcels()
	l.closeNow()
	l.kernel.close(l.timerFD)
	if l.spare >= 0 {
		l.kernel.close(l.spare)
	}
	_ = l.poller.close()
}

// Buffers is the loop's pool of byte slices.
func (l *Loop) Buffers() *buffer.Pool { return &l.buffers }

// Conns is the number of connections, those included that are being established or closed.
func (l *Loop) Conns() int { return l.conns }

// SetTimer arms n, or moves it: Config.HandleTimer is called with n.Key at due, or soon when that has passed.
func (l *Loop) SetTimer(n *timer.Node, due timer.Time) {
	l.timers.Set(n, due)
	l.moved = true
}

// CancelTimer disarms n; nothing happens when it isn't armed.
func (l *Loop) CancelTimer(n *timer.Node) { l.timers.Cancel(n) }

// enter puts c into the table.
func (l *Loop) enter(c *Conn, fd int) {
	for fd >= len(l.table) {
		l.table = append(l.table, make([]*Conn, max(64, len(l.table)))...)
	}
	l.table[fd] = c
	c.fd = int32(fd)
}

// at finds the connection of a descriptor.
func (l *Loop) at(fd int) *Conn {
	if uint(fd) < uint(len(l.table)) {
		return l.table[fd]
	}
	return nil
}

// handleEvent is one callback of the poller.
func (l *Loop) handleEvent(fd int, ev events) bool {
	l.tick()
	l.guarded(func() { l.dispatch(fd, ev) })
	l.settle()
	return !l.stopping
}

func (l *Loop) dispatch(fd int, ev events) {
	if c := l.at(fd); c != nil {
		c.handleEvent(ev)
		return
	}
	if fd == l.timerFD {
		l.handleTimers()
		return
	}
	if p := l.packets[fd]; p != nil {
		p.handleReadable()
		return
	}
	for _, ls := range l.listeners {
		if ls.fd == fd {
			ls.handleReadable()
			return
		}
	}
	// else it was closed by an earlier callback of this batch
}
