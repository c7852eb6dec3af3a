// Package lookup is a DNS client as a pure state machine: addresses of a host, and the hosts that serve an XMPP domain.
//
// # What it does
//
// A Resolver asks recursive resolvers (RFC 1035) for A, AAAA and SRV records. It retries over all resolvers with a time-out for
// each try, begins with the one that answered last, goes to TCP when an answer is truncated, follows aliases as far as a
// bound, and keeps what it learns as long as its TTL says, in a cache of bounded size; what does not exist too (RFC 2308). One
// query is in flight for a name and type, and whoever asks meanwhile waits for the same answer. How many are in flight is bounded; the others wait.
//
// Service is the look-up of XEP-0368: the SRV records of direct TLS and of STARTTLS, in one order by priority and weight (RFC 2782), or the
// domain itself on port 5222 when there are none. Addresses is the look-up of RFC 8305 §3: A and AAAA at once, and what comes first is told
// first, but IPv4 waits 50 ms for IPv6.
//
// # What it does not
//
// It knows no socket, clock, file or random source: sockets are its Output's, the time is an argument, the random source is
// Config.Random's, and the files (resolv.conf, hosts) are given to ParseResolvConf and ParseHosts as bytes. It checks no DNSSEC signatures, uses no
// search domains (every name is absolute) and connects to nothing that it finds: which address may be connected to is its owner's to say, with
// each connection anew, since an answer may change from one moment to the next (rebinding).
//
// # Bytes
//
// What an input is given is borrowed. So is what Output is given, but for the slices of Addresses and Service: those are shared with the cache, and
// nobody may write to them.
//
// # Ordering
//
// Outputs only queue: they never fail and never call back in. A question is answered by Output.Addresses (until its last) or Output.Service
// (once), perhaps before the call that asked has returned; never after Cancel.
//
// # Against lies
//
// Each try has a socket of its own, hence a port of the kernel's choice, and a random id. An answer counts when it comes from the resolver that
// was asked, with the id and the question of the try; anything else is ignored, and too much of it moves the try to TCP (RFC 5452 §9). Of an answer only the
// records that belong to the question are taken: those of the name itself or of the aliases that lead from it. Additional records are not.
//
// # Errors
//
// An Outcome keeps apart what a client has to be told apart: a name that does not exist, a name without such records, a domain that says it has no such
// service, and resolvers that fail or are silent.
//
// # Specifications
//
// RFC 1035; RFC 2308 (negative answers); RFC 2782 (SRV); RFC 5452 (forged answers); RFC 6604 (rcode with aliases); RFC 6761 and RFC 7686 (names that are
// never asked for); RFC 6891 (EDNS); RFC 7766 (TCP); RFC 8305 (Happy Eyeballs); RFC 9520 (failures are remembered); XEP-0368; RFC 6120 §3.2.
package lookup
