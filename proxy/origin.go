package proxy

import (
	"net/netip"

	"go-xmpp-bosh/httpparse"
)

// marks are facts about an HTTP connection that are independent of one another.
type marks uint8

const (
	markExpects marks = 1 << iota // the next request's body waits for "100 Continue"
	markSecure                    // it is inside TLS of ours
	markAsked                     // it is known whether the peer is a trusted proxy
	markTrusted                   // and it is
	markAwaits                    // its next request is for another loop, and waits for those before it
	markLeaving                   // it was closed to make room, or has ended: its descriptor is about to be free
	markGreets                    // it begins with TLS
)

// remote is the address that the connection comes from, as the PROXY protocol has it where that is spoken.
func (c *client) remote() netip.AddrPort {
	if o, ok := c.srv.callers.clients[c.slot]; ok {
		return o.source
	}
	a := c.conn.RemoteAddr()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// isTrusted reports whether what the peer says about its client is believed. The system is asked once a connection, and only
// where there are trusted proxies at all.
func (c *client) isTrusted() bool {
	if c.marks&markAsked == 0 {
		c.marks |= markAsked
		if trusted := c.srv.cfg.TrustedProxies; len(trusted) > 0 && trusted.has(c.remote().Addr()) {
			c.marks |= markTrusted
		}
	}
	return c.marks&markTrusted != 0
}

// origin is the address of the client that a request comes from; the port is 0 where only its proxy knows it.
func (c *client) origin(r *httpparse.Request) netip.AddrPort {
	if c.isTrusted() {
		if a := forwardedFor(r, c.srv.cfg.TrustedProxies); a.IsValid() {
			return netip.AddrPortFrom(a, 0)
		}
	}
	return c.remote()
}

// isSecure reports whether a request has come over encrypted connections: over TLS, or as a trusted proxy tells.
func (c *client) isSecure(r *httpparse.Request) bool {
	if c.isTrusted() {
		if secure, told := forwardedProto(r); told {
			return secure
		}
	}
	return c.marks&markSecure != 0
}

// refuseInsecure drops a connection over which a request of a secure session has come in clear. The session is left alone: it would
// else be anybody's to end who has seen its sid (XEP-0124 §19.1).
func (c *client) refuseInsecure() {
	c.srv.complain.warn(c.srv.log, c.srv.now(), "a request in clear for a session that was created over HTTPS was refused")
	c.end(false)
}

// isStreamSecure reports whether nobody can listen between us and the server of a stream: it is encrypted, or does not leave
// the machine (XEP-0124 §19.2).
func (b *backend) isStreamSecure() bool {
	return b.xmpp.IsSecure() || b.conn.RemoteAddr().Addr().Unmap().IsLoopback()
}
