package demo

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// The limits that no setting changes.
const (
	saslTriesMax   = 3         // failed SASL attempts on one stream (RFC 6120 §6.4.5)
	depthMax       = 128       // elements inside one another
	elementsMax    = 16 << 10  // elements of one stanza
	attrsMax       = 64        // attributes of one element
	declsMax       = 256       // namespace declarations in scope
	outboxBytesMax = 4 << 20   // output that waits for one peer; more ends its session
	outboxBytesHi  = 256 << 10 // output from which on its senders are slowed down
	rosterMax      = 1000      // contacts of one account
	asksMax        = 1000      // unanswered subscription requests to one account
	sessionsMax    = 1000      // sessions of one account
	directedMax    = 100       // addresses that one session sent presence to without a subscription
	presenceBytes  = 8 << 10   // of one presence stanza: it is kept
	vcardBytesMax  = 64 << 10
	storeBytesMax  = 64 << 20 // what all accounts keep
)

// Deadlines. A peer that reads keeps none of them waiting.
const (
	closeWait    = 2 * time.Second  // for the last bytes to be taken
	lingerWait   = 2 * time.Second  // for the peer to close after that
	throttleWait = 10 * time.Second // longest stop of a sender for a receiver's sake
)

// Config is what Start wants to know. Only Domain has to be given.
type Config struct {
	Domain       string        // the one domain served
	Password     string        // the password of every user; "": any password, and ANONYMOUS
	Logger       *slog.Logger  // nil: no log
	LoginTimeout time.Duration // from accept to the bound resource; 0: 30 s
	StanzaBytes  int           // largest stanza taken; 0: 256 KiB
	Conns        int           // connections at once; 0: 10,000
}

// Server is a running server.
type Server struct {
	cfg    Config
	ln     net.Listener
	scram  map[string]*scramKeys // by mechanism; nil without a password
	nconns sync.WaitGroup        // the accept loop and every connection

	mu       sync.Mutex // guards what follows, and the fields of conn and account that say so
	closed   bool
	conns    map[*conn]struct{}
	accounts map[string]*account // by user name
	stored   int                 // bytes, see charge
}

// Start listens on a free port of 127.0.0.1 and serves until Close.
func Start(cfg Config) (*Server, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.LoginTimeout == 0 {
		cfg.LoginTimeout = 30 * time.Second
	}
	if cfg.StanzaBytes == 0 {
		cfg.StanzaBytes = 256 << 10
	}
	if cfg.Conns == 0 {
		cfg.Conns = 10_000
	}
	domain, ok := parseJID(cfg.Domain)
	if !ok || domain.local != "" || domain.resource != "" {
		return nil, fmt.Errorf("demo: %q is not a domain", cfg.Domain)
	}
	cfg.Domain = domain.domain
	s := &Server{cfg: cfg, conns: map[*conn]struct{}{}, accounts: map[string]*account{}}
	if cfg.Password != "" {
		var err error
		if s.scram, err = newScram(cfg.Password); err != nil {
			return nil, fmt.Errorf("demo: %w", err)
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	s.ln = ln
	s.nconns.Go(s.accept)
	return s, nil
}

// Addr is where the server listens.
func (s *Server) Addr() netip.AddrPort {
	return s.ln.Addr().(*net.TCPAddr).AddrPort()
}

// Close ends every session with system-shutdown and returns when all connections are gone, which peers can delay by seconds.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.ln.Close()
	for c := range s.conns {
		c.end(streamError("system-shutdown"))
	}
	s.mu.Unlock()
	s.nconns.Wait()
}

// accept takes connections until the listener is closed.
func (s *Server) accept() {
	for {
		nc, err := s.ln.Accept()
		s.mu.Lock()
		closed, full := s.closed, len(s.conns) >= s.cfg.Conns
		switch {
		case err != nil:
		case closed || full:
			nc.Close()
		default:
			c := newConn(s, nc.(*net.TCPConn))
			s.conns[c] = struct{}{}
			s.nconns.Go(func() { s.serve(c) })
		}
		s.mu.Unlock()
		if closed {
			return
		}
		if err != nil || full { // no file descriptor, or too many connections: give them time to end
			s.cfg.Logger.Warn("demo server takes no connection", "error", err)
			time.Sleep(50 * time.Millisecond)
		}
	}
}

// serve runs one connection. A panic is a bug and ends that connection alone: the proxy lives in this process too.
func (s *Server) serve(c *conn) {
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Logger.Error("demo server: panic", "panic", p, "stack", string(debug.Stack()))
			s.mu.Lock()
			if c.acct != nil && c.acct.sessions[c.me.resource] == c {
				delete(c.acct.sessions, c.me.resource)
			}
			s.mu.Unlock()
		}
		c.out.close()
		c.nc.Close()
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
	c.serve()
}

// local says whether j is a user of this server.
func (s *Server) local(j jid) bool { return j.domain == s.cfg.Domain && j.local != "" }

// mechanisms lists what SASL offers, the strongest first.
func (s *Server) mechanisms() []string {
	if s.scram != nil {
		return []string{"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"}
	}
	return []string{"PLAIN", "ANONYMOUS"}
}

// features is what the stream offers before the log-in.
func (s *Server) features() string {
	return "<mechanisms xmlns='" + nsSASL + "'><mechanism>" +
		strings.Join(s.mechanisms(), "</mechanism><mechanism>") + "</mechanism></mechanisms>"
}
