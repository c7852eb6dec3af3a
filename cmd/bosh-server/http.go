package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
)

// httpSettings are the flags about HTTP connections, and about how the process ends. Times are in seconds.
type httpSettings struct {
	headers     []string
	keepAlive   int
	idle        int
	head        int
	body        int
	drain       int
	sysPassword string
}

func (s *httpSettings) define(f *pflag.FlagSet) {
	f.StringArrayVar(&s.headers, "http-headers", nil, "field of every HTTP answer, as `'NAME: VALUE'`; repeatable; in the configuration file an object")
	f.IntVar(&s.keepAlive, "http-socket-keepalive", 60, "seconds of silence after which the kernel asks whether an HTTP client is still there (TCP keep-alive)")
	f.IntVar(&s.idle, "http-idle-timeout", 75, "seconds that an HTTP connection may be without a request; stay above what a proxy in front keeps connections")
	f.IntVar(&s.head, "http-head-timeout", 10, "seconds that a request's head may take, from its first byte")
	f.IntVar(&s.body, "http-body-timeout", 30, "seconds that a request's body may take, behind its head")
	f.IntVar(&s.drain, "drain-timeout", 5, "seconds that sessions and answers have to end after SIGTERM; an idle server ends at once")
	f.StringVar(&s.sysPassword, "system-info-password", "", "`password` of the page for operators, PATH/sysinfo/, whose user is admin; without it nobody sees it")
}

// check refuses what cannot work.
func (s *httpSettings) check() error {
	var errs []error
	for _, c := range []struct {
		name     string
		n        int
		min, max int
	}{
		{"http-socket-keepalive", s.keepAlive, 0, 32767}, // which is the kernel's bound
		{"http-idle-timeout", s.idle, 1, dayMax},
		{"http-head-timeout", s.head, 1, 3600},
		{"http-body-timeout", s.body, 1, 3600},
		{"drain-timeout", s.drain, 0, 3600},
	} {
		if c.n < c.min || c.n > c.max {
			errs = append(errs, fmt.Errorf("--%s=%d: from %d to %d", c.name, c.n, c.min, c.max))
		}
	}
	return errors.Join(append(errs, s.apply(new(proxy.Config)))...)
}

// apply puts them into the server's configuration, where 0 is the default and less is off.
func (s *httpSettings) apply(c *proxy.Config) error {
	orOff := func(seconds int) timer.Time {
		if seconds == 0 {
			return -1
		}
		return timer.Time(seconds) * timer.Second
	}
	c.HTTPKeepAlive = orOff(s.keepAlive)
	c.HTTPIdleTimeout = timer.Time(s.idle) * timer.Second
	c.HTTPHeadTimeout = timer.Time(s.head) * timer.Second
	c.HTTPBodyTimeout = timer.Time(s.body) * timer.Second
	c.DrainTimeout = orOff(s.drain)
	c.SystemInfoPassword = s.sysPassword
	for _, h := range s.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return fmt.Errorf("--http-headers=%s: a field is NAME: VALUE", h)
		}
		if err := c.AddHeader(name, value); err != nil {
			return fmt.Errorf("--http-headers=%s: %w", h, err)
		}
	}
	return nil
}
