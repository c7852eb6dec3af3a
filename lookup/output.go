package lookup

import "net/netip"

// Ticket names a question; it is the asker's choice, and should not be used twice at a time.
type Ticket uint64

// Try names a socket: one attempt to get an answer from one resolver. It is never used again.
type Try uint64

// Output is where a Resolver's effects go. Calls only queue: they never fail and never call back in.
type Output interface {
	// SendUDP opens a UDP socket for the try, with a port that cannot be foreseen, and sends b to a resolver. HandleUDP follows for
	// each answer, or HandleFailed when there is no socket or nobody there.
	SendUDP(t Try, to netip.AddrPort, b []byte)
	// DialTCP connects to a resolver and sends b, which has its length in front (RFC 1035 §4.2.2). HandleTCP follows, or HandleFailed.
	DialTCP(t Try, to netip.AddrPort, b []byte)
	// Close closes the try's socket. It comes once for each try, that of HandleFailed included; no input of the try does anything after it.
	Close(t Try)

	// Addresses answers Resolver.Addresses. More may follow unless last; they come in the order to try them, but are to be merged (Interleave)
	// with those that came before and are not tried yet. When last comes without any, the outcome says why.
	Addresses(t Ticket, addrs []netip.Addr, o Outcome, last bool)
	// Service answers Resolver.Service, in the order to try them; there are some if the outcome is Found.
	Service(t Ticket, hosts []Service, o Outcome)

	// Deadline: Resolver.Deadline moved earlier, or was none before.
	Deadline()
}
