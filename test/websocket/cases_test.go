package websocket

import (
	"strings"
	"testing"

	"go-xmpp-bosh/wsframe/wscases"
)

// TestCases runs the whole table against a server: at once, byte by byte, and no further than it takes to know. Text that the frames allow is no XMPP, which
// is told in XMPP then; TestStanzas has more of these cases.
func TestCases(t *testing.T) {
	b := startBackend(t)
	addr := startServer(t, b, nil)
	for _, c := range wscases.All() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			want := expect(&c, false)
			plans := pieces(&c)
			if _, ok := wrap(&c); ok {
				plans = plans[1:2] // at once
			}
			for _, p := range plans {
				run(t, addr, b, p, &c, want)
			}
		})
	}
}

// plan is in which pieces the bytes of a case are written.
type plan struct {
	name string
	send []byte
	cut  func(at int) int // the length of the piece that begins there
}

func pieces(c *wscases.Case) []plan {
	whole := func(int) int { return len(c.Send) }
	all := []plan{{"byte by byte", c.Send, func(at int) int { return around(at, len(c.Send), c.KnownAt) }}, {"at once", c.Send, whole}}
	if c.KnownAt < len(c.Send) {
		all = append(all, plan{"until it is known", c.Send[:c.KnownAt], whole})
	}
	return all
}

// around cuts n bytes one by one; a long message, only where it begins, where the case is decided, and where it ends.
func around(at, n, known int) int {
	const near, far = 60, 1460
	for _, edge := range []int{0, known, n} {
		if at > edge-near && at < edge+near {
			return 1
		}
	}
	if n < 5*near {
		return 1
	}
	next := n - near + 1 // where bytes come one by one again
	if at <= known-near {
		next = known - near + 1
	}
	return min(far, next-at)
}

// run plays a case on a session of its own.
func run(t *testing.T, addr string, b *backend, p plan, c *wscases.Case, want outcome) {
	t.Helper()
	ws, stream := openSession(t, addr, b, rfc7395, c.Deflate)
	defer ws.Close()
	for at := 0; at < len(p.send); {
		n := max(1, min(p.cut(at), len(p.send)-at))
		if _, err := ws.Write(p.send[at : at+n]); err != nil {
			break // it is closed already: what was said decides
		}
		at += n
	}
	const alive = "are you there?"
	wire := want.wire
	if !want.closed {
		// Nothing is to come any more but what is asked for: the connection lives.
		ws.write(append(frame(fin|opPing, alive), frame(fin|opClose, closePayload(1000))...))
		wire = append(wire[:len(wire):len(wire)], received{fin | opPong, alive}.String(), "close 1000")
	}
	for i, want := range wire {
		got := ws.readPlain(c.Deflate).String()
		if !strings.HasPrefix(got, want) || !strings.HasPrefix(want, "text") && got != want {
			t.Fatalf("%s: frame %d is %q, want %q", p.name, i, got, want)
		}
	}
	if want.waits {
		ws.write(frame(fin|opClose, closePayload(1000)))
	}
	ws.wantEnd()
	ended := stream.awaitEnd(t)
	sent, ok := strings.CutSuffix(ended, streamEnd)
	if !ok {
		t.Fatalf("%s: the backend's stream ends with %q, want %s", p.name, tail(ended), streamEnd)
	}
	wantBodies(t, p.name, sent, want.bodies)
}

func tail(s string) string { return s[max(0, len(s)-200):] }
