package proxy

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/google/uuid"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// Server is one loop with everything that lives on it.
type Server struct {
	cfg       Config
	log       *slog.Logger
	complain  complaints
	access    accessLog
	loop      *loop.Loop
	listeners []*loop.Listener // the first secureFrom of them for HTTP, the others for HTTPS

	secureFrom int

	peers     []*Server // of its Group, itself included; nil without one
	index     int       // its place there
	shared    *shared
	elsewhere *Server // where the session of the request at hand lives, if not here

	clients  slab[client]
	sessions slab[session]
	backends slab[backend]
	sockets  slab[socket]
	seq      uint32 // number of the newest request

	routes      routes
	origins     origins
	httpLimits  httpparse.Limits
	pipelineMax int               // of one connection
	descriptors int               // that sessions may take
	request     httpparse.Request // scratch of the request being served
	bodies      bosh.Parser
	boshConfig  bosh.Config
	env         bosh.Env
	streams     xmppconn.Env
	sockConfig  wsconn.Config
	socketEnv   wsconn.Env
	shake       wsframe.Options
	names       names
	tickets     tls.ClientSessionCache // of all backends: a resumed handshake costs a fraction
	scratch     []byte                 // one response head and a short body
	path        []byte                 // one cleaned path
	data        []byte                 // the data of one GET
	script      []byte                 // one answer as a script
	packer      packer
	unpacker    unpacker
	date        [httpparse.DateSize]byte
	dateOf      int64 // the second that date shows

	admission admission
	room      room
	ebb       ebb
	settling
	stats     stats
	program   *program // that the server is part of; nil: none
	pages     pages
	files     fileTable
	published atomic.Pointer[Stats] // for the other loops of a Group
	callers   callers
	probes    map[uint32]*probe // of a Prober
	drain     drain
}

// New makes a server and binds its addresses; nothing is accepted before Run.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg:        cfg,
		log:        cfg.Logger,
		index:      cfg.loopIndex,
		drain:      drain{wait: drainGrace},
		shared:     cmp.Or(cfg.shared, newShared(1)),
		routes:     newRoutes(cfg.Path, cfg.WebSocketPaths),
		httpLimits: httpparse.DefaultLimits,

		pipelineMax: pipelineMax(cfg.Sessions),
	}
	s.httpLimits.BodyBytes = cfg.MaxDataHeld
	if s.origins, err = newOrigins(cfg.AllowOrigins, cfg.HTTPHeaders); err != nil {
		return nil, err
	}
	if s.files, err = newFiles(cfg.Files, cfg.HTTPHeaders); err != nil {
		return nil, err
	}
	loopConfig := loop.Config{ReusePort: cfg.loops > 1, HandleTimer: s.handleTimer, Logger: cfg.Logger, KeepAlive: cfg.HTTPKeepAlive, HandleShortage: s.makeRoom}
	if cfg.SurvivePanics {
		loopConfig.HandlePanic = s.handlePanic
	}
	s.loop, err = loop.New(loopConfig)
	if err != nil {
		return nil, fmt.Errorf("starting the event loop: %w", err)
	}
	s.startProgram()
	s.startNames()
	s.tickets = tls.NewLRUClientSessionCache(ticketsMax)
	s.boshConfig = *cfg.Sessions
	s.boshConfig.BodyBytesMax = cfg.MaxDataHeld
	s.boshConfig.Accept = "gzip,deflate"
	scan := xmlstream.NewPool()
	s.env = bosh.Env{Config: &s.boshConfig, Out: (*boshOutput)(s), Buffers: s.loop.Buffers(), Parser: &s.bodies}
	s.streams = xmppconn.NewEnv((*streamOutput)(s), s.loop.Buffers(), scan)
	s.streams.StanzaBytesMax = cfg.MaxStanzaSize
	s.sockConfig = *cfg.WebSockets
	s.sockConfig.MessageBytesMax = cfg.MaxStanzaSize
	s.socketEnv = wsconn.Env{
		Config: &s.sockConfig, Out: (*socketOutput)(s), Buffers: s.loop.Buffers(), Frames: wsframe.NewPool(s.loop.Buffers()), Scan: scan,
	}
	s.shake = wsframe.Options{Subprotocol: "xmpp", Compress: !cfg.NoCompression}
	s.limitSessions()
	if err := s.listen(); err != nil {
		s.loop.Stop()
		return nil, errors.Join(err, s.loop.Run()) // which releases what a stopped loop holds
	}
	return s, nil
}

// Run serves until Shutdown or Stop. It is called once.
func (s *Server) Run() error {
	s.announce()
	defer s.watchCertificates()()
	return s.run()
}

func (s *Server) run() error {
	err := s.loop.Run()
	if s.program != nil {
		s.program.finish()
	}
	return err
}

// Stop ends the server at once. It may be called from any goroutine.
func (s *Server) Stop() { s.loop.Stop() }

func (s *Server) now() timer.Time       { return s.loop.Now() }
func (s *Server) buffers() *buffer.Pool { return s.loop.Buffers() }

// random gives 122 unpredictable bits, for a session's or a stream's name (XEP-0124 §19.3).
func (s *Server) random() [16]byte { return uuid.New() }

// appendHead renders a response head for exchange e.
func (s *Server) appendHead(dst []byte, h *httpparse.Head, e *exchange, bodyBytes int) []byte {
	if now := s.loop.WallSeconds(); now != s.dateOf {
		s.dateOf = now
		httpparse.AppendDate(s.date[:0], now)
	}
	s.stats.Responses[h.Status()]++
	return h.Append(dst, s.date[:], bodyBytes, e.keepAlive, int(e.minor))
}

// The kinds of timers, in the upper half of a node's key; the lower half is the slot.
const (
	keySession uint32 = iota + 1
	keySearch
	keyNames
	keyServer
	keyHistory
	keyLag
	keyLogins
	keyEbb
)

// handleTimer is called by the loop for every timer that fires.
func (s *Server) handleTimer(key uint64) {
	s.enter()
	switch uint32(key >> 32) {
	case keySession:
		if ss := s.sessions.get(uint32(key)); ss != nil {
			s.handleSessionTimer(ss)
		}
	case keySearch:
		s.handleSearchTimer(uint32(key))
	case keyNames:
		s.names.handleTimer()
	case keyServer:
		s.handleDrainTimer()
	case keyHistory:
		s.handleHistoryTimer()
	case keyLag:
		s.handleLagTimer()
	case keyLogins:
		s.handleLoginTimer()
	case keyEbb:
		s.handleEbbTimer()
	}
	s.settle()
}
