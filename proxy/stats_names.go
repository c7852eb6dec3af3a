package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/xmppconn"
)

// The names of the places in the arrays of Counters, for who does not know the packages that they are from.

// MethodName names a place of Requests.
func MethodName(i int) string { return httpparse.Method(i).String() }

// BOSHConditionName names a place of BOSHErrors; the first is none.
func BOSHConditionName(i int) string { return bosh.Condition(i).String() }

// SocketConditionName names a place of SocketErrors; the first is none.
func SocketConditionName(i int) string { return wsconn.Condition(i).String() }

// ReasonName names a place of StreamEnds; the first is none.
func ReasonName(i int) string { return xmppconn.Reason(i).String() }

// OutcomeName names a place of DNS.Answers.
func OutcomeName(i int) string { return lookup.Outcome(i).String() }
