package admin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"go-xmpp-bosh/proxy"
)

// Source is what is shown: a proxy.Server, or a proxy.Group.
type Source interface {
	Stats(ctx context.Context) (*proxy.Stats, error)
	Observe(ctx context.Context) (*proxy.Stats, error) // Stats, and for a while more is measured
	Sessions(ctx context.Context, from string, limit int) (proxy.SessionPage, error)
	EndSession(ctx context.Context, id string) (bool, error)
}

// patience is how long a loop may take to answer.
const patience = 2 * time.Second

// Server is the operator's HTTP server.
type Server struct {
	source   Source
	log      *slog.Logger
	listener net.Listener
	http     http.Server
}

// Listen binds the address, which is HOST:PORT; with port 0 a free one is taken. Nothing is served before Serve.
func Listen(address, version string, source Source, log *slog.Logger) (*Server, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--admin: %w", err)
	}
	s := &Server{source: source, log: log, listener: l}
	s.http = http.Server{
		Handler:           s.handler(version),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

// Addr is the address that is listened on.
func (s *Server) Addr() netip.AddrPort {
	return s.listener.Addr().(*net.TCPAddr).AddrPort()
}

// Serve serves until Close.
func (s *Server) Serve() {
	s.log.Info("admin", "address", "http://"+s.Addr().String())
	if !s.Addr().Addr().IsLoopback() {
		s.log.Warn("--admin is not on loopback: whoever can reach it can end sessions; keep others away with a firewall", "address", s.Addr())
	}
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		s.log.Error("the admin server has ended", "reason", err)
	}
}

// Close ends it at once.
func (s *Server) Close() error {
	return errors.Join(s.http.Close(), ignoreClosed(s.listener.Close())) // the latter for one that was never served
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (s *Server) handler(version string) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(newCollector(s.source, version), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, ErrorHandling: promhttp.HTTPErrorOnError}))
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("GET /sessions", s.list)
	mux.HandleFunc("DELETE /sessions/{id}", s.end)
	mux.HandleFunc("POST /sessions/{id}/end", s.end)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /{$}", index)
	return guard(mux)
}

// index names what there is.
func index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, "bosh-server: /metrics /healthz /readyz /sessions /debug/pprof/\n")
}
