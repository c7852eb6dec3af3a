package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
)

// websocketSettings are the flags about WebSocket, and about the pages that may use the server. Times are in seconds.
type websocketSettings struct {
	paths    []string
	ping     int
	compress bool
	origins  []string
}

func (s *websocketSettings) define(f *pflag.FlagSet) {
	d := proxy.DefaultWebSockets()
	f.StringArrayVar(&s.paths, "websocket-path", proxy.DefaultWebSocketPaths(), "`path` where WebSockets are opened, with or without its last slash, also under a prefix; repeatable; --path is always one")
	f.IntVar(&s.ping, "websocket-ping-interval", int(d.Ping/timer.Second), "seconds between pings to a WebSocket client, which is gone after two without an answer; 0: none, and dead clients stay")
	f.BoolVar(&s.compress, "websocket-compress", true, "compress WebSocket messages for clients that offer it (permessage-deflate)")
	f.StringArrayVar(&s.origins, "allow-origin", nil, "`origin` whose pages may use the server, as in https://chat.example.org; repeatable; none or *: any")
}

// check refuses what cannot work.
func (s *websocketSettings) check() error {
	if s.ping < 0 || s.ping > dayMax {
		return fmt.Errorf("--websocket-ping-interval=%d: from 0 (no pings) to %d", s.ping, dayMax)
	}
	for _, p := range s.paths {
		if !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "?#% \t\r\n") {
			return fmt.Errorf("--websocket-path=%s: a path starts with a slash and has no query, fragment, spaces or percent signs, for example /ws/", p)
		}
	}
	return nil
}

// apply makes a configuration of them.
func (s *websocketSettings) apply(c *proxy.Config) error {
	c.WebSocketPaths = s.paths
	w := proxy.DefaultWebSockets()
	w.Ping = timer.Time(s.ping) * timer.Second
	c.WebSockets = &w
	c.NoCompression = !s.compress
	for _, o := range s.origins {
		for origin := range strings.SplitSeq(o, ",") {
			c.AllowOrigins = append(c.AllowOrigins, strings.TrimSpace(origin))
		}
	}
	if err := proxy.CheckOrigins(c.AllowOrigins); err != nil {
		return fmt.Errorf("--allow-origin: %w", err)
	}
	return nil
}
