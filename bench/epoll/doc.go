// Package epoll is the harness's own event loop: a thin layer over the system calls, for its null backend and its load generator.
//
// It is not the product's loop, on purpose: what measures must not share the faults of what is measured, and it may be simpler. Sockets are
// non-blocking and level-triggered. One goroutine uses a Poller and its sockets; only Wake may be called from others. System calls that
// cannot block bypass the scheduler, since the harness must cost less than the server under test.
//
// Buffers given to Read and Write are borrowed. Read and Write report "would block" as n = 0 and no error, the end of the stream as io.EOF.
package epoll
