// Package loop is the reactor; the bodies follow.
package loop

import (
	"crypto/tls"
	"log/slog"
	"net/netip"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
)

type Config struct {
	HighWater, LowWater int              // bytes of output per connection: 256 KiB, 64 KiB
	HandleTimer         func(key uint64) // a node given to SetTimer has fired
	Handshakes          int              // TLS handshakes that compute at once: 4
	HandshakeTimeout    timer.Time       // milliseconds: 10 s
	Logger              *slog.Logger
}

type Loop struct{}

func New(cfg Config) (*Loop, error) { return nil, nil }

// Run serves until Stop, closes everything (each connection's HandleClose is called) and returns nil.
func (l *Loop) Run() error { return nil }

// Stop may be called from any goroutine and more than once. A loop that was stopped before Run is released by Run.
func (l *Loop) Stop()                                  {}
func (l *Loop) Now() timer.Time                        { return 0 }
func (l *Loop) WallSeconds() int64                     { return 0 }
func (l *Loop) Post(f func())                          {}
func (l *Loop) SetTimer(n *timer.Node, due timer.Time) {}
func (l *Loop) CancelTimer(n *timer.Node)              {}
func (l *Loop) Listen(addr string, accept func() (*Conn, Handler)) (*Listener, error) {
	return nil, nil
}
func (l *Loop) Dial(c *Conn, h Handler, to netip.AddrPort, timeout timer.Time) {}
func (l *Loop) Buffers() *buffer.Pool                                          { return nil }
func (l *Loop) Conns() int                                                     { return 0 }

type Listener struct{}

func (l *Listener) Addr() netip.AddrPort { return netip.AddrPort{} }
func (l *Listener) Close()               {}

type Conn struct{ _ [96]byte }

func (c *Conn) Write(b []byte)                        {}
func (c *Conn) Pending() int                          { return 0 }
func (c *Conn) Pressed() bool                         { return false }
func (c *Conn) Pause()                                {}
func (c *Conn) Resume()                               {}
func (c *Conn) Close()                                {}
func (c *Conn) CloseStaged()                          {}
func (c *Conn) CloseWrite()                           {}
func (c *Conn) Abort()                                {}
func (c *Conn) SetDeadline(t timer.Time)              {}
func (c *Conn) StartTLS(cfg *tls.Config, server bool) {}
func (c *Conn) TLS() *tls.ConnectionState             { return nil }
func (c *Conn) RemoteAddr() netip.AddrPort            { return netip.AddrPort{} }
func (c *Conn) LocalAddr() netip.AddrPort             { return netip.AddrPort{} }
func (c *Conn) Closed() bool                          { return false }
func (c *Conn) Now() timer.Time                       { return 0 }
