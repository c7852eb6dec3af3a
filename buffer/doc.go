// Package buffer keeps the byte slices of one loop: free lists by size, four classes to a doubling, from 64 bytes to 1 MiB.
//
// It keeps no count of what is out and does not zero what it hands out. A slice from [Pool.Get] is owned by the caller until it is given back with
// [Pool.Put] (or exchanged by [Pool.Grow]); after that the caller must not touch it. One that is never given back is simply garbage. Under the race
// detector a slice that is given back is overwritten, so that a test sees its use.
//
// The free lists are bounded, class by class, so the memory of a burst returns to the garbage collector. In steady state nothing here allocates.
// A Pool is not safe for concurrent use. Nothing in this package fails.
package buffer
