// Package loop is the reactor: the only package that knows file descriptors, the clock, TLS and goroutines.
//
// One goroutine, that of [Loop.Run], owns every socket of a loop, and calls one [Handler] at a time. A callback is: an event, the handler, and then
// settle, which flushes what the handlers wrote, on whichever connections, brings the poller up to date, and tells of ends. Methods of [Conn] only
// change state or queue: they never fail, and never call a handler. What they cause is told after the running callback has returned.
//
// # What it does
//
// Listening and accepting, also when there are no descriptors left (accept.go). Connecting, with a deadline (dial.go). Reading into one shared buffer (input.go);
// writing at the end of a callback, with back-pressure (output.go). Closing: after flush, in stages, at once (close.go). A deadline per connection, and timers for anyone,
// on wheels that one timerfd drives (clock.go, deadline.go). UDP sockets for datagrams to one peer (packet.go). TLS, both sides, at any moment (tls.go and its kin). Functions from other goroutines (post.go).
//
// # What it does not
//
// It knows no protocol, looks no name up but those to listen on, and limits neither the number of connections nor what a handler leaves unconsumed: that is for
// its owner. Listening is TCP only. It runs on Linux.
//
// # Who owns which bytes
//
// HandleData borrows the loop's buffer to its handler. What the handler leaves is copied to a buffer from the pool, which the connection owns until
// it is consumed. Write borrows; what the kernel does not take is copied likewise. An idle connection owns no buffer: it is the 88 bytes of its struct, a table
// entry, and what crypto/tls keeps when it has TLS.
//
// # Order
//
// Of one connection: HandleConnect (or, accepted with TLS, HandleSecure), HandleData as often as it takes, HandleEOF at most once and after all data was offered, HandleClose last and exactly
// once. Output leaves in the order of the Write calls, each as it is encrypted or not at the time of the call. Of several connections nothing is
// promised, but that a single busy one does not keep the others waiting: one read a turn, at most 16 accepts a turn, and at most eight rounds of
// deferred work at the end of one.
//
// # The poller
//
// Level-triggered, so what a read leaves is told again. What a connection wants to know is derived from its state (interest.go) and compared with what the poller
// knows once, in settle. A FIN stays readable for ever, and so does a reset: a connection that does not read (paused, at its end, closing) is watched edge-triggered for room to write, which tells
// of both once.
//
// An event names a descriptor only, and may be older than the present state. So every event is checked against the state, and a descriptor is closed no
// earlier than after the batch of events in which it was given up: until then no new connection can get its number.
//
// # TLS
//
// crypto/tls cannot suspend a handshake, so that runs on a goroutine, over a net.Conn in memory that the loop feeds. Afterwards the loop itself calls
// Read and Write: a read of nothing is a time-out, after which crypto/tls continues where it was. Few handshakes compute at a time; see [Config.Handshakes].
//
// # Errors
//
// There is one place where a connection's error arrives: HandleClose. It is nil, a syscall.Errno (that of a connect in an os.SyscallError), [ErrTimeout],
// [ErrStopped] or a [TLSError]. A failing poller or timer is an error of New or Run.
//
// # Underneath
//
// All system calls but the poller's are behind one small interface (kernel.go), which has one implementation (sys_linux.go); the poller is gnet's (poll_linux.go). Tests
// put faults in between. There is no mutable state outside of a Loop, so several can run side by side.
//
// Specifications: RFC 9112 §9.6 (closing), RFC 8446 and RFC 5246 through crypto/tls, epoll(7), connect(2), accept(2), timerfd_create(2).
package loop
