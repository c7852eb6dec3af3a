// Package loop is the reactor: the only package that knows file descriptors, the clock, TLS and goroutines.
package loop
