// Package null is the harness's XMPP backend: as little of a server as the servers under test can be measured against.
//
// It answers stream headers with features, takes every log-in, binds every resource, and echoes each message as it is. Told to push, it
// sends numbered messages to all its sessions in turn. One thread, one epoll, byte scanning: a message costs it a read, a search and a write.
//
// It checks nothing: what it can't make sense of ends the connection, which the load generator will count as a failure. It speaks no TLS.
//
// A connection owns the bytes of an element that isn't complete yet, and output that found no room; at rest it owns nothing.
package null
