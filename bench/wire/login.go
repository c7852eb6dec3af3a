package wire

import (
	"bytes"
	"encoding/base64"
)

// Step is how far a session's log-in has come: what is awaited.
type Step uint8

// The steps, in their order.
const (
	StepMechanisms Step = iota // the features that offer SASL mechanisms
	StepSuccess                // SASL's success
	StepBind                   // the features that offer to bind a resource
	StepBound                  // the address
	StepReady                  // nothing: the session stands
)

func (s Step) String() string {
	switch s {
	case StepMechanisms:
		return "mechanisms"
	case StepSuccess:
		return "success"
	case StepBind:
		return "bind"
	case StepBound:
		return "bound"
	case StepReady:
		return "ready"
	}
	return "unknown"
}

var awaited = [...][]byte{
	StepMechanisms: []byte("<mechanism"),
	StepSuccess:    []byte("<success"),
	StepBind:       []byte("urn:ietf:params:xml:ns:xmpp-bind"),
	StepBound:      []byte("<jid>"),
}

// Reached says whether what the step awaits is in b.
func (s Step) Reached(b []byte) bool {
	return s < StepReady && bytes.Contains(b, awaited[s])
}

// Refused says whether b holds what ends a log-in in failure.
func Refused(b []byte) bool {
	return bytes.Contains(b, []byte("<failure")) || bytes.Contains(b, []byte("stream:error")) || bytes.Contains(b, []byte("type='error'"))
}

// BoundJID is the address in the answer to BindRequest. It aliases b.
func BoundJID(b []byte) ([]byte, bool) {
	_, rest, ok := bytes.Cut(b, []byte("<jid>"))
	if !ok {
		return nil, false
	}
	jid, _, ok := bytes.Cut(rest, []byte("</jid>"))
	return jid, ok
}

// BindRequest asks for a resource (RFC 6120 §7.6).
const BindRequest = "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>"

// Plain is a log-in with SASL PLAIN; every account of the harness has the same password.
func Plain(user string) string {
	return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" +
		base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00bench")) + "</auth>"
}

// Anonymous is a log-in with SASL ANONYMOUS (RFC 4505).
const Anonymous = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"

// StreamHeader opens a stream over TCP; route, when not empty, says where node-xmpp-bosh finds the server.
func StreamHeader(domain, route string) string {
	if route != "" {
		route = " route='" + route + "'"
	}
	return "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='" + domain + "'" + route + ">"
}

// StreamEnd closes a stream over TCP.
const StreamEnd = "</stream:stream>"

// FramedOpen opens a stream over WebSocket (RFC 7395 §3.3).
func FramedOpen(domain string) string {
	return "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0' to='" + domain + "'/>"
}

// FramedClose closes it (RFC 7395 §3.6).
const FramedClose = "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"

// EndsStream says whether b closes a stream, in either framing.
func EndsStream(b []byte) bool {
	return bytes.Contains(b, []byte(StreamEnd)) || bytes.HasPrefix(b, []byte("<close"))
}
