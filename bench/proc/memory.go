package proc

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Memory is what a process and its descendants hold, in bytes.
type Memory struct {
	Resident     int64 `json:"resident"`     // pages in memory, those of shared files included
	Proportional int64 `json:"proportional"` // the same, shared pages divided among those who share them
	Anonymous    int64 `json:"anonymous"`    // without the pages of files
}

// MemoryOf reads it.
func MemoryOf(pid int) (Memory, error) {
	var m Memory
	for _, p := range Tree(pid) {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p))
		if err != nil {
			if p == pid {
				return m, fmt.Errorf("memory of process %d: %w", pid, err)
			}
			continue
		}
		m.Resident += kilobytes(b, "Rss:")
		m.Proportional += kilobytes(b, "Pss:")
		m.Anonymous += kilobytes(b, "Anonymous:")
	}
	return m, nil
}

// kilobytes is the value of a line like "Rss:  123 kB", in bytes; 0 when there is none.
func kilobytes(b []byte, name string) int64 {
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) >= 2 && fields[0] == name {
			n, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
}

// Kernel is the machine's memory for all its TCP sockets and for kernel objects; differences tell what sessions cost it.
type Kernel struct {
	Buffers int64 `json:"buffers"` // of TCP sockets: /proc/net/sockstat, "mem"
	Slab    int64 `json:"slab"`    // sockets themselves, their files, epoll's entries, and whatever else the kernel has small objects for
	Sockets int64 `json:"sockets"` // of TCP, in use
}

// KernelMemory reads it.
func KernelMemory() (Kernel, error) {
	sockets, err := os.ReadFile("/proc/net/sockstat")
	if err != nil {
		return Kernel{}, fmt.Errorf("sockstat: %w", err)
	}
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return Kernel{}, fmt.Errorf("meminfo: %w", err)
	}
	k := Kernel{Slab: kilobytes(info, "Slab:")}
	k.Sockets, k.Buffers = sockstat(sockets)
	return k, nil
}

// sockstat reads "TCP: inuse 5 orphan 0 tw 0 alloc 7 mem 1".
func sockstat(b []byte) (inUse, bytesHeld int64) {
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || fields[0] != "TCP:" {
			continue
		}
		for i := 1; i+1 < len(fields); i += 2 {
			n, err := strconv.ParseInt(fields[i+1], 10, 64)
			if err != nil {
				continue
			}
			switch fields[i] {
			case "inuse":
				inUse = n
			case "mem":
				bytesHeld = n * int64(os.Getpagesize())
			}
		}
	}
	return inUse, bytesHeld
}
