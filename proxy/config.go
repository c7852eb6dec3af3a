package proxy

import (
	"crypto/x509"
	"errors"
	"log/slog"
	"strings"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmppconn"
)

// Backends is the table of which server serves which domain; Add takes a line of --backend.
type Backends = xmppconn.Table

// Sessions has the limits and defaults of BOSH sessions.
type Sessions = bosh.Config

// DefaultSessions gives them as they are unless told otherwise.
func DefaultSessions() Sessions { return bosh.DefaultConfig() }

// Config is what a Server is told. The zero value of each field but Listen is usable.
type Config struct {
	// Listen has the addresses to accept HTTP on, as host:port. With port 0 the first takes a free port and
	// the others follow it. An address that cannot be had is an error if it is the first, else a warning
	// (a machine without IPv6 has no ::1).
	Listen []string

	// Path is where BOSH is served, "/http-bind/" by default; see routes.
	Path string

	Logger *slog.Logger

	// SurvivePanics makes a fault of ours cost one connection and a log line instead of the process. Off, as in tests,
	// a panic is a panic.
	SurvivePanics bool

	// Backends says where domains are served; nil is none.
	Backends *Backends

	// BackendInsecure has the domains whose servers may show any certificate; nil is none.
	BackendInsecure *Domains

	// RootCAs are trusted to sign XMPP servers' certificates; nil is the system's.
	RootCAs *x509.CertPool

	// AllowPrivateBackends lets route and address look-ups lead to loopback, link-local and private
	// addresses (decisions.md 29). Backends are always reachable.
	AllowPrivateBackends bool

	Reach

	// Sessions has the limits and defaults of BOSH sessions; nil is DefaultSessions. What MaxDataHeld says goes before
	// its BodyBytesMax, and which content codings are accepted is the Server's to say.
	Sessions *Sessions

	// MaxSessions is how many sessions, over BOSH and WebSocket, there may be; further ones are refused with 503. 0: as many as the
	// limit of file descriptors carries.
	MaxSessions int

	// MaxDataHeld is the largest body of a BOSH request in bytes, 100,000 by default.
	MaxDataHeld int

	// MaxStanzaSize is the largest stanza taken from a backend in bytes, 500,000 by default.
	MaxStanzaSize int

	// WebSocketPaths is where WebSockets are opened, beside Path: the zero value is DefaultWebSocketPaths.
	WebSocketPaths []string

	// WebSockets has the limits of sessions over WebSocket; nil is DefaultWebSockets. What MaxStanzaSize says goes before
	// its MessageBytesMax.
	WebSockets *WebSockets

	// NoCompression declines to compress WebSocket messages (RFC 7692).
	NoCompression bool

	// AllowOrigins has the origins whose pages may use the server, as browsers name them; none is any.
	AllowOrigins []string

	Admission
	Security
	HTTP
	Logs

	// DrainTimeout is how long a Shutdown lets what is queued leave, in milliseconds, 5 s by default; negative: not at all.
	DrainTimeout timer.Time

	// Where clients are sent by a Shutdown, as URLs: those of BOSH by see-other-uri (XEP-0124 §17.2), those over WebSocket by the same attribute of
	// <close/> (RFC 7395 §3.6.1). "" is nowhere: they are told of the shutdown.
	RedirectBOSH, RedirectWebSocket string

	// SystemInfoPassword opens the page for operators to who knows it; "" to nobody.
	SystemInfoPassword string

	// Files are served beside BOSH and WebSocket: a page with a client, for example. None is the usual.
	Files []File

	Operate

	// Program is the one that has the server inside of it, if there is one.
	Program Program

	loops, loopIndex int // of a Group
	shared           *shared

	probing bool                // of a Prober: it listens nowhere
	answers func(lookup.Answer) // lookup.Config.Watch
}

// DefaultWebSocketPaths are the paths that clients and other servers have made usual.
func DefaultWebSocketPaths() []string { return []string{"/ws/", "/websocket", "/xmpp-websocket"} }

// withDefaults fills in what was left out and checks the rest.
func (c Config) withDefaults() (Config, error) {
	if len(c.Listen) == 0 && !c.probing {
		return c, errors.New("no address to listen on")
	}
	if c.Path == "" {
		c.Path = "/http-bind/"
	}
	if !strings.HasPrefix(c.Path, "/") {
		return c, errors.New("the path must start with a slash")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Backends == nil {
		c.Backends = new(Backends)
	}
	if c.Sessions == nil {
		d := DefaultSessions()
		c.Sessions = &d
	}
	if c.WebSocketPaths == nil {
		c.WebSocketPaths = DefaultWebSocketPaths()
	}
	for _, p := range c.WebSocketPaths {
		if !strings.HasPrefix(p, "/") {
			return c, errors.New("a path for WebSockets must start with a slash")
		}
	}
	if c.WebSockets == nil {
		d := DefaultWebSockets()
		c.WebSockets = &d
	}
	if c.MaxDataHeld == 0 {
		c.MaxDataHeld = c.Sessions.BodyBytesMax
	}
	c.Reach.setDefaults()
	c.HTTP.setDefaults()
	if c.DrainTimeout == 0 {
		c.DrainTimeout = drainTimeout
	}
	if c.MaxStanzaSize == 0 {
		c.MaxStanzaSize = 500_000
	}
	return c, c.Security.check()
}
