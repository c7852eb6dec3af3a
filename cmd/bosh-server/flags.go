package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// everyDomain is what --backend-insecure without a value stands for.
const everyDomain = "*"

// settings is what the configuration file, the environment and the command line come to, checked.
type settings struct {
	host            string
	port            int
	path            string
	backends        []string
	backendInsecure []string
	maxDataHeld     int
	maxStanzaSize   int
	reach           reachSettings
	sessions        sessionSettings
	websocket       websocketSettings
	admit           admitSettings
	http            httpSettings
	secure          secureSettings
	log             logSettings
	operate         operateSettings
	demo            bool
	demoPassword    string
	firewall        jsonValue
	config          string
	checkConfig     bool
	showConfig      bool
	version         bool
	healthcheck     string

	hostGiven bool

	flags  *pflag.FlagSet
	from   map[string]origin // by flag; what is not there has its default
	paired map[pair]string   // flags that a source has set by another name
}

// typeJSON is the type of flags that take an object.
const typeJSON = "JSON"

// jsonValue is a flag that takes an object.
type jsonValue string

func (v *jsonValue) String() string     { return string(*v) }
func (v *jsonValue) Set(s string) error { *v = jsonValue(s); return nil }
func (*jsonValue) Type() string         { return typeJSON }

// define makes the flags, in the order in which --help shows those of a group.
func (s *settings) define(w io.Writer) *pflag.FlagSet {
	f := pflag.NewFlagSet("bosh-server", pflag.ContinueOnError)
	f.SetOutput(w)
	f.SortFlags = false
	f.SetInterspersed(false)
	// node-xmpp-bosh wrote its parameters with underscores: both spellings are one flag.
	f.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName { return pflag.NormalizedName(normal(name)) })
	f.StringVar(&s.host, "host", "0.0.0.0", "address to listen on (with --demo: 127.0.0.1 and ::1)")
	f.IntVar(&s.port, "port", 5280, "port to listen on; 0 takes a free one")
	f.StringVar(&s.path, "path", "/http-bind/", "path of the BOSH endpoint, with or without its last slash, also under a prefix")
	f.StringArrayVar(&s.backends, "backend", nil, "server of a domain, as `DOMAIN=HOST:PORT`; xmpps: before HOST is direct TLS, ,proxy behind PORT sends a PROXY protocol header first; repeatable; * is any domain, *.example.org any below it")
	f.StringArrayVar(&s.backendInsecure, "backend-insecure", nil, "take any certificate from the servers of `DOMAIN` (given with =), or of every domain; repeatable")
	f.Lookup("backend-insecure").NoOptDefVal = everyDomain
	s.reach.define(f)
	f.IntVar(&s.maxDataHeld, "max-data-held", 100_000, "largest BOSH request body, in bytes")
	f.IntVar(&s.maxStanzaSize, "max-xmpp-stanza-size", 500_000, "largest stanza taken from an XMPP server, in bytes")
	s.sessions.define(f)
	s.admit.define(f)
	s.websocket.define(f)
	s.http.define(f)
	s.secure.define(f)
	f.Var(&s.firewall, "firewall", "--firewall-allow and --firewall-deny in one, as node-xmpp-bosh had them: `'{\"allow\": [RULE], \"deny\": [RULE]}'`")
	s.log.define(f)
	s.operate.define(f)
	f.BoolVar(&s.demo, "demo", false, "serve the domain localhost from an XMPP server inside this process, and a page to try it at /")
	f.StringVar(&s.demoPassword, "demo-password", "", "the one `password` that the --demo server takes; without it, any")
	f.StringVar(&s.config, "config", "", "`file` with settings, one JSON object; BOSH_CONFIG names it too")
	f.BoolVar(&s.checkConfig, "check-config", false, "check all settings and the files that they name, and end: with 0, or with 2 and what to do")
	f.BoolVar(&s.showConfig, "print-config", false, "print what is in force and where it came from, without secrets, and end")
	f.StringVar(&s.healthcheck, "healthcheck", "", "ask a running server at `URL`, as http://127.0.0.1:5280/http-bind/, and end: with 0 when it answers 2xx, or with 1")
	f.BoolVar(&s.version, "version", false, "print the version and end")
	f.Bool("help", false, "print this and end")
	f.Usage = func() { usage(w, f) }
	return f
}

// parseSettings reads the settings from their three sources; --help goes to w. It returns pflag.ErrHelp after that.
func parseSettings(args, environ []string, w io.Writer) (*settings, error) {
	s := newSettings(w)
	f := s.flags
	if err := f.Parse(args); err != nil {
		return nil, flagError(f, err)
	}
	if help, _ := f.GetBool("help"); help {
		usage(w, f)
		return nil, pflag.ErrHelp
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q: every setting is a flag, see --help", f.Arg(0))
	}
	if s.version || f.Changed("healthcheck") {
		return s, nil
	}
	if err := s.settle(environ); err != nil {
		return nil, err
	}
	return s, nil
}

// newSettings has the defaults; help goes to w.
func newSettings(w io.Writer) *settings {
	s := &settings{from: map[string]origin{}, paired: map[pair]string{}}
	s.flags = s.define(w)
	return s
}

// settle takes from the other sources what the command line, which has been parsed, leaves open, and checks it all.
func (s *settings) settle(environ []string) error {
	f := s.flags
	f.Visit(func(flag *pflag.Flag) { s.from[flag.Name] = origin{source: sourceCommandLine} })
	var errs []error
	if f.Changed("firewall") {
		errs = append(errs, s.takeFirewall(f, given{value: fromText(f.Lookup("firewall"), string(s.firewall)), from: origin{source: sourceCommandLine}}))
	}
	errs = append(errs, s.readEnvironment(f, environ))
	if f.Changed("config") {
		errs = append(errs, s.locate(s.readFile(f, s.config)))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	s.hostGiven = f.Changed("host")
	return s.locate(s.check(f))
}

// flagError says which flag was meant where there is none of that name.
func flagError(f *pflag.FlagSet, err error) error {
	var none *pflag.NotExistError
	if !errors.As(err, &none) || none.GetSpecifiedName() == "" {
		return err
	}
	var known []string
	f.VisitAll(func(k *pflag.Flag) { known = append(known, k.Name) })
	if n := nearest(normal(none.GetSpecifiedName()), known); n != "" {
		return fmt.Errorf("%w: is --%s meant?", err, n)
	}
	return fmt.Errorf("%w: --help lists them", err)
}

// check refuses settings that cannot work, each with what to do about it.
func (s *settings) check(f *pflag.FlagSet) error {
	var errs []error
	refuse := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if s.port < 0 || s.port > 65535 {
		refuse("--port=%d: a port is 0 (a free one) to 65535", s.port)
	}
	if !strings.HasPrefix(s.path, "/") {
		refuse("--path=%s: a path starts with a slash, for example /http-bind/", s.path)
	}
	if strings.ContainsAny(s.path, "?#% \t\r\n") {
		refuse("--path=%s: give the path alone, without query, fragment, spaces or percent signs", s.path)
	}
	if s.maxDataHeld < 1024 || s.maxDataHeld > sizeMax {
		refuse("--max-data-held=%d: from 1024 to %d bytes", s.maxDataHeld, sizeMax)
	}
	if s.maxStanzaSize < 1024 || s.maxStanzaSize > sizeMax {
		refuse("--max-xmpp-stanza-size=%d: from 1024 to %d bytes", s.maxStanzaSize, sizeMax)
	}
	if f.Changed("demo-password") && !s.demo {
		refuse("--demo-password says what the --demo server takes: give --demo too")
	}
	if f.Changed("demo-password") && s.demoPassword == "" {
		refuse("--demo-password is empty: leave it out to take any password")
	}
	return errors.Join(append(errs,
		s.reach.check(), s.sessions.check(), s.websocket.check(), s.admit.check(f), s.http.check(), s.secure.check(f), s.log.check(), s.operate.check(s.port, s.secure.tlsPort))...)
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
