package wsconn

import (
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

// Condition is why a session ended: a stream error of RFC 6120 §4.9.3, or one of the few that are none. The zero value means
// that it ended as it should.
type Condition uint8

// The conditions that occur here. CondSeeOtherURI stands in a <close/>, CondRemoteStreamError is the server's own error element,
// CondBadFrame is a breach of RFC 6455, which ends the connection below XMPP.
const (
	CondNone Condition = iota
	CondConnectionTimeout
	CondHostGone
	CondHostUnknown
	CondImproperAddressing
	CondInternalServerError
	CondInvalidNamespace
	CondNotWellFormed
	CondPolicyViolation
	CondRemoteConnectionFailed
	CondRestrictedXML
	CondSystemShutdown
	CondUndefinedCondition
	CondUnsupportedEncoding
	CondRemoteStreamError
	CondSeeOtherURI
	CondBadFrame
)

const conditions = int(CondBadFrame) + 1

var conditionNames = [conditions]string{
	CondNone:                   "none",
	CondConnectionTimeout:      "connection-timeout",
	CondHostGone:               "host-gone",
	CondHostUnknown:            "host-unknown",
	CondImproperAddressing:     "improper-addressing",
	CondInternalServerError:    "internal-server-error",
	CondInvalidNamespace:       "invalid-namespace",
	CondNotWellFormed:          "not-well-formed",
	CondPolicyViolation:        "policy-violation",
	CondRemoteConnectionFailed: "remote-connection-failed",
	CondRestrictedXML:          "restricted-xml",
	CondSystemShutdown:         "system-shutdown",
	CondUndefinedCondition:     "undefined-condition",
	CondUnsupportedEncoding:    "unsupported-encoding",
	CondRemoteStreamError:      "remote-stream-error",
	CondSeeOtherURI:            "see-other-uri",
	CondBadFrame:               "bad-frame",
}

// String is the name of the error's element, where it has one.
func (c Condition) String() string {
	if int(c) < conditions {
		return conditionNames[c]
	}
	return "invalid"
}

// onWire is the condition as a stream error: those that are none there become undefined.
func (c Condition) onWire() Condition {
	if int(c) >= conditions || c == CondRemoteStreamError || c == CondSeeOtherURI || c == CondBadFrame {
		return CondUndefinedCondition
	}
	return c
}

// closeCode is what the WebSocket close says where nothing else decides it (RFC 6455 §7.4.1): XMPP has told the client the rest.
func (c Condition) closeCode() wsframe.CloseCode {
	switch c {
	case CondSystemShutdown, CondSeeOtherURI:
		return wsframe.CloseGoingAway
	case CondInternalServerError:
		return wsframe.CloseInternal
	case CondConnectionTimeout, CondInvalidNamespace, CondNotWellFormed, CondPolicyViolation, CondRestrictedXML, CondUnsupportedEncoding:
		return wsframe.ClosePolicy
	case CondBadFrame:
		return wsframe.CloseProtocolError
	case CondNone, CondHostGone, CondHostUnknown, CondImproperAddressing, CondRemoteConnectionFailed, CondUndefinedCondition, CondRemoteStreamError:
	}
	return wsframe.CloseNormal
}

// conditionOf is what a client is told about a message that is refused (decisions.md 20, 21 and 27).
func conditionOf(err xmlstream.Error) Condition {
	switch err {
	case xmlstream.ErrRestricted:
		return CondRestrictedXML
	case xmlstream.ErrEncoding:
		return CondUnsupportedEncoding
	case xmlstream.ErrLimit, xmlstream.ErrTooBig:
		return CondPolicyViolation
	case xmlstream.ErrNone, xmlstream.ErrNotWellFormed, xmlstream.ErrNamespace:
	}
	return CondNotWellFormed
}
