package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailed  = 1
	exitSetting = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings as parameters.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "doctor" {
		return examine(args[1:], os.Environ(), stdout, stderr)
	}
	s, err := parseSettings(args, os.Environ(), stdout)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return exitOK
	case err != nil:
		complain(stderr, err)
		return exitSetting
	case s.version:
		info, _ := debug.ReadBuildInfo()
		fmt.Fprintln(stdout, versionLine(info))
		return exitOK
	}
	if s.flags.Changed("healthcheck") {
		if err := healthcheck(s.healthcheck); err != nil {
			complain(stderr, err)
			return exitFailed
		}
		return exitOK
	}
	level := new(slog.LevelVar)
	level.Set(s.log.level)
	log := newLogger(stderr, level, s.log.format)
	cfg, err := s.proxyConfig(log)
	switch {
	case err != nil:
		complain(stderr, err)
		return exitSetting
	case s.showConfig:
		if err := s.printConfig(stdout); err != nil {
			complain(stderr, err)
			return exitFailed
		}
		return exitOK
	case s.checkConfig:
		fmt.Fprintln(stdout, "bosh-server: the settings can be used")
		return exitOK
	}
	// A proxy's live memory is small and steady: collecting at half the usual growth costs little CPU and
	// keeps the resident size near what is in use. GOGC in the environment wins.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	p := &process{args: args, settings: s, running: s.values(), level: level, log: log}
	if err := p.serve(cfg); err != nil {
		complain(stderr, err) // whatever the log level
		return exitFailed
	}
	return exitOK
}

// complain writes an error, a line for each that it joins.
func complain(w io.Writer, err error) {
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(w, "bosh-server: %s\n", strings.TrimRight(line, "\n"))
	}
}

// serve runs until a signal ends it.
func (p *process) serve(cfg proxy.Config) error {
	s, log := p.settings, p.log
	if s.demo {
		stop, err := p.startDemo(&cfg)
		if err != nil {
			return err
		}
		defer stop()
	}
	n, err := inherit(&cfg, os.Getenv)
	if err != nil {
		return err
	}
	if n > 0 {
		log.Info("listening on sockets of systemd's instead of --host and --port", "sockets", n)
	}
	log.Info("memory from which on new sessions are refused", "MiB", s.admit.memory, "from", s.memoryFrom())
	server, err := proxy.NewGroup(cfg, s.sessions.loops)
	if err != nil {
		return err
	}
	if s.demo {
		p.announceDemo(server.Addrs())
	}
	stop, err := s.operate.serve(server, log)
	if err != nil {
		return err
	}
	defer stop()
	systemd, err := newNotifier(os.Getenv)
	if err != nil {
		log.Warn("systemd is not told how the server is doing", "reason", err)
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	p.server = server
	defer p.reloadOnHangup()()
	go func() {
		log.Info("shutting down", "signal", (<-signals).String())
		systemd.say("STOPPING=1", "STATUS=draining")
		server.Shutdown()
		<-signals
		log.Warn("second signal: ending at once")
		server.Stop()
	}()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	systemd.say("READY=1", "STATUS=serving") // connections wait in the sockets already
	go systemd.watch(ctx, func(ctx context.Context) error {
		_, err := server.Stats(ctx)
		return err
	})
	return server.Run()
}

// proxyConfig turns the settings into the server's configuration.
func (s *settings) proxyConfig(log *slog.Logger) (proxy.Config, error) {
	cfg, err := s.configure(log)
	return cfg, s.locate(err)
}

func (s *settings) configure(log *slog.Logger) (proxy.Config, error) {
	var backends proxy.Backends
	for _, b := range s.backends {
		if err := backends.Add(b); err != nil {
			return proxy.Config{}, fmt.Errorf("--backend=%s: %w", b, err)
		}
	}
	var insecure proxy.Domains
	for _, d := range s.backendInsecure {
		if err := insecure.Add(d); err != nil {
			return proxy.Config{}, fmt.Errorf("--backend-insecure=%s: %w", d, err)
		}
	}
	cfg := proxy.Config{
		Listen:          s.addresses(s.port),
		Path:            s.path,
		Logger:          log,
		SurvivePanics:   true,
		Backends:        &backends,
		BackendInsecure: &insecure,
		Sessions:        s.sessions.config(),
		MaxSessions:     s.sessions.maxSessions,
		MaxDataHeld:     s.maxDataHeld,
		MaxStanzaSize:   s.maxStanzaSize,
	}
	if err := s.reach.apply(&cfg); err != nil {
		return cfg, err
	}
	if err := s.http.apply(&cfg); err != nil {
		return cfg, err
	}
	s.log.apply(&cfg)
	s.admit.apply(&cfg)
	if err := s.websocket.apply(&cfg); err != nil {
		return cfg, err
	}
	cfg.Settings = s.table()
	if err := s.operate.apply(&cfg); err != nil {
		return cfg, err
	}
	return cfg, s.secure.apply(&cfg, s.addresses)
}
