package loop

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestTLSEcho(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		w := newWorld(t, Config{})
		fd, raw := pair(t)
		o := w.open(fd, func(o *owner) {
			o.onData = func(c *Conn, b []byte) int { c.Write(b); return len(b) }
		})
		w.do(func() {
			start(&o.conn)
			if o.conn.TLS() != nil {
				t.Error("secure before the handshake")
			}
			o.conn.Write([]byte("early "))
		})
		p := peer(raw)
		receive(t, p, "early ")
		o.want("secure")
		for _, n := range []int{1, 1000, 16 << 10, 100_000} {
			data := string(pattern(n))
			go func() { _, _ = io.WriteString(p, data) }()
			receive(t, p, data)
		}
		w.do(func() {
			if cs := o.conn.TLS(); cs == nil || !cs.HandshakeComplete || cs.Version != p.ConnectionState().Version {
				t.Errorf("state %+v", cs)
			}
			if o.conn.x != nil || o.conn.tls.hs != nil || o.conn.tls.plain != nil || o.conn.node.Armed() {
				t.Error("a TLS connection at rest has buffers")
			}
			o.conn.Close()
		})
		for strings.HasPrefix(o.next(), "data") {
		}
		receiveEnd(t, p) // a close_notify, not a bare FIN: crypto/tls reads the end either way, so look below it
	})
}

// Whatever the pieces in which records come and go.
func TestTLSInPieces(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		w := newFaultyWorld(t, Config{}, func(k *faultyKernel) { k.readMax, k.writeMax = 7, 11 })
		fd, raw := pair(t)
		o := w.open(fd, func(o *owner) {
			o.quiet = true
			o.onData = func(c *Conn, b []byte) int { c.Write(b[:1]); return 1 }
		})
		w.do(func() { start(&o.conn) })
		p := peer(chopped{raw, 7})
		data := string(pattern(3000))
		go func() { _, _ = io.WriteString(p, data) }()
		got := make([]byte, 1)
		if _, err := io.ReadFull(p, got); err != nil || got[0] != data[0] {
			t.Fatalf("%v", err)
		}
		w.do(func() { o.onData = func(c *Conn, b []byte) int { c.Write(b); return len(b) } })
		send(t, p, "!")
		rest := make([]byte, 0, len(data))
		buf := make([]byte, 4096)
		for !bytes.HasSuffix(rest, []byte("!")) {
			n, err := p.Read(buf)
			if err != nil {
				t.Fatal(err)
			}
			rest = append(rest, buf[:n]...)
		}
		if string(got)+string(rest) != data+"!" {
			t.Error("bytes differ")
		}
	})
}

// Output from before StartTLS goes out in clear, and the handshake behind it; the peer's last clear bytes end before.
func TestStartTLSInTheMiddle(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		w := newWorld(t, Config{})
		fd, raw := pair(t)
		o := w.open(fd, func(o *owner) {
			o.onData = func(c *Conn, b []byte) int {
				if c.TLS() == nil {
					c.Write([]byte("clear"))
					start(c)
					c.Write([]byte("secret"))
				}
				return len(b)
			}
		})
		send(t, raw, "proceed")
		receive(t, raw, "clear")
		p := peer(raw)
		receive(t, p, "secret")
		send(t, p, "answer")
		o.want("data proceed", "secure", "data answer")
	})
}

// Clear bytes behind the command that begins TLS end the connection; they are never taken for what came encrypted.
func TestClearBytesBeforeTLS(t *testing.T) {
	id := newIdentity(t)
	for name, consume := range map[string]int{"left": 7, "all left": 0} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, raw := pair(t)
			o := w.open(fd, func(o *owner) {
				o.onData = func(c *Conn, b []byte) int { c.StartTLS(id.client(tls.VersionTLS13), false); return consume }
			})
			send(t, raw, "proceed<injected/>")
			o.want("data proceed<injected/>", "close loop: TLS: clear text before the handshake")
		})
	}
	t.Run("in the kernel", func(t *testing.T) {
		w := newWorld(t, Config{})
		fd, raw := pair(t)
		o := w.open(fd)
		w.do(func() {
			send(t, raw, "<injected/>")
			o.conn.StartTLS(id.client(tls.VersionTLS13), false)
		})
		o.want("close loop: TLS: *")
	})
}

func TestTLSHandshakeFails(t *testing.T) {
	id, other := newIdentity(t), newIdentity(t)
	for name, v := range versions {
		t.Run(name+" unknown authority", func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, raw := pair(t)
			var err error
			o := w.open(fd, func(o *owner) { o.onClose = func(_ *Conn, e error) { err = e } })
			w.do(func() {
				o.conn.StartTLS(id.client(v), false)
				o.conn.Write([]byte("never sent"))
			})
			if err := tls.Server(raw, other.server(v)).Handshake(); err == nil && v == tls.VersionTLS12 {
				t.Error("the server is content")
			}
			o.want("close loop: TLS: *")
			w.do(func() {
				var te *TLSError
				var unknown x509.UnknownAuthorityError
				if !errors.As(err, &te) || !errors.As(err, &unknown) {
					t.Errorf("%T %v", err, err)
				}
			})
		})
		t.Run(name+" client refuses", func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, raw := pair(t)
			o := w.open(fd)
			w.do(func() { o.conn.StartTLS(other.server(v), true) })
			if err := tls.Client(raw, id.client(v)).Handshake(); err == nil {
				t.Error("the client is content")
			}
			for e := o.next(); !strings.HasPrefix(e, "close loop: TLS: "); e = o.next() {
				if e != "secure" { // TLS 1.3: our side is done before the client judges
					t.Errorf("event %q", e)
				}
			}
		})
	}
	t.Run("no TLS", func(t *testing.T) {
		w := newWorld(t, Config{})
		fd, raw := pair(t)
		o := w.open(fd)
		w.do(func() { o.conn.StartTLS(id.server(0), true) })
		send(t, raw, "GET / HTTP/1.1\r\n\r\n")
		o.want("close loop: TLS: *")
	})
	t.Run("peer goes", func(t *testing.T) {
		for _, server := range []bool{true, false} {
			for _, hello := range []bool{true, false} {
				w := newWorld(t, Config{})
				fd, raw := pair(t)
				o := w.open(fd)
				w.do(func() {
					if server {
						o.conn.StartTLS(id.server(0), true)
					} else {
						o.conn.StartTLS(id.client(0), false)
					}
				})
				if hello {
					send(t, raw, "\x16\x03\x01\x02\x00")
				}
				raw.Close()
				o.want("close *")
				w.stop()
			}
		}
	})
}

func TestTLSHandshakeTimesOut(t *testing.T) {
	id := newIdentity(t)
	for _, server := range []bool{true, false} {
		for _, hello := range []string{"", "\x16\x03\x01\x02\x00"} {
			w := newWorld(t, Config{HandshakeTimeout: 30})
			fd, raw := pair(t)
			o := w.open(fd)
			w.do(func() {
				if server {
					o.conn.StartTLS(id.server(0), true)
				} else {
					o.conn.StartTLS(id.client(0), false)
				}
			})
			send(t, raw, hello)
			o.want("close loop: TLS: loop: time-out")
			w.wantNoHandshakes()
			w.stop()
		}
	}
}

// wantNoHandshakes waits until no goroutine of a handshake is left.
func (w *world) wantNoHandshakes() {
	w.Helper()
	for end := time.Now().Add(patience); ; {
		open, slots := 0, 0
		w.do(func() { open, slots = w.l.open, len(w.l.slots) })
		if open == 0 && slots == 0 {
			return
		}
		if time.Now().After(end) {
			w.Fatalf("%d handshakes and %d slots are left", open, slots)
		}
	}
}

// An abort during the handshake, at whatever moment.
func TestTLSAbortDuringHandshake(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		w := newWorld(t, Config{})
		for i := range 30 {
			fd, raw := pair(t)
			o := w.open(fd)
			w.do(func() { start(&o.conn) })
			go func() { _ = peer(raw).Handshake() }()
			w.rounds(i / 3)
			w.do(func() {
				if i%2 == 0 {
					o.conn.Abort()
				} else {
					o.conn.CloseStaged()
				}
			})
			e := o.next()
			if e == "secure" {
				raw.Close()
				e = o.next()
			}
			if e == "eof" {
				e = o.next()
			}
			if !strings.HasPrefix(e, "close") {
				t.Fatalf("event %q, want close", e)
			}
			raw.Close()
		}
		w.wantNoHandshakes()
	})
}

// Many at once: few compute, few have a goroutine, and all succeed.
func TestTLSManyHandshakes(t *testing.T) {
	id := newIdentity(t)
	const n = 200
	w := newWorld(t, Config{Handshakes: 4, HandshakesOpen: 50})
	cfg := id.server(tls.VersionTLS13)
	cfg.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		if c := len(w.l.slots); c < 1 || c > 4 {
			t.Errorf("%d handshakes compute at once", c)
		}
		return nil, nil
	}
	owners, peers := make([]*owner, n), make([]net.Conn, n)
	results := make(chan error, n)
	for i := range n {
		var fd int
		fd, peers[i] = pair(t)
		owners[i] = w.open(fd)
	}
	most := 0
	w.do(func() {
		for i, o := range owners {
			o.conn.StartTLS(cfg, true)
			go func() {
				p := tls.Client(peers[i], id.client(tls.VersionTLS13))
				_, err := io.WriteString(p, "hello")
				results <- err
			}()
		}
	})
	for done := 0; done < n; {
		select {
		case err := <-results:
			if err != nil {
				t.Fatal(err)
			}
			done++
		default:
			w.do(func() { most = max(most, w.l.open) })
		}
	}
	for _, o := range owners {
		o.want("secure", "data hello")
	}
	if most > 50 {
		t.Errorf("%d handshakes had a goroutine at once", most)
	}
	w.wantNoHandshakes()
}

// Peers that say nothing, or stop in the middle, don't keep others waiting.
func TestTLSSilentPeersHoldNobodyUp(t *testing.T) {
	id := newIdentity(t)
	w := newWorld(t, Config{Handshakes: 1})
	for i := range 20 {
		fd, raw := pair(t)
		o := w.open(fd)
		w.do(func() { o.conn.StartTLS(id.server(0), true) })
		if i%2 == 0 {
			send(t, raw, "\x16\x03\x01\x02\x00")
		}
	}
	fd, raw := pair(t)
	o := w.open(fd)
	w.do(func() { o.conn.StartTLS(id.server(0), true) })
	p := tls.Client(raw, id.client(0))
	send(t, p, "hello")
	o.want("secure", "data hello")
}

// A flood in the place of a handshake is bounded.
func TestTLSHandshakeInputIsBounded(t *testing.T) {
	id := newIdentity(t)
	w := newWorld(t, Config{Handshakes: 1})
	w.l.slots <- struct{}{} // nobody computes
	fd, raw := tcpPair(t)
	o := w.open(fd)
	w.do(func() { o.conn.StartTLS(id.server(0), true) })
	go func() { _, _ = raw.Write(pattern(8 << 20)) }()
	for full := false; !full; {
		w.do(func() { full = o.conn.tls.hs.full })
	}
	w.rounds(10)
	w.do(func() {
		hs := o.conn.tls.hs
		hs.mu.Lock()
		if n := len(hs.in); n > helloBytesMax+readBytesMax {
			t.Errorf("%d bytes wait for the handshake", n)
		}
		hs.mu.Unlock()
	})
	<-w.l.slots
	o.want("close loop: TLS: *")
}

// A handshake with more input than may wait: reading stops, and goes on.
func TestTLSLargeHandshake(t *testing.T) {
	names := make([]string, 6000)
	for i := range names {
		names[i] = fmt.Sprintf("host%06d.test", i)
	}
	id := newIdentity(t, names...) // some 120 KB of certificate
	w := newWorld(t, Config{Handshakes: 1})
	fd, raw := tcpPair(t)
	o := w.open(fd)
	w.do(func() { o.conn.StartTLS(id.client(0), false) })
	hello := make([]byte, 1)
	if _, err := io.ReadFull(raw, hello); err != nil {
		t.Fatal(err)
	}
	w.l.slots <- struct{}{} // the handshake waits for its peer; now it can't go on
	go func() { _, _ = io.WriteString(tls.Server(&prefixed{raw, hello}, id.server(0)), "hello") }()
	for full := false; !full; {
		w.do(func() { full = o.conn.tls.hs.full })
	}
	<-w.l.slots
	o.want("secure", "data hello")
}

func TestTLSEnd(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		for _, pause := range []bool{false, true} {
			w := newWorld(t, Config{})
			fd, raw := tcpPair(t)
			o := w.open(fd)
			w.do(func() { start(&o.conn) })
			p := peer(raw)
			send(t, p, "hello")
			o.want("secure", "data hello")
			w.do(func() {
				if pause {
					o.conn.Pause()
				}
			})
			w.rounds(2)
			if err := p.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if pause {
				closeWrite(t, raw)
			}
			o.want("eof") // when paused: the close_notify isn't data
			w.wantSleep()
			w.do(func() {
				o.conn.Write([]byte("bye"))
				o.conn.CloseWrite()
			})
			receive(t, p, "bye")
			receiveEnd(t, p)
			raw.Close()
			w.do(func() { o.conn.Close() })
			o.want("close*")
			w.stop()
		}
	})
}

// Data, the close_notify and the FIN behind a pause: in order, once it is over.
func TestTLSEndBehindData(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		for _, size := range []int{3, 1000} {
			w := newWorld(t, Config{})
			fd, raw := tcpPair(t)
			o := w.open(fd)
			w.do(func() { start(&o.conn) })
			p := peer(raw)
			send(t, p, "hello")
			o.want("secure", "data hello")
			w.do(func() { o.conn.Pause() })
			w.rounds(2)
			last := string(pattern(size))
			send(t, p, last)
			_ = p.Close()
			w.rounds(5)
			o.wantNone()
			w.do(func() { o.conn.Resume() })
			o.want("data "+last, "eof")
			w.stop()
		}
	})
}

// A stream cut in the middle of a record is an error, not an end.
func TestTLSTruncation(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		w := newWorld(t, Config{})
		fd, raw := tcpPair(t)
		var err error
		o := w.open(fd, func(o *owner) { o.onClose = func(_ *Conn, e error) { err = e } })
		w.do(func() { start(&o.conn) })
		p := peer(raw)
		send(t, p, "hello")
		o.want("secure", "data hello")
		send(t, raw, "\x17\x03\x03\x00\x20half")
		raw.Close()
		o.want("close loop: TLS: unexpected EOF")
		w.do(func() {
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%T %v", err, err)
			}
		})
	})
}

// A damaged record: the peer gets an alert.
func TestTLSBadRecord(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		w := newWorld(t, Config{})
		fd, raw := tcpPair(t)
		o := w.open(fd)
		w.do(func() { start(&o.conn) })
		p := peer(raw)
		send(t, p, "hello")
		o.want("secure", "data hello")
		send(t, raw, "\x17\x03\x03\x00\x20"+strings.Repeat("x", 32))
		o.want("close loop: TLS: *")
		if _, err := p.Read(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "bad record MAC") {
			t.Errorf("the peer reads %v, want an alert", err)
		}
	})
}

func TestTLSStagedClose(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		w := newWorld(t, Config{})
		fd, raw := tcpPair(t)
		o := w.open(fd, func(o *owner) {
			o.quiet = true
			o.onData = func(c *Conn, b []byte) int {
				c.Write([]byte("413 and why"))
				c.CloseStaged()
				return 0
			}
		})
		w.do(func() { start(&o.conn) })
		p := peer(raw)
		if _, err := p.Write(pattern(500_000)); err != nil {
			t.Fatal(err)
		}
		receive(t, p, "413 and why")
		receiveEnd(t, p)
		p.Close()
		o.want("secure", "close <nil>")
	})
}

// A reader that pauses bounds what waits here, however much the peer would send.
func TestPausedReaderOfMuchData(t *testing.T) {
	total := 100 << 20
	if raceEnabled || testing.Short() {
		total = 10 << 20
	}
	test := func(t *testing.T, secure bool) {
		id := newIdentity(t)
		w := newWorld(t, Config{})
		fd, raw := tcpPair(t)
		fd2, raw2 := tcpPair(t)
		if err := raw.SetDeadline(time.Now().Add(2 * time.Minute)); err != nil {
			t.Fatal(err)
		}
		_ = raw2.SetDeadline(time.Now().Add(2 * time.Minute))
		out := w.open(fd2)
		most := 0
		in := w.open(fd, func(o *owner) {
			o.quiet = true
			o.onData = func(c *Conn, b []byte) int { // a relay
				out.conn.Write(b)
				if out.conn.Pressed() {
					c.Pause()
				}
				most = max(most, out.conn.Pending())
				return len(b)
			}
		})
		w.do(func() {
			out.onDrain = func(*Conn) { in.conn.Resume() }
			in.onEOF = func(*Conn) { out.conn.CloseWrite() }
		})
		var from, to net.Conn = raw, raw2
		if secure {
			w.do(func() {
				in.conn.StartTLS(id.server(0), true)
				out.conn.StartTLS(id.client(0), false)
			})
			from, to = tls.Client(raw, id.client(0)), tls.Server(raw2, id.server(0))
		}
		data := pattern(1 << 20)
		go func() {
			for range total >> 20 {
				if _, err := from.Write(data); err != nil {
					t.Error(err)
				}
			}
			_ = from.(interface{ CloseWrite() error }).CloseWrite()
		}()
		buf := make([]byte, len(data))
		for i := range total >> 20 {
			if i%8 == 0 {
				w.rounds(5) // a reader that isn't always there
			}
			if _, err := io.ReadFull(to, buf); err != nil || !bytes.Equal(buf, data) {
				t.Fatalf("after %d MB: %v", i, err)
			}
		}
		receiveEnd(t, to)
		w.do(func() {
			if limit := w.l.cfg.HighWater + 2*readBytesMax; most > limit {
				t.Errorf("%d bytes were pending, want at most %d", most, limit)
			}
		})
		for len(out.events) > 0 {
			<-out.events
		}
	}
	t.Run("clear", func(t *testing.T) { test(t, false) })
	t.Run("TLS", func(t *testing.T) { test(t, true) })
}

// TLS 1.3 tickets come after the handshake, as any data; with them the next connection resumes.
func TestTLSTickets(t *testing.T) {
	id := newIdentity(t)
	w := newWorld(t, Config{})
	client, server := id.client(tls.VersionTLS13), id.server(tls.VersionTLS13)
	client.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	for i := range 3 {
		fd, raw := pair(t)
		o := w.open(fd)
		w.do(func() { o.conn.StartTLS(client, false) })
		p := tls.Server(raw, server)
		send(t, p, "hello")
		o.want("secure", "data hello")
		w.do(func() {
			if got := o.conn.TLS().DidResume; got != (i > 0) {
				t.Errorf("connection %d: resumed %v", i, got)
			}
			o.conn.Close()
		})
		o.want("close <nil>")
	}
}

// A connection that begins with TLS: HandleConnect starts it, before the first byte is read.
func TestAcceptedTLS(t *testing.T) {
	id := newIdentity(t)
	w := newWorld(t, Config{})
	secure, owners := true, make(chan *owner, 2)
	var ls *Listener
	w.do(func() {
		var err error
		ls, err = w.l.Listen("127.0.0.1:0", func() (*Conn, Handler) {
			o := newOwner(t)
			o.accepted = true
			if secure {
				o.onConnect = func(c *Conn) { c.StartTLS(id.server(0), true) }
			}
			owners <- o
			return &o.conn, o
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	p := tls.Client(dial(t, ls), id.client(0))
	send(t, p, "hello")
	o := <-owners
	o.want("secure", "data hello")
	w.do(func() {
		o.conn.Write([]byte("answer"))
		secure = false
	})
	receive(t, p, "answer")
	send(t, dial(t, ls), "clear")
	(<-owners).want("data clear")
}
