package proxy

import "go-xmpp-bosh/httpparse"

// Limit is a bound that a client, or a server, has run into.
type Limit uint8

const (
	LimitSessions    Limit = iota // --max-sessions: a session was refused
	LimitDescriptors              // sessions that the file descriptors carry: likewise
	LimitBody                     // --max-data-held: a request was refused
	LimitHead                     // a request's head, or its target, was too long
	LimitHeadTime                 // a request's head took too long
	LimitBodyTime                 // a request's body took too long
	LimitIdle                     // an HTTP connection without a request was closed
	LimitStanza                   // --max-xmpp-stanza-size: a stream was ended
	LimitUnread                   // a client sent on and on what its server did not read: its session was ended
	LimitSessionsPerAddress
	LimitConnectionsPerAddress
	LimitSessionsPerDomain
	LimitRequests // of a session, in a time
	LimitBytes    // of a session, in a time
	LimitLogin    // time for log-in
	LimitMemory
	LimitConnections // a connection without a session was closed, to make room

	// Limits is how many there are.
	Limits = int(LimitConnections) + 1
)

var limitNames = [Limits]string{
	LimitSessions:    "sessions",
	LimitDescriptors: "descriptors",
	LimitBody:        "body-bytes",
	LimitHead:        "head-bytes",
	LimitHeadTime:    "head-time",
	LimitBodyTime:    "body-time",
	LimitIdle:        "idle-time",
	LimitStanza:      "stanza-bytes",
	LimitUnread:      "unread-bytes",

	LimitSessionsPerAddress:    "sessions-per-address",
	LimitConnectionsPerAddress: "connections-per-address",
	LimitSessionsPerDomain:     "sessions-per-domain",
	LimitRequests:              "requests-per-second",
	LimitBytes:                 "bytes-per-second",
	LimitLogin:                 "login-time",
	LimitMemory:                "memory",
	LimitConnections:           "connections",
}

// String is the limit's name in metrics.
func (l Limit) String() string {
	if int(l) < Limits {
		return limitNames[l]
	}
	return "invalid"
}

// hit notes that a limit was run into.
func (s *stats) hit(l Limit) { s.Limits[l]++ }

// refused notes the limit behind the status of a request that was not taken, if there is one.
func (s *stats) refused(status int, p phase) {
	switch {
	case status == httpparse.StatusContentTooLarge:
		s.hit(LimitBody)
	case status == httpparse.StatusRequestHeaderFieldsTooLarge, status == httpparse.StatusURITooLong:
		s.hit(LimitHead)
	case status == httpparse.StatusRequestTimeout && p == phaseHead:
		s.hit(LimitHeadTime)
	case status == httpparse.StatusRequestTimeout:
		s.hit(LimitBodyTime)
	}
}
