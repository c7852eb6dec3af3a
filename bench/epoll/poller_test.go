package epoll

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"
)

// pair is two ends of a connection, both watched.
func pair(t *testing.T) (p *Poller, client, server int) {
	t.Helper()
	p, err := NewPoller()
	if err != nil {
		t.Fatal(err)
	}
	listener, at, err := Listen()
	if err != nil {
		t.Fatal(err)
	}
	if client, err = Connect(at); err != nil {
		t.Fatal(err)
	}
	if err := Connected(client); err != nil {
		t.Fatal(err)
	}
	for server = -1; server < 0; {
		if server, err = Accept(listener); err != nil {
			t.Fatal(err)
		}
	}
	for _, fd := range []int{client, server} {
		if err := p.Add(fd); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		Close(listener)
		p.Close()
	})
	return p, client, server
}

const patience = 10 * time.Second

func TestReadAndEnd(t *testing.T) {
	p, client, server := pair(t)
	defer Close(server)
	buf := make([]byte, 100)
	if n, err := Read(server, buf); n != 0 || err != nil {
		t.Errorf("nothing sent: %d, %v", n, err)
	}
	if n, err := Write(client, []byte("hello")); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	events, err := p.Wait(patience)
	if err != nil || len(events) != 1 || events[0].FD != server || !events[0].Readable {
		t.Fatalf("%+v, %v", events, err)
	}
	if n, err := Read(server, buf); err != nil || string(buf[:n]) != "hello" {
		t.Errorf("%q, %v", buf[:n], err)
	}
	Close(client)
	if events, err = p.Wait(patience); err != nil || len(events) != 1 {
		t.Fatalf("%+v, %v", events, err)
	}
	if _, err := Read(server, buf); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v", err)
	}
}

func TestOutputWaitsForRoom(t *testing.T) {
	p, client, server := pair(t)
	defer Close(server)
	defer Close(client)
	sent := bytes.Repeat([]byte("0123456789"), 1<<20)
	var out Output
	for range 2 {
		if err := out.Send(p, client, sent[:len(sent)/2]); err != nil {
			t.Fatal(err)
		}
	}
	if out.Waits() == 0 {
		t.Fatal("10 MB found room at once: the test shows nothing")
	}
	var got []byte
	buf := make([]byte, 1<<20)
	for len(got) < len(sent) {
		events, err := p.Wait(patience)
		if err != nil || len(events) == 0 {
			t.Fatalf("%d bytes: %v", len(got), err)
		}
		for _, e := range events {
			if e.FD == client && e.Writable {
				if err := out.Flush(p, client); err != nil {
					t.Fatal(err)
				}
			}
			if e.FD == server && e.Readable {
				n, err := Read(server, buf)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, buf[:n]...)
			}
		}
	}
	if !bytes.Equal(got, sent) || out.Waits() != 0 {
		t.Error("not what was sent")
	}
}

func TestWakeAndTimeout(t *testing.T) {
	p, err := NewPoller()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if events, err := p.Wait(time.Millisecond); err != nil || len(events) != 0 {
		t.Errorf("%v, %v", events, err)
	}
	go p.Wake()
	if events, err := p.Wait(-1); err != nil || len(events) != 0 {
		t.Errorf("%v, %v", events, err)
	}
}

func TestCounterIsShared(t *testing.T) {
	f, err := NewCounterFile()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := OpenCounter(f.Fd())
	if err != nil {
		t.Fatal(err)
	}
	b, err := OpenCounter(f.Fd())
	if err != nil {
		t.Fatal(err)
	}
	a.Add(3)
	b.Add(4)
	if a.Load() != 7 || b.Load() != 7 {
		t.Errorf("%d, %d", a.Load(), b.Load())
	}
}

func TestClockGoesOn(t *testing.T) {
	a := Now()
	if b := Now(); a <= 0 || b < a {
		t.Errorf("%d, then %d", a, b)
	}
}
