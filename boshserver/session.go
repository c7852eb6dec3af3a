package boshserver

import (
	"net/netip"

	"go-xmpp-bosh/proxy"
)

// Session is a client's session. It is a value: it may be kept, compared and used as a key. Its methods may be called from any goroutine; those of the zero value give zero values, and
// do nothing.
type Session struct{ ref *proxy.SessionRef }

// Transport is how a client is connected.
type Transport = proxy.Transport

const (
	BOSH      = proxy.TransportBOSH
	WebSocket = proxy.TransportWebSocket
)

// ID names the session for Server.Session, for ever; up to its hyphen it is the session's name in the log. It does not let anybody speak for the session.
func (s Session) ID() string { return s.get().ID }

// Transport is how its client is connected.
func (s Session) Transport() Transport { return s.get().Transport }

// RemoteAddr is its client's address, behind trusted proxies, as of its first request.
func (s Session) RemoteAddr() netip.Addr { return s.get().Address }

// UA is the `ua` attribute of the request that created it (node-xmpp-bosh's extension), or of its WebSocket's header: what the client calls itself. "" where there is none.
func (s Session) UA() string { return s.get().UA }

// Domain is the domain of its first stream.
func (s Session) Domain() string { return s.get().Domain }

func (s Session) get() *proxy.SessionRef {
	if s.ref == nil {
		return new(proxy.SessionRef)
	}
	return s.ref
}

// Send gives the client an element that its server did not send: no hook sees it. An error says that it was refused; without one it is sent if the session has an open stream by then, on
// which stanzas are not counted (see the package's documentation). Clients expect stanzas only once they have logged in.
func (s Session) Send(stanza string) error {
	if s.ref == nil {
		return nil
	}
	el, err := proxy.ParseElement(stanza, s.ref.Limit())
	if err == nil {
		err = proxy.CheckSendable(el)
	}
	if err != nil {
		s.ref.Refused("Send", err)
		return err
	}
	s.ref.Send(el)
	return nil
}

// Terminate ends the session and tells its client why.
func (s Session) Terminate(why Condition) {
	if s.ref != nil {
		s.ref.Terminate(why.reason())
	}
}
