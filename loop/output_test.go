package loop

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// What a callback writes goes out as one.
func TestWritesOfACallbackAreOneWrite(t *testing.T) {
	writes := 0
	w := newFaultyWorld(t, Config{}, func(k *faultyKernel) { k.onWrite = func() { writes++ } })
	fd, peer := pair(t)
	o := w.open(fd)
	w.do(func() {
		writes = 0
		for range 10 {
			o.conn.Write([]byte("0123456789"))
		}
		if o.conn.Pending() != 100 {
			t.Errorf("%d bytes pending, want 100", o.conn.Pending())
		}
	})
	receive(t, peer, strings.Repeat("0123456789", 10))
	w.do(func() {
		if writes != 1 || o.conn.Pending() != 0 {
			t.Errorf("%d writes, %d pending, want 1 and 0", writes, o.conn.Pending())
		}
	})
}

// Large output goes to the kernel inside Write, behind what was queued.
func TestLargeWriteIsNotCopied(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	o := w.open(fd)
	body := string(pattern(directBytesMin))
	w.do(func() {
		o.conn.Write([]byte("head "))
		o.conn.Write([]byte(body))
		if o.conn.Pending() != 0 || o.conn.x != nil {
			t.Errorf("%d bytes pending after a large write", o.conn.Pending())
		}
	})
	receive(t, peer, "head "+body)
}

// Whatever the kernel takes at a time, every byte arrives once and in order.
func TestShortWrites(t *testing.T) {
	for _, size := range []int{1, 100, directBytesMin - 1, directBytesMin, 300_000} {
		w := newFaultyWorld(t, Config{}, func(k *faultyKernel) { k.writeMax = 1777 })
		fd, peer := pair(t)
		smallSendBuffer(t, fd)
		o := w.open(fd)
		var want bytes.Buffer
		done := make(chan error, 1)
		data := pattern(size)
		count := 1 + 600_000/size
		if size == 1 {
			count = 3000
		}
		for range count {
			want.Write(data)
		}
		go func() {
			got := make([]byte, want.Len())
			_, err := io.ReadFull(peer, got)
			if err == nil && !bytes.Equal(got, want.Bytes()) {
				t.Error("bytes differ")
			}
			done <- err
		}()
		for range count {
			w.do(func() { o.conn.Write(data) })
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		w.do(func() {
			if o.conn.x != nil || o.conn.Pending() != 0 {
				t.Errorf("after the last byte: %+v", o.conn.x)
			}
		})
		w.rounds(2)
		w.do(func() {
			if o.conn.interest != interestRead {
				t.Errorf("interest %v, want read", o.conn.interest)
			}
		})
		w.stop()
	}
}

// Room for output is asked for only while there is output, and is told to a paused connection too.
func TestInterestFollowsOutput(t *testing.T) {
	for _, pause := range []bool{false, true} {
		w := newWorld(t, Config{})
		fd, peer := pair(t)
		smallSendBuffer(t, fd)
		o := w.open(fd)
		data := pattern(1 << 20)
		w.do(func() {
			if pause {
				o.conn.Pause()
			}
			o.conn.Write(data)
		})
		want := interestReadWrite
		if pause {
			want = interestHangup
		}
		w.do(func() {
			if o.conn.interest != want || !o.conn.Pressed() {
				t.Errorf("interest %v, want %v; pressed %v", o.conn.interest, want, o.conn.Pressed())
			}
		})
		w.wantSleep()
		receive(t, peer, string(data))
		o.want("drain")
		w.rounds(2)
		w.do(func() {
			if o.conn.Pending() != 0 || o.conn.Pressed() {
				t.Errorf("pending %d, pressed %v", o.conn.Pending(), o.conn.Pressed())
			}
		})
		w.stop()
	}
}

func TestPressure(t *testing.T) {
	w := newWorld(t, Config{HighWater: 100_000, LowWater: 10_000})
	fd, peer := pair(t)
	smallSendBuffer(t, fd)
	o := w.open(fd)
	sent := 0
	w.do(func() {
		for !o.conn.Pressed() {
			o.conn.Write(pattern(1000))
			sent += 1000
		}
		if p := o.conn.Pending(); p <= 100_000 || p > 101_000 {
			t.Errorf("pressed at %d bytes", p)
		}
	})
	buf := make([]byte, 1000)
	for drained := false; !drained; {
		n, err := peer.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		sent -= n
		w.do(func() {
			drained = len(o.events) > 0
			if p := o.conn.Pending(); drained != !o.conn.Pressed() || drained && p > 10_000 || !drained && p <= 10_000 {
				t.Errorf("drained %v, pressed %v, with %d bytes pending", drained, o.conn.Pressed(), p)
			}
		})
	}
	o.want("drain")
	if _, err := io.ReadFull(peer, make([]byte, sent)); err != nil {
		t.Fatal(err)
	}
	w.rounds(2)
	o.wantNone()
}

// A producer that refills on every HandleDrain doesn't keep the loop from others.
func TestDrainingProducerLeavesTurns(t *testing.T) {
	w := newWorld(t, Config{HighWater: 1000, LowWater: 100})
	fd, peer := tcpPair(t)
	stop := false
	o := w.open(fd, func(o *owner) {
		o.onDrain = func(c *Conn) {
			<-o.events
			for !stop && !c.Pressed() {
				c.Write(pattern(600))
			}
		}
	})
	go func() { _, _ = io.Copy(io.Discard, peer) }()
	w.do(func() { o.conn.Write(pattern(1001)) })
	w.rounds(50)
	w.do(func() { stop = true })
}

func TestCloseWrite(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	smallSendBuffer(t, fd)
	o := w.open(fd)
	data := string(pattern(200_000))
	w.do(func() {
		o.conn.Write([]byte(data))
		o.conn.CloseWrite()
		o.conn.Write([]byte("too late"))
		o.conn.CloseWrite()
	})
	receive(t, peer, data)
	receiveEnd(t, peer)
	send(t, peer, "answer")
	o.want("data answer")
	w.do(func() { o.conn.Close() })
	o.want("close <nil>")
}

func TestWriteToGonePeer(t *testing.T) {
	for _, size := range []int{10, directBytesMin} {
		w := newWorld(t, Config{})
		fd, peer := pair(t)
		o := w.open(fd)
		peer.Close()
		o.want("eof")
		w.do(func() {
			o.conn.Write(pattern(size))
			o.conn.Write(pattern(size))
			if o.closes != 0 {
				t.Error("HandleClose from inside Write")
			}
		})
		o.want("close broken pipe")
		w.stop()
	}
}

// Output that waits for a slow peer moves through one buffer that doesn't grow with the sum.
func TestOutputBufferIsReused(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	smallSendBuffer(t, fd)
	o := w.open(fd)
	buf := make([]byte, 3000)
	for range 500 {
		w.do(func() { o.conn.Write(pattern(3000)) })
		if _, err := io.ReadFull(peer, buf); err != nil {
			t.Fatal(err)
		}
		w.do(func() {
			if o.conn.x != nil && cap(o.conn.x.out) > 32<<10 {
				t.Fatalf("a buffer of %d for %d bytes", cap(o.conn.x.out), o.conn.Pending())
			}
		})
	}
}
