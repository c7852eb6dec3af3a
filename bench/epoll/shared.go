package epoll

import (
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Counter is a number that processes share: how many pushed messages have arrived, so that who pushes keeps to a window without
// a message of its own about it.
type Counter struct {
	value *atomic.Uint64
}

const counterBytes = 4096 // a page, the least that can be shared

// NewCounterFile makes the file behind a counter; children are given it as an inherited descriptor.
func NewCounterFile() (*os.File, error) {
	fd, err := unix.MemfdCreate("bench-counter", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	if err := unix.Ftruncate(fd, counterBytes); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("ftruncate: %w", err)
	}
	return os.NewFile(uintptr(fd), "counter"), nil
}

// OpenCounter maps the counter behind a descriptor.
func OpenCounter(fd uintptr) (Counter, error) {
	b, err := unix.Mmap(int(fd), 0, counterBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return Counter{}, fmt.Errorf("mmap: %w", err)
	}
	return Counter{(*atomic.Uint64)(unsafe.Pointer(unsafe.SliceData(b)))}, nil
}

// LocalCounter is one of this process alone.
func LocalCounter() Counter { return Counter{new(atomic.Uint64)} }

// Add counts n more.
func (c Counter) Add(n uint64) { c.value.Add(n) }

// Load is the count.
func (c Counter) Load() uint64 { return c.value.Load() }
