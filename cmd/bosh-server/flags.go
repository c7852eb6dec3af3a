package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// everyDomain is what --backend-insecure without a value stands for.
const everyDomain = "*"

// settings is the command line, checked.
type settings struct {
	host            string
	port            int
	path            string
	level           slog.Level
	backends        []string
	backendInsecure []string
	maxDataHeld     int
	maxStanzaSize   int
	reach           reachSettings
	sessions        sessionSettings
	websocket       websocketSettings
	secure          secureSettings
	demo            bool
	demoPassword    string
	version         bool

	hostGiven bool
}

// parseFlags reads the command line; usage and complaints go to w. It returns pflag.ErrHelp after --help.
func parseFlags(args []string, w io.Writer) (*settings, error) {
	var s settings
	var logging string
	f := pflag.NewFlagSet("bosh-server", pflag.ContinueOnError)
	f.SetOutput(w)
	f.SortFlags = false
	f.SetInterspersed(false)
	// node-xmpp-bosh wrote its parameters with underscores: both spellings are one flag.
	f.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(strings.ReplaceAll(name, "_", "-"))
	})
	f.StringVar(&s.host, "host", "0.0.0.0", "address to listen on (with --demo: 127.0.0.1 and ::1)")
	f.IntVar(&s.port, "port", 5280, "port to listen on; 0 takes a free one")
	f.StringVar(&s.path, "path", "/http-bind/", "path of the BOSH endpoint, with or without its last slash, also under a prefix")
	f.StringVar(&logging, "logging", "INFO", "least severe level to log: ALL, TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF")
	f.StringArrayVar(&s.backends, "backend", nil, "server of a domain, as `DOMAIN=HOST:PORT`; repeatable; * is any domain, *.example.org any below it")
	f.StringArrayVar(&s.backendInsecure, "backend-insecure", nil, "take any certificate from the servers of `DOMAIN` (given with =), or of every domain; repeatable")
	f.Lookup("backend-insecure").NoOptDefVal = everyDomain
	s.reach.define(f)
	f.IntVar(&s.maxDataHeld, "max-data-held", 100_000, "largest BOSH request body, in bytes")
	f.IntVar(&s.maxStanzaSize, "max-xmpp-stanza-size", 500_000, "largest stanza taken from an XMPP server, in bytes")
	s.sessions.define(f)
	s.websocket.define(f)
	s.secure.define(f)
	f.BoolVar(&s.demo, "demo", false, "serve the domain localhost from an XMPP server inside this process")
	f.StringVar(&s.demoPassword, "demo-password", "", "the one `password` that the --demo server takes; without it, any")
	f.BoolVar(&s.version, "version", false, "print the version and end")
	f.Usage = func() {
		fmt.Fprintf(w, "Usage: bosh-server [flags]\n\nAn XMPP connection manager: BOSH (XEP-0124, XEP-0206) and WebSocket (RFC 7395) in front of any XMPP server.\n\nFlags:\n%s", f.FlagUsagesWrapped(100))
	}
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q: every setting is a flag, see --help", f.Arg(0))
	}
	s.hostGiven = f.Changed("host")
	level, err := parseLevel(logging)
	if err != nil {
		return nil, err
	}
	s.level = level
	return &s, s.check(f)
}

// check refuses settings that cannot work, each with what to do about it.
func (s *settings) check(f *pflag.FlagSet) error {
	switch {
	case s.port < 0 || s.port > 65535:
		return fmt.Errorf("--port=%d: a port is 0 (a free one) to 65535", s.port)
	case !strings.HasPrefix(s.path, "/"):
		return fmt.Errorf("--path=%s: a path starts with a slash, for example /http-bind/", s.path)
	case strings.ContainsAny(s.path, "?#% \t\r\n"):
		return fmt.Errorf("--path=%s: give the path alone, without query, fragment, spaces or percent signs", s.path)
	case s.maxDataHeld < 1024 || s.maxDataHeld > sizeMax:
		return fmt.Errorf("--max-data-held=%d: from 1024 to %d bytes", s.maxDataHeld, sizeMax)
	case s.maxStanzaSize < 1024 || s.maxStanzaSize > sizeMax:
		return fmt.Errorf("--max-xmpp-stanza-size=%d: from 1024 to %d bytes", s.maxStanzaSize, sizeMax)
	case f.Changed("demo-password") && !s.demo:
		return errors.New("--demo-password says what the --demo server takes: give --demo too")
	case f.Changed("demo-password") && s.demoPassword == "":
		return errors.New("--demo-password is empty: leave it out to take any password")
	}
	return errors.Join(s.reach.check(), s.sessions.check(), s.websocket.check(), s.secure.check(f))
}

// sizeMax bounds the size limits: above it a handful of clients could take the machine's memory.
const sizeMax = 64 << 20

// addresses is where to listen, at a port. The demo takes any password, so unless told otherwise it can be reached
// from this machine only.
func (s *settings) addresses(port int) []string {
	hosts := []string{s.host}
	if s.demo && !s.hostGiven {
		hosts = []string{"127.0.0.1", "::1"}
	}
	addrs := make([]string, 0, len(hosts))
	for _, h := range hosts {
		addrs = append(addrs, net.JoinHostPort(strings.Trim(h, "[]"), strconv.Itoa(port)))
	}
	return addrs
}
