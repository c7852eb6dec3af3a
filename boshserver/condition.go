package boshserver

import "go-xmpp-bosh/xmppconn"

// Condition is why a stream or a session ends, as its client is told: over BOSH a terminal binding condition (XEP-0124 §17.2), over WebSocket the stream error
// that is nearest to it (RFC 6120 §4.9.3).
type Condition uint8

const (
	None                   Condition = iota // it ends as it should
	HostUnknown                             // the domain is not served here
	ImproperAddressing                      // it is no domain
	InternalServerError                     // a fault of ours
	PolicyViolation                         // the client did, or asked for, what is not allowed
	RemoteConnectionFailed                  // what is behind us can't be reached, or went away
	RemoteStreamError                       // what is behind us ended the stream with an error
	SystemShutdown                          // we are going down
)

var conditions = [...]struct {
	name string
	why  xmppconn.Reason
}{
	None:                   {"none", xmppconn.ReasonClosed},
	HostUnknown:            {"host-unknown", xmppconn.ReasonHostUnknown},
	ImproperAddressing:     {"improper-addressing", xmppconn.ReasonImproperAddressing},
	InternalServerError:    {"internal-server-error", xmppconn.ReasonInternal},
	PolicyViolation:        {"policy-violation", xmppconn.ReasonPolicyViolation},
	RemoteConnectionFailed: {"remote-connection-failed", xmppconn.ReasonConnectionLost},
	RemoteStreamError:      {"remote-stream-error", xmppconn.ReasonStreamError},
	SystemShutdown:         {"system-shutdown", xmppconn.ReasonShutdown},
}

// String is the condition's name in XEP-0124; "none" has none there.
func (c Condition) String() string {
	if int(c) < len(conditions) {
		return conditions[c].name
	}
	return "invalid"
}

// reason is what the condition is to the server.
func (c Condition) reason() xmppconn.Reason {
	if int(c) < len(conditions) {
		return conditions[c].why
	}
	return xmppconn.ReasonInternal
}

// conditionOf is what a client is told of a stream's end.
func conditionOf(r xmppconn.Reason) Condition {
	switch r {
	case xmppconn.ReasonNone, xmppconn.ReasonClosed:
		return None
	case xmppconn.ReasonStreamError:
		return RemoteStreamError
	case xmppconn.ReasonHostUnknown:
		return HostUnknown
	case xmppconn.ReasonImproperAddressing:
		return ImproperAddressing
	case xmppconn.ReasonTooBig, xmppconn.ReasonPolicyViolation, xmppconn.ReasonForbidden:
		return PolicyViolation
	case xmppconn.ReasonShutdown:
		return SystemShutdown
	case xmppconn.ReasonInternal:
		return InternalServerError
	case xmppconn.ReasonConnectionFailed, xmppconn.ReasonConnectionLost, xmppconn.ReasonTimeout, xmppconn.ReasonTLSFailed,
		xmppconn.ReasonTLSRequired, xmppconn.ReasonBadXML, xmppconn.ReasonNotXMPP:
	}
	return RemoteConnectionFailed
}
