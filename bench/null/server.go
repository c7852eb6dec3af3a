package null

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"go-xmpp-bosh/bench/epoll"
)

// Server is a running backend. Its methods but Stop, Do and Addr belong to the goroutine that calls Run.
type Server struct {
	poll     *epoll.Poller
	listener int
	at       netip.AddrPort
	conns    map[int]*conn // by descriptor, for accepting and closing
	table    []*conn       // the same, for finding
	accepted int
	echoed   uint64
	buf      []byte
	reply    []byte
	push     pusher
	tasks    chan func()
	stopped  bool
}

// New makes one that listens on a free port; arrived counts the pushed messages that have reached their clients.
func New(arrived epoll.Counter) (*Server, error) {
	poll, err := epoll.NewPoller()
	if err != nil {
		return nil, err
	}
	listener, at, err := epoll.Listen()
	if err != nil {
		return nil, err
	}
	s := &Server{poll: poll, listener: listener, at: at, conns: map[int]*conn{}, buf: make([]byte, 64<<10), tasks: make(chan func(), 16)}
	s.push.arrived = arrived
	return s, poll.Add(listener)
}

// Addr is where it listens.
func (s *Server) Addr() netip.AddrPort { return s.at }

// Do runs f between two events, and returns when it has run.
func (s *Server) Do(f func()) {
	done := make(chan struct{})
	s.tasks <- func() { f(); close(done) }
	s.poll.Wake()
	<-done
}

// Stop ends Run.
func (s *Server) Stop() { s.Do(func() { s.stopped = true }) }

// Run serves until Stop.
func (s *Server) Run() error {
	for !s.stopped {
		events, err := s.poll.Wait(s.patience())
		if err != nil {
			return err
		}
		for _, e := range events {
			if err := s.handle(e); err != nil {
				return err
			}
		}
		s.runTasks()
		s.pushSome()
	}
	for fd := range s.conns {
		s.drop(fd)
	}
	epoll.Close(s.listener)
	s.poll.Close()
	return nil
}

func (s *Server) patience() time.Duration {
	switch {
	case !s.push.on:
		return -1
	case s.push.full():
		return 200 * time.Microsecond // the window opens without an event of ours
	}
	return 0
}

func (s *Server) runTasks() {
	for {
		select {
		case f := <-s.tasks:
			f()
		default:
			return
		}
	}
}

func (s *Server) handle(e epoll.Event) error {
	if e.FD == s.listener {
		return s.accept()
	}
	c := s.find(e.FD)
	if c == nil {
		return nil
	}
	if e.Writable {
		if err := c.out.Flush(s.poll, e.FD); err != nil {
			s.drop(e.FD)
			return nil
		}
	}
	if e.Readable && !s.read(e.FD, c) {
		s.drop(e.FD)
	}
	return nil
}

func (s *Server) accept() error {
	for range 64 {
		fd, err := epoll.Accept(s.listener)
		if errors.Is(err, epoll.ErrTooManyFiles) {
			return fmt.Errorf("null backend: %w after %d connections", err, len(s.conns))
		}
		if fd < 0 {
			return err
		}
		s.accepted++
		c := &conn{number: s.accepted}
		s.conns[fd] = c
		for len(s.table) <= fd {
			s.table = append(s.table, nil)
		}
		s.table[fd] = c
		if err := s.poll.Add(fd); err != nil {
			return err
		}
	}
	return nil
}

// read takes what came and answers it; false: the connection is over.
func (s *Server) read(fd int, c *conn) bool {
	n, err := epoll.Read(fd, s.buf)
	if err != nil {
		return false
	}
	b := s.buf[:n]
	if len(c.begun) > 0 {
		c.begun = append(c.begun, b...)
		b = c.begun
	}
	reply, consumed, echoed, over, err := c.handle(b, s.reply[:0])
	s.reply = reply[:0]
	s.echoed += uint64(echoed)
	switch rest := b[consumed:]; {
	case len(rest) == 0:
		c.begun = nil
	default:
		c.begun = append([]byte(nil), rest...)
	}
	if len(reply) > 0 {
		if sendErr := c.out.Send(s.poll, fd, reply); sendErr != nil {
			return false
		}
	}
	return err == nil && !over
}

func (s *Server) find(fd int) *conn {
	if fd < len(s.table) {
		return s.table[fd]
	}
	return nil
}

func (s *Server) drop(fd int) {
	epoll.Close(fd)
	delete(s.conns, fd)
	s.table[fd] = nil
}

// Figures are what a server has counted.
type Figures struct {
	Open   int    `json:"open"`   // connections
	Echoed uint64 `json:"echoed"` // messages
	Pushed uint64 `json:"pushed"` // messages, of the last push
}

// Figures counts; it is called inside Do.
func (s *Server) Figures() Figures {
	return Figures{Open: len(s.conns), Echoed: s.echoed, Pushed: s.push.sent}
}
