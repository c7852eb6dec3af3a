package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/demo"
	"go-xmpp-bosh/proxy"
)

// version is stamped by the release build.
var version = "devel"

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
	s, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "bosh-server: %v\n", err)
		return exitSetting
	case s.version:
		fmt.Fprintf(stdout, "bosh-server %s\n", version)
		return exitOK
	}
	log := newLogger(stderr, s.level)
	cfg, err := s.proxyConfig(log)
	if err != nil {
		fmt.Fprintf(stderr, "bosh-server: %v\n", err)
		return exitSetting
	}
	// A proxy's live memory is small and steady: collecting at half the usual growth costs little CPU and
	// keeps the resident size near what is in use. GOGC in the environment wins.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	if err := serve(s, cfg, log); err != nil {
		fmt.Fprintf(stderr, "bosh-server: %v\n", err) // whatever the log level
		return exitFailed
	}
	return exitOK
}

// serve runs until a signal ends it.
func serve(s *settings, cfg proxy.Config, log *slog.Logger) error {
	if s.demo {
		d, err := demo.Start(demo.Config{Domain: demoDomain, Password: s.demoPassword, Logger: log})
		if err != nil {
			return fmt.Errorf("starting the embedded XMPP server: %w", err)
		}
		defer d.Close()
		if err := cfg.Backends.Add(demoDomain + "=" + d.Addr().String()); err != nil {
			return err
		}
		takes := "any user name and password"
		if s.demoPassword != "" {
			takes = "any user name with the password of --demo-password"
		}
		log.Info("embedded XMPP server", "domain", demoDomain, "address", d.Addr(), "takes", takes)
	}
	server, err := proxy.New(cfg)
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	defer reloadOnHangup(server)()
	go func() {
		log.Info("shutting down", "signal", (<-signals).String())
		server.Shutdown()
		<-signals
		log.Warn("second signal: ending at once")
		server.Stop()
	}()
	return server.Run()
}

// demoDomain is the domain of the embedded XMPP server.
const demoDomain = "localhost"

// proxyConfig turns the command line into the server's configuration.
func (s *settings) proxyConfig(log *slog.Logger) (proxy.Config, error) {
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
	if err := s.websocket.apply(&cfg); err != nil {
		return cfg, err
	}
	return cfg, s.secure.apply(&cfg, s.addresses)
}

// reloadOnHangup has the server read its certificates anew on SIGHUP, until the function that it returns is called.
func reloadOnHangup(server *proxy.Server) (stop func()) {
	hangups, end := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-hangups:
				server.Reload()
			case <-end:
				return
			}
		}
	}()
	return func() { signal.Stop(hangups); close(end) }
}
