package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/xmppconn"
)

// Transport is how a client's session is carried.
type Transport uint8

const (
	TransportBOSH Transport = iota
	TransportWebSocket

	// Transports is how many there are.
	Transports = int(TransportWebSocket) + 1
)

func (t Transport) String() string {
	switch t {
	case TransportBOSH:
		return "bosh"
	case TransportWebSocket:
		return "websocket"
	}
	return "invalid"
}

// Wire is a kind of connection.
type Wire uint8

const (
	WireHTTP      Wire = iota // of a BOSH client, or of anyone who asks over HTTP
	WireWebSocket             // of a client, once it was upgraded
	WireXMPP                  // to a server

	// Wires is how many there are.
	Wires = int(WireXMPP) + 1
)

func (w Wire) String() string {
	switch w {
	case WireHTTP:
		return "http"
	case WireWebSocket:
		return "websocket"
	case WireXMPP:
		return "xmpp"
	}
	return "invalid"
}

// Tally counts what begins and ends.
type Tally struct{ Opened, Ended uint64 }

// Active is how many there are.
func (t Tally) Active() uint64 { return t.Opened - t.Ended }

// Traffic counts what goes either way, seen from here.
type Traffic struct{ In, Out uint64 }

// Handshakes counts how TLS handshakes ended.
type Handshakes struct{ OK, Failed uint64 }

// How many conditions, reasons and methods there are, and up to where statuses go.
const (
	boshConditions   = int(bosh.CondUndefinedCondition) + 1
	socketConditions = int(wsconn.CondBadFrame) + 1
	reasons          = int(xmppconn.ReasonInternal) + 1
	methods          = int(httpparse.PATCH) + 1
	statusMax        = 600
)

// Counters are what a loop has counted since it began. They are plain integers, which only the loop touches; others get a copy (Stats).
type Counters struct {
	Sessions [Transports]Tally
	Streams  [Transports]Tally

	Requests     [methods]uint64 // over HTTP, by method
	Responses    [statusMax]uint64
	BOSHRequests uint64              // those with a <body/> for a session
	Stanzas      [Transports]Traffic // In: from clients; Out: to them
	Bytes        [Wires]Traffic      // inside TLS, where there is some

	BOSHErrors   [boshConditions]uint64 // sessions and requests that ended with a condition
	SocketErrors [socketConditions]uint64
	StreamEnds   [reasons]uint64 // streams to servers, by how they ended
	Limits       [Limits]uint64  // how often each was hit

	ClientTLS, ServerTLS Handshakes // with clients; with XMPP servers

	Hold    Histogram // how long BOSH requests waited for their answer
	Connect Histogram // how long it took until a connection to a server was up
	Lag     Histogram // how late the loop was for a timer

	DNS lookup.Counts
}

// merge adds another loop's.
func (c *Counters) merge(o *Counters) {
	for t := range c.Sessions {
		c.Sessions[t].merge(o.Sessions[t])
		c.Streams[t].merge(o.Streams[t])
		c.Stanzas[t].merge(o.Stanzas[t])
	}
	for w := range c.Bytes {
		c.Bytes[w].merge(o.Bytes[w])
	}
	add(c.Requests[:], o.Requests[:])
	add(c.Responses[:], o.Responses[:])
	c.BOSHRequests += o.BOSHRequests
	add(c.BOSHErrors[:], o.BOSHErrors[:])
	add(c.SocketErrors[:], o.SocketErrors[:])
	add(c.StreamEnds[:], o.StreamEnds[:])
	add(c.Limits[:], o.Limits[:])
	c.ClientTLS.merge(o.ClientTLS)
	c.ServerTLS.merge(o.ServerTLS)
	c.Hold.merge(&o.Hold)
	c.Connect.merge(&o.Connect)
	c.Lag.merge(&o.Lag)
	c.DNS.Queries += o.DNS.Queries
	c.DNS.CacheHits += o.DNS.CacheHits
	add(c.DNS.Answers[:], o.DNS.Answers[:])
}

func (t *Tally) merge(o Tally)           { t.Opened += o.Opened; t.Ended += o.Ended }
func (t *Traffic) merge(o Traffic)       { t.In += o.In; t.Out += o.Out }
func (h *Handshakes) merge(o Handshakes) { h.OK += o.OK; h.Failed += o.Failed }

func add(to, from []uint64) {
	for i := range to {
		to[i] += from[i]
	}
}

// buckets is how many bounds a Histogram has.
const buckets = 12

// Histogram counts durations by fixed bounds.
type Histogram struct {
	Counts [buckets + 1]uint64 // by bound, each with what is above the one before; the last is what is above all
	Sum    uint64              // in milliseconds
}

// The bounds, in milliseconds: what is equal to one is below it.
var (
	HoldBounds    = [buckets]timer.Time{10, 50, 100, 500, 1_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000}
	ConnectBounds = [buckets]timer.Time{1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 15_000}
	LagBounds     = [buckets]timer.Time{1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000}
)

func (h *Histogram) observe(bounds *[buckets]timer.Time, d timer.Time) {
	d = max(d, 0)
	i := 0
	for i < buckets && d > bounds[i] {
		i++
	}
	h.Counts[i]++
	h.Sum += uint64(d)
}

func (h *Histogram) merge(o *Histogram) {
	add(h.Counts[:], o.Counts[:])
	h.Sum += o.Sum
}

// Total is how many durations were observed.
func (h *Histogram) Total() (n uint64) {
	for _, c := range h.Counts {
		n += c
	}
	return n
}
