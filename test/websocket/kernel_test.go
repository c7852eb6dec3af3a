package websocket

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
)

// kernelBytes is how much waits in the kernel on two loopback connections, at both of their ends: what was written and not
// taken by the other end, and what was taken and not read (proc(5): tx_queue, rx_queue).
func kernelBytes(t *testing.T, conns ...*net.TCPConn) (total int) {
	t.Helper()
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		t.Skipf("no /proc: %v", err)
	}
	found := 0
	for line := range strings.Lines(string(table)) {
		fields := strings.Fields(line) // sl, local_address, rem_address, st, tx_queue:rx_queue
		if len(fields) < 5 {
			continue
		}
		for _, c := range conns {
			local, remote := hexPort(c.LocalAddr()), hexPort(c.RemoteAddr())
			ends := []string{local + " " + remote, remote + " " + local}
			_, from, _ := strings.Cut(fields[1], ":")
			_, to, _ := strings.Cut(fields[2], ":")
			if end := from + " " + to; end != ends[0] && end != ends[1] {
				continue
			}
			found++
			tx, rx, _ := strings.Cut(fields[4], ":")
			for _, queue := range []string{tx, rx} {
				n, err := strconv.ParseInt(queue, 16, 64)
				if err != nil {
					t.Fatalf("/proc/net/tcp: %q: %v", line, err)
				}
				total += int(n)
			}
		}
	}
	if found != 2*len(conns) {
		t.Fatalf("/proc/net/tcp has %d ends of %d connections", found, len(conns))
	}
	return total
}

func hexPort(a net.Addr) string { return fmt.Sprintf("%04X", a.(*net.TCPAddr).Port) }
