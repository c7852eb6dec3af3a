package wsframe

import "strconv"

// CloseCode is the status code of a close frame (RFC 6455 §7.4). Zero is no code.
type CloseCode uint16

// The codes that this server sends or has something to say about.
const (
	CloseNormal        CloseCode = 1000
	CloseGoingAway     CloseCode = 1001
	CloseProtocolError CloseCode = 1002
	CloseUnsupported   CloseCode = 1003
	CloseNone          CloseCode = 1005 // an empty close frame; never on the wire
	CloseBadData       CloseCode = 1007
	ClosePolicy        CloseCode = 1008
	CloseTooBig        CloseCode = 1009
	CloseInternal      CloseCode = 1011
	CloseRestart       CloseCode = 1012
	CloseTryLater      CloseCode = 1013
	CloseBadGateway    CloseCode = 1014
)

// IsValid says whether a peer may send that code (RFC 6455 §7.4.2; decisions.md 22). Of the codes below 3000 those are the ones registered for use on the
// wire: not 1004, 1005, 1006 and 1015. 3000 to 4999 are for libraries, frameworks and applications.
func (c CloseCode) IsValid() bool {
	switch {
	case c < CloseNormal:
		return false
	case c <= CloseUnsupported:
		return true
	case c < CloseBadData:
		return false
	case c <= CloseBadGateway:
		return true
	}
	return c >= 3000 && c <= 4999
}

func (c CloseCode) String() string {
	switch c {
	case CloseNormal:
		return "1000 normal"
	case CloseGoingAway:
		return "1001 going away"
	case CloseProtocolError:
		return "1002 protocol error"
	case CloseUnsupported:
		return "1003 unsupported data"
	case CloseNone:
		return "1005 no code"
	case CloseBadData:
		return "1007 bad data"
	case ClosePolicy:
		return "1008 policy violation"
	case CloseTooBig:
		return "1009 too big"
	case CloseInternal:
		return "1011 internal error"
	case CloseRestart:
		return "1012 service restart"
	case CloseTryLater:
		return "1013 try again later"
	case CloseBadGateway:
		return "1014 bad gateway"
	}
	return strconv.Itoa(int(c))
}
