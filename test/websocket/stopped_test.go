package websocket

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/proxy"
)

// serve is the environment variable that makes this test binary a server in front of the backend that it names: so that what is measured
// of the process is the server's.
const serve = "WEBSOCKET_TEST_SERVER_OF"

func TestMain(m *testing.M) {
	if backend := os.Getenv(serve); backend != "" {
		if err := serveAlone(backend); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveAlone says where it listens, and serves until its input ends.
func serveAlone(backend string) error {
	cfg := proxy.Config{Listen: []string{"127.0.0.1:0"}, Backends: new(proxy.Backends)}
	if err := cfg.Backends.Add("*=" + backend); err != nil {
		return err
	}
	s, err := proxy.New(cfg)
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		s.Stop()
	}()
	fmt.Println(s.Addrs()[0])
	return s.Run()
}

// startProcess runs a server in a process of its own until the test ends.
func startProcess(t *testing.T, b *backend) (addr string, pid int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(cmd.Environ(), serve+"="+b.addr)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), cmd.Process.Pid
}

const (
	pushBytes   = 100 << 20
	stanzaBytes = 16_000

	// highWater is how much output may wait in a connection before its source is held up; what one read of the source brought goes beyond it.
	highWater, readMax = 256 << 10, 64 << 10
)

// numbered is a stanza of that size with its number.
func numbered(i int) string {
	start := fmt.Sprintf("<message xmlns='jabber:client' id='n%d'><body>", i)
	const end = "</body></message>"
	return start + strings.Repeat(string(rune('a'+i%26)), stanzaBytes-len(start)-len(end)) + end
}

// TestStoppedReader: a client stops reading while its server pushes 100 MB. The server is held up at the high-water mark, and when the client reads
// again everything comes.
func TestStoppedReader(t *testing.T) {
	b := startBackend(t)
	addr, pid := startProcess(t, b)
	c, s := openSession(t, addr, b, rfc7395, false)
	if err := c.SetDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	before := memoryOf(t, pid)
	const total = pushBytes / stanzaBytes
	written, part := pushUntilBlocked(t, s, total)
	inKernel := kernelBytes(t, c.TCPConn, s.Conn.(*net.TCPConn))
	inServer := written - inKernel
	stopped := memoryOf(t, pid)
	t.Logf("%d bytes written before the server held us up; %d of them in the kernel, %d in the server", written, inKernel, inServer)
	if limit := highWater + 2*readMax; inServer > limit {
		t.Errorf("the server holds %d bytes, want at most %d", inServer, limit)
	}

	pushed := make(chan error, 1)
	go func() { pushed <- pushRest(s, part, written/stanzaBytes, total) }()
	if err := c.SetReadDeadline(time.Now().Add(2 * patience)); err != nil {
		t.Fatal(err)
	}
	for i := range total {
		if got := c.read(); got != (received{fin | opText, numbered(i)}) {
			t.Fatalf("message %d is %.80v of %d bytes", i, got, len(got.text))
		}
	}
	if err := <-pushed; err != nil {
		t.Fatal(err)
	}
	after := memoryOf(t, pid)
	t.Logf("resident memory of the server: %d KB before, %d KB more while the client stood still, %d KB more at the end; at most %d KB more",
		before.resident, stopped.resident-before.resident, after.resident-before.resident, after.peak-before.resident)
	c.send(rfc7395.close)
	if got := s.awaitEnd(t); got != streamEnd {
		t.Errorf("the backend got %q, want %s", tail(got), streamEnd)
	}
}

// pushUntilBlocked writes stanzas until none is taken for a while. It returns how many bytes were, and what is left of the last stanza.
func pushUntilBlocked(t *testing.T, s *stream, total int) (written int, part string) {
	t.Helper()
	const blocked = 2 * time.Second
	for i := range total {
		if err := s.SetWriteDeadline(time.Now().Add(blocked)); err != nil {
			t.Fatal(err)
		}
		text := numbered(i)
		n, err := io.WriteString(s.Conn, text)
		written += n
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return written, text[n:]
		case err != nil:
			t.Fatal(err)
		}
	}
	t.Fatalf("all %d bytes were taken, and nobody reads", written)
	return 0, ""
}

func pushRest(s *stream, part string, i, total int) error {
	if err := s.SetWriteDeadline(time.Now().Add(2 * patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(s.Conn, part); err != nil {
		return err
	}
	for i++; i < total; i++ {
		if _, err := io.WriteString(s.Conn, numbered(i)); err != nil {
			return err
		}
	}
	return nil
}

// memory is what the kernel says of a process, in KB.
type memory struct{ resident, peak int }

func memoryOf(t *testing.T, pid int) (m memory) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skipf("no /proc: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		kb, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "VmRSS":
			m.resident = kb
		case "VmHWM":
			m.peak = kb
		}
	}
	return m
}
