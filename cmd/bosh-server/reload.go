package main

import (
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
)

// process is the server at work, with what it was started with.
type process struct {
	args     []string
	settings *settings
	running  map[string]string // by flag: what is in force
	shown    []proxy.Setting   // the same, as the operators' page shows it; nil: settings.table
	level    *slog.LevelVar
	log      *slog.Logger
	server   *proxy.Group
	demo     string // the line of --backend for the embedded server; "" without it
}

// values are what all flags have.
func (s *settings) values() map[string]string {
	all := map[string]string{}
	s.flags.VisitAll(func(f *pflag.Flag) { all[f.Name] = f.Value.String() })
	return all
}

// reload reads all settings anew: those that can be taken are, each other that has changed is told of. What is wrong leaves
// everything as it is, but for the certificates, which are read anew in any case.
func (p *process) reload(environ []string) {
	p.server.Reload()
	next, err := parseSettings(p.args, environ, io.Discard)
	var cfg proxy.Config
	if err == nil {
		cfg, err = next.proxyConfig(p.log)
	}
	if err == nil && p.demo != "" {
		err = cfg.Backends.Add(p.demo)
	}
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			p.log.Error("the new settings can't be used; those from before stay", "reason", strings.TrimSpace(line))
		}
		return
	}
	if p.shown == nil {
		p.shown = p.settings.table()
	}
	p.shown = taken(p.shown, cfg.Settings)
	cfg.Settings = p.shown
	var names []string
	for _, name := range p.changes(next) {
		if !notes[name].live {
			p.log.Warn("a setting has changed that takes a restart", "setting", spelled(name))
			continue
		}
		names = append(names, spelled(name))
		p.running[name] = next.flags.Lookup(name).Value.String()
	}
	p.level.Set(next.log.level)
	p.server.Reconfigure(cfg)
	p.log.Info("settings read again", "changed", names)
}

// changes are the flags whose values are not those in force, in the order of their definition.
func (p *process) changes(next *settings) []string {
	var names []string
	next.flags.VisitAll(func(f *pflag.Flag) {
		if p.running[f.Name] != f.Value.String() && f.Name != "firewall" { // its two parts say it
			names = append(names, f.Name)
		}
	})
	return slices.Clip(names)
}

// reloadOnHangup reloads on SIGHUP, until the function that it returns is called.
func (p *process) reloadOnHangup() (stop func()) {
	hangups, end := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-hangups:
				p.reload(os.Environ())
			case <-end:
				return
			}
		}
	}()
	return func() { signal.Stop(hangups); close(end) }
}
