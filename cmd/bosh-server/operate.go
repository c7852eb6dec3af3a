package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/admin"
	"go-xmpp-bosh/proxy"
)

// operateSettings are the flags about what operators, and clients that look for a server, are shown.
type operateSettings struct {
	admin      string
	publicURLs []string
	redirects  []string
}

func (s *operateSettings) define(f *pflag.FlagSet) {
	f.StringVar(&s.admin, "admin", "", "`[HOST:]PORT` for the operator: /metrics, /healthz, /readyz, /sessions, /debug/pprof/; without HOST on 127.0.0.1; port 0 takes a free one; not given: off")
	f.StringArrayVar(&s.redirects, "drain-redirect", nil, "`URL` where clients are sent when the server shuts down: https for those of BOSH, wss for those over WebSocket; repeatable, one of each")
	f.StringArrayVar(&s.publicURLs, "public-url", nil, "where clients reach this server, as `[DOMAIN=]URL`, https for BOSH or wss for WebSocket, told in /.well-known/host-meta; a URL without a path has ours; repeatable")
}

// check refuses what cannot work. ports are those that the public is served on.
func (s *operateSettings) check(ports ...int) error {
	if s.admin != "" {
		_, port, err := adminAddress(s.admin)
		if err != nil {
			return err
		}
		for _, public := range ports {
			if port != 0 && port == public {
				return fmt.Errorf("--admin=%s: port %d is the public one; take another", s.admin, port)
			}
		}
	}
	return errors.Join(s.publish(new(proxy.Config)), s.redirect(new(proxy.Config)))
}

var errAdmin = errors.New("want PORT or HOST:PORT, for example 5290 or 127.0.0.1:5290")

// adminAddress is where the operator is served: on loopback unless a host is named.
func adminAddress(text string) (address string, port int, err error) {
	host, number := "127.0.0.1", text
	if strings.Contains(text, ":") {
		if host, number, err = net.SplitHostPort(text); err != nil {
			return "", 0, fmt.Errorf("--admin=%s: %w", text, errAdmin)
		}
		if host == "" {
			host = "127.0.0.1"
		}
	}
	port, err = strconv.Atoi(number)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("--admin=%s: %w", text, errAdmin)
	}
	return net.JoinHostPort(host, strconv.Itoa(port)), port, nil
}

// apply puts them into the server's configuration, after the paths.
func (s *operateSettings) apply(c *proxy.Config) error {
	c.Version = version
	return errors.Join(s.publish(c), s.redirect(c))
}

// redirect says where the clients of each transport go. Clients refuse to be sent from TLS to none (RFC 7395 §3.6.1).
func (s *operateSettings) redirect(c *proxy.Config) error {
	for _, text := range s.redirects {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			return fmt.Errorf("--drain-redirect=%s: want a URL, for example https://other.example.org/http-bind/", text)
		}
		to := &c.RedirectBOSH
		switch u.Scheme {
		case "https", "http":
		case "wss", "ws":
			to = &c.RedirectWebSocket
		default:
			return fmt.Errorf("--drain-redirect=%s: want https (BOSH) or wss (WebSocket)", text)
		}
		if *to != "" {
			return fmt.Errorf("--drain-redirect=%s: there is one for that transport already, %s", text, *to)
		}
		*to = text
	}
	return nil
}

func (s *operateSettings) publish(c *proxy.Config) error {
	for _, text := range s.publicURLs {
		if err := c.AddPublicURL(text, c.Path, c.WebSocketPaths); err != nil {
			return fmt.Errorf("--public-url=%s: %w", text, err)
		}
	}
	return nil
}

// serve serves the operator until the function that it returns is called.
func (s *operateSettings) serve(source admin.Source, log *slog.Logger) (stop func(), err error) {
	if s.admin == "" {
		return func() {}, nil
	}
	address, _, err := adminAddress(s.admin)
	if err != nil {
		return nil, err
	}
	server, err := admin.Listen(address, version, source, log)
	if err != nil {
		return nil, err
	}
	go server.Serve()
	return func() {
		if err := server.Close(); err != nil {
			log.Warn("closing --admin", "reason", err)
		}
	}, nil
}

// table is what is in force, for the operators' page.
func (s *settings) table() (list []proxy.Setting) {
	for _, g := range groups() {
		for _, flag := range grouped(s.flags, g) {
			if g == groupCommand || flag.Name == "firewall" { // its two parts are there
				continue
			}
			value, from := s.inForce(flag)
			list = append(list, proxy.Setting{Name: spelled(flag.Name), Value: value, Source: from})
		}
	}
	return list
}

// taken is the table after a reload: what SIGHUP takes is next's, the rest is as it was. Both tables have the same rows.
func taken(before, next []proxy.Setting) []proxy.Setting {
	list := slices.Clone(before)
	for i := range list {
		if notes[normal(list[i].Name)].live {
			list[i] = next[i]
		}
	}
	return list
}
