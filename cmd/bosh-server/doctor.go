package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/doctor"
)

// exitWarnings is doctor's: a client gets a session, but something is wrong. Its others are exitOK; exitFailed, for a client that gets none; and exitSetting.
const exitWarnings = 3

// doctorSettings are the flags of bosh-server doctor, beside the server's own.
type doctorSettings struct {
	timeout int // seconds
	json    bool
	route   string
}

func (d *doctorSettings) define(f *pflag.FlagSet) {
	f.IntVar(&d.timeout, "timeout", 15, "seconds that all of it may take")
	f.BoolVar(&d.json, "json", false, "write what was found as JSON")
	f.StringVar(&d.route, "route", "", "ask for this `xmpp:HOST:PORT`, as a client may")
}

const doctorHead = `Usage: bosh-server doctor DOMAIN [flags]

Tells step by step what a client of the domain would get from a server with these settings: DNS records, addresses,
connections, TLS and certificate, features, ways to log in, each with its time; and what to do about what is wrong. It never
logs in. It takes the server's settings, from the same sources (--config, BOSH_…, flags: see bosh-server --help), and:

`

const doctorTail = `
It ends with 0 when all is well, 1 when a client would get no session, 2 when a setting or the domain is wrong, and 3 when
a client would get a session but something should be mended.
`

// doctorFlags is how --help shows them.
func doctorFlags() string {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.SortFlags = false
	new(doctorSettings).define(f)
	return f.FlagUsagesWrapped(100)
}

// examine is bosh-server doctor.
func examine(args, environ []string, stdout, stderr io.Writer) int {
	report, asJSON, err := examined(args, environ, stdout)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(stdout, doctorHead, doctorFlags(), doctorTail)
		return exitOK
	case err != nil:
		complain(stderr, err)
		return exitSetting
	}
	if asJSON {
		e := json.NewEncoder(stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(report)
	} else {
		err = report.Text(stdout)
	}
	if err != nil {
		complain(stderr, err)
		return exitFailed
	}
	switch report.Verdict {
	case doctor.VerdictSession:
		return exitOK
	case doctor.VerdictWarnings:
		return exitWarnings
	case doctor.VerdictNone:
	}
	return exitFailed
}

// examined is what was found, and whether it is wanted as JSON.
func examined(args, environ []string, stdout io.Writer) (report *doctor.Report, asJSON bool, err error) {
	s, d := newSettings(stdout), new(doctorSettings)
	f := s.flags
	d.define(f)
	f.SetInterspersed(true)
	f.Usage = func() {} // examine's
	if err := f.Parse(args); err != nil {
		return nil, false, flagError(f, err)
	}
	if help, _ := f.GetBool("help"); help {
		return nil, false, pflag.ErrHelp
	}
	switch {
	case f.NArg() != 1:
		return nil, false, errors.New("doctor wants one domain: bosh-server doctor example.org")
	case s.version || s.checkConfig || s.showConfig || f.Changed("healthcheck"):
		return nil, false, errors.New("doctor looks at a domain, and does nothing else: leave out --version, --check-config, --print-config and --healthcheck")
	case d.timeout < 1 || d.timeout > 300:
		return nil, false, fmt.Errorf("--timeout=%d: from 1 to 300", d.timeout)
	}
	if err := s.settle(environ); err != nil {
		return nil, false, err
	}
	log := slog.New(slog.DiscardHandler)
	cfg, err := s.proxyConfig(log)
	if err != nil {
		return nil, false, err
	}
	if s.demo {
		p := &process{settings: s, log: log}
		stop, err := p.startDemo(&cfg)
		if err != nil {
			return nil, false, err
		}
		defer stop()
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(d.timeout)*time.Second)
	defer cancel()
	report, err = doctor.Check(ctx, cfg, f.Arg(0), d.route)
	if errors.Is(err, doctor.ErrDomain) {
		err = fmt.Errorf("%q: %w", f.Arg(0), err)
	}
	return report, d.json, err
}
