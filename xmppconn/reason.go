package xmppconn

// Reason is why a stream ended or could not be had. The driver turns it into a BOSH condition or a WebSocket stream error;
// the proposal for each is in its comment (decisions.md 24, 27, 38–41).
type Reason uint8

const (
	// ReasonNone is no reason: all is well.
	ReasonNone Reason = iota
	// ReasonClosed: the server closed the stream with its end tag. BOSH: remote-connection-failed unless the client asked.
	ReasonClosed
	// ReasonStreamError: the server sent a stream error, which is passed along (remote-stream-error).
	ReasonStreamError
	// ReasonHostUnknown: no such domain (host-unknown).
	ReasonHostUnknown
	// ReasonConnectionFailed: the server could not be reached (remote-connection-failed).
	ReasonConnectionFailed
	// ReasonConnectionLost: the connection ended without the stream's end tag (remote-connection-failed).
	ReasonConnectionLost
	// ReasonTimeout: the server did not answer in time (remote-connection-failed).
	ReasonTimeout
	// ReasonTLSFailed: STARTTLS or the handshake failed (remote-connection-failed, decisions.md 41).
	ReasonTLSFailed
	// ReasonTLSRequired: TLS is demanded for this server and it offers none (remote-connection-failed).
	ReasonTLSRequired
	// ReasonBadXML: the server sent what is not well-formed, or XML that XMPP forbids (remote-connection-failed).
	ReasonBadXML
	// ReasonNotXMPP: the server sent well-formed XML that is no XMPP stream (remote-connection-failed).
	ReasonNotXMPP
	// ReasonTooBig: the server sent an element that is too large, too deep or has too many attributes (policy-violation,
	// decisions.md 27).
	ReasonTooBig
	// ReasonPolicyViolation: the client sent too much before the stream was ready, or asked for what is not allowed
	// (policy-violation).
	ReasonPolicyViolation
	// ReasonForbidden: the client sent an element that belongs to the connection manager, such as a stream error
	// (bad-request; over WebSocket policy-violation).
	ReasonForbidden
	// ReasonImproperAddressing: the domain is neither a domain name nor an address literal (improper-addressing).
	ReasonImproperAddressing
	// ReasonShutdown: this server is shutting down (system-shutdown).
	ReasonShutdown
	// ReasonInternal: a fault of our own (internal-server-error).
	ReasonInternal
)

var reasonNames = [...]string{
	ReasonNone:               "none",
	ReasonClosed:             "closed",
	ReasonStreamError:        "stream-error",
	ReasonHostUnknown:        "host-unknown",
	ReasonConnectionFailed:   "connection-failed",
	ReasonConnectionLost:     "connection-lost",
	ReasonTimeout:            "timeout",
	ReasonTLSFailed:          "tls-failed",
	ReasonTLSRequired:        "tls-required",
	ReasonBadXML:             "bad-xml",
	ReasonNotXMPP:            "not-xmpp",
	ReasonTooBig:             "too-big",
	ReasonPolicyViolation:    "policy-violation",
	ReasonForbidden:          "forbidden",
	ReasonImproperAddressing: "improper-addressing",
	ReasonShutdown:           "shutdown",
	ReasonInternal:           "internal",
}

func (r Reason) String() string {
	if int(r) < len(reasonNames) {
		return reasonNames[r]
	}
	return "invalid"
}
