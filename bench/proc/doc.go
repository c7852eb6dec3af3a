// Package proc measures processes of this machine from outside: CPU time, memory, system calls, what the Go runtime says of its collections, and
// the kernel's memory for sockets.
//
// It reads the /proc file system and, when they are there, runs strace; it changes nothing about what it measures but, while strace is
// attached, its speed. A server's children and threads count as the server.
//
// Sources: proc(5); Documentation/scheduler/sched-stats (schedstat), the runtime package's documentation of GODEBUG=gctrace.
package proc
