package boshserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"

	"go-xmpp-bosh/proxy"
)

// Config is what a Server is told. The zero value of each field but Listen is usable.
type Config struct {
	// Listen has the addresses to accept HTTP and WebSockets on, as host:port; port 0 is any that is free.
	Listen []string

	// Backends say where domains are served, as --backend does: DOMAIN=HOST:PORT. Domains without one are found by the DNS.
	Backends []string

	// Connectors take the streams to their domains. A key is a domain, *.DOMAIN for all below it, or * for all that have no other.
	Connectors map[string]Connector

	Hooks Hooks

	// Logger gets the log; nil: there is none.
	Logger *slog.Logger

	// Loops is how many event loops there are, each on a thread of its own; 0 is one. With several, handlers run at the same time.
	Loops int

	// Adjust may change everything else that bosh-server can be told, when all of the above is in it. These settings may change with any version.
	Adjust func(*proxy.Config) error
}

// Server is an XMPP connection manager inside a program.
type Server struct {
	group    *proxy.Group
	sessions sync.Map // ID → *proxy.SessionRef, from StreamAdd to SessionEnd

	mu      sync.Mutex
	started bool
	done    chan struct{} // closed when the loops have ended
	err     error         // of the loops, once done
}

// New makes a server and binds its addresses; nothing is accepted before Start. One that is not started is released by Shutdown.
func New(cfg Config) (*Server, error) {
	s := &Server{done: make(chan struct{})}
	pc := proxy.Config{Listen: cfg.Listen, Logger: cfg.Logger, SurvivePanics: true, Backends: new(proxy.Backends)}
	for _, b := range cfg.Backends {
		if err := pc.Backends.Add(b); err != nil {
			return nil, fmt.Errorf("backend %q: %w", b, err)
		}
	}
	all, err := newConnectors(cfg.Connectors)
	if err != nil {
		return nil, err
	}
	pc.Program.Hooks = cfg.Hooks.hooks()
	s.register(&pc.Program.Hooks, cfg.Hooks.SessionEnd)
	if len(all) > 0 {
		pc.Program.Carry = all.carry
	}
	if cfg.Adjust != nil {
		if err := cfg.Adjust(&pc); err != nil {
			return nil, err
		}
	}
	if s.group, err = proxy.NewGroup(pc, max(cfg.Loops, 1)); err != nil {
		return nil, err
	}
	return s, nil
}

// register has sessions found by their IDs.
func (s *Server) register(h *proxy.Hooks, end func(Session)) {
	h.Begin = func(ref *proxy.SessionRef) { s.sessions.Store(ref.ID, ref) }
	h.End = func(ref *proxy.SessionRef) {
		s.sessions.Delete(ref.ID)
		if end != nil {
			end(Session{ref})
		}
	}
}

// Session is the session of that ID, if there is one that has a stream, or has had.
func (s *Server) Session(id string) (Session, bool) {
	ref, ok := s.sessions.Load(id)
	if !ok {
		return Session{}, false
	}
	return Session{ref.(*proxy.SessionRef)}, true
}

// Addr is the first address that the server listens on, Addrs has all of them.
func (s *Server) Addr() netip.AddrPort { return s.group.Addrs()[0] }

// Addrs has the addresses that the server listens on.
func (s *Server) Addrs() []netip.AddrPort { return s.group.Addrs() }

// Start lets the server serve, in goroutines of its own. A second call does nothing.
func (s *Server) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started {
		return
	}
	s.started = true
	go func() {
		err := s.group.Run()
		s.mu.Lock()
		s.err = err
		s.mu.Unlock()
		close(s.done)
	}()
}

// Wait waits until a server that was started, or shut down, has ended, and says why if that was a failure.
func (s *Server) Wait() error {
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Shutdown ends all sessions, with system-shutdown, and waits until what was queued has left, for 5 s at most. When ctx is done before, it ends the server at once,
// and gives ctx's error. No handler is called after it has returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.group.Shutdown()
	s.mu.Lock()
	started := s.started
	s.mu.Unlock()
	if !started {
		s.group.Stop() // a server that was stopped before it runs gives back what it holds
		s.Start()
		return s.Wait()
	}
	select {
	case <-s.done:
		return s.Wait()
	case <-ctx.Done():
		s.group.Stop()
		return errors.Join(ctx.Err(), s.Wait())
	}
}
