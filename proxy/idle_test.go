package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// far is the environment variable that makes this test binary the far side of the idle tests: clients and backend live in
// a process of their own, so that what is measured here is the server's.
const far = "BOSH_SERVER_TEST_FAR_SIDE"

func TestMain(m *testing.M) {
	if addr, ok := strings.CutPrefix(os.Getenv(far), shakes); ok {
		shake(addr)
		return
	}
	if os.Getenv(far) != "" {
		if err := farSide(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// farSide listens as a backend without authentication and says where; for each line "KIND ADDRESS N" it opens N sessions at
// that address and says so: KIND bosh has a held request on one connection and nothing on another, ws a WebSocket.
func farSide(in io.Reader, out io.Writer) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				r := bufio.NewReaderSize(c, 512)
				for {
					if s, err := r.ReadString('>'); err != nil {
						return
					} else if strings.Contains(s, "<stream:stream") {
						io.WriteString(c, peerHeader+peerFeatures)
					}
				}
			}()
		}
	}()
	fmt.Fprintln(out, l.Addr())
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var kind, addr string
		var n int
		if _, err := fmt.Sscan(lines.Text(), &kind, &addr, &n); err != nil {
			return err
		}
		open := farSession
		if kind == "ws" {
			open = farSocket
		}
		for i := range n {
			if err := open(addr); err != nil {
				return fmt.Errorf("session %d: %w", i, err)
			}
		}
		fmt.Fprintln(out, "open")
	}
	return nil
}

// farConns keeps the clients' connections open.
var farConns []net.Conn

func farSession(addr string) error {
	var conns [2]net.Conn
	for i := range conns {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return err
		}
		conns[i] = c
		farConns = append(farConns, c)
	}
	answer, err := farExchange(conns[0], createText(1, "example.org"))
	if err != nil {
		return err
	}
	_, sid, _ := strings.Cut(answer, " sid='")
	sid, _, ok := strings.Cut(sid, "'")
	if !ok || !strings.Contains(answer, "features") {
		return fmt.Errorf("no session in %q", answer)
	}
	body := "<body rid='%d' sid='%s' xmlns='http://jabber.org/protocol/httpbind'><presence xmlns='jabber:client'/></body>"
	// Polls on both connections in turn: each lets the one before it go, and the last is held. By then the answers that are
	// kept for a repeat are empty ones, as they are when a session has been idle for a while.
	for rid := 2; rid <= 5; rid++ {
		if _, err := io.WriteString(conns[rid%2], postText(fmt.Sprintf(body, rid, sid))); err != nil {
			return err
		}
		if rid > 2 {
			if _, err := farAnswer(conns[(rid-1)%2]); err != nil {
				return err
			}
		}
	}
	return nil
}

// farSocket opens a WebSocket with a stream.
func farSocket(addr string) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	farConns = append(farConns, c)
	if _, err := io.WriteString(c, upgradeText+"\r\n"+frame(1, openText)); err != nil {
		return err
	}
	var got []byte
	buf := make([]byte, 4096)
	for !strings.Contains(string(got), "</stream:features>") {
		n, err := c.Read(buf)
		if err != nil {
			return err
		}
		got = append(got, buf[:n]...)
	}
	return nil
}

func farExchange(c net.Conn, body string) (string, error) {
	if _, err := io.WriteString(c, postText(body)); err != nil {
		return "", err
	}
	return farAnswer(c)
}

// farAnswer reads one answer: it ends in "/>" or "</body>", which no head does.
func farAnswer(c net.Conn) (string, error) {
	var got []byte
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return "", err
		}
		got = append(got, buf[:n]...)
		if _, body, ok := strings.Cut(string(got), "\r\n\r\n"); ok && strings.HasSuffix(body, ">") {
			return body, nil
		}
	}
}

// farProcess starts the far side; open makes sessions at an address.
func farProcess(t testing.TB) (backend string, open func(kind, addr string, n int)) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), far+"=1")
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
		cmd.Wait()
	})
	lines := bufio.NewReader(out)
	line := func() string {
		s, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("far side: %v", err)
		}
		return strings.TrimSpace(s)
	}
	return line(), func(kind, addr string, n int) {
		fmt.Fprintln(in, kind, addr, n)
		if got := line(); got != "open" {
			t.Fatalf("far side: %q", got)
		}
	}
}

func farServer(t testing.TB) (addr string, open func(kind string, n int)) {
	t.Helper()
	backend, openAt := farProcess(t)
	_, addr = startServer(t, func(c *Config) {
		if err := c.Backends.Add("*=" + backend); err != nil {
			t.Fatal(err)
		}
	})
	return addr, func(kind string, n int) { openAt(kind, addr, n) }
}

// A session costs no goroutine, and neither does a connection or a timer.
func TestIdleSessionsUseNoGoroutines(t *testing.T) {
	for _, kind := range []string{"bosh", "ws"} {
		_, open := farServer(t)
		open(kind, 5)
		before := runtime.NumGoroutine()
		open(kind, 1000)
		if after := runtime.NumGoroutine(); after > before {
			t.Fatalf("%d goroutines with 1,000 more sessions (%s), %d before", after, kind, before)
		}
	}
}

// BenchmarkIdleSession prints the user-space bytes of an idle session with its backend connection and two HTTP connections,
// one of them held: heap in use and everything else the runtime has taken for it.
func BenchmarkIdleSession(b *testing.B) { benchmarkIdle(b, "bosh") }

// BenchmarkIdleWebSocket is the same for a WebSocket and its backend connection.
func BenchmarkIdleWebSocket(b *testing.B) { benchmarkIdle(b, "ws") }

func benchmarkIdle(b *testing.B, kind string) {
	const n = 1000
	_, open := farServer(b)
	open(kind, 50)
	heap := func() (inUse, total uint64) {
		debug.FreeOSMemory()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, m.Sys - m.HeapReleased
	}
	inUse0, total0 := heap()
	open(kind, n) // whatever b.N is: descriptors are not endless
	inUse, total := heap()
	b.ReportMetric(float64(inUse-inUse0)/n, "heap-B/session")
	b.ReportMetric(float64(total-total0)/n, "resident-B/session")
	b.ReportMetric(0, "ns/op")
}
