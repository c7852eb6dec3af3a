package proxy

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A BOSH client that sends more than its server reads is not read on, and nothing it sent is lost.
func TestBOSHPressure(t *testing.T) {
	ts, _ := start(t)
	const n, size = 200, 90_000
	text := strings.Repeat("x", size)
	answers := make(chan error, 1)
	go func() {
		for range n {
			r, err := http.ReadResponse(ts.poll.r, nil)
			if err == nil {
				_, err = io.Copy(io.Discard, r.Body)
			}
			if err != nil {
				answers <- err
				return
			}
		}
		answers <- nil
	}()
	done := make(chan error, 1)
	go func() {
		var err error
		for i := range n {
			if err == nil {
				_, err = io.WriteString(ts.poll.Conn, postText(ts.next("", fmt.Sprintf("<message xmlns='jabber:client' id='%d'>%s</message>", i, text))))
			}
		}
		done <- err
	}()
	select {
	case err := <-done:
		t.Fatalf("18 MB went to a server that does not read: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	got := make([]byte, 2*size)
	for i := range n {
		want := fmt.Sprintf("<message xmlns='jabber:client' id='%d'>%s</message>", i, text)
		if _, err := io.ReadFull(ts.peer.r, got[:len(want)]); err != nil || string(got[:len(want)]) != want {
			t.Fatalf("message %d: %v, %.100q", i, err, got)
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	ts.poll.Close()
	<-answers
}

// One that goes on over new connections is ended.
func TestBOSHFlood(t *testing.T) {
	ts, addr := start(t)
	payload := "<message xmlns='jabber:client'>" + strings.Repeat("x", 90_000) + "</message>"
	before := dial(t, addr)
	before.post(ts.next("", payload))
	for range 200 {
		b := dial(t, addr)
		b.post(ts.next("", payload)) // which lets the one before it go
		_, body := before.answer()
		before.Close()
		if strings.Contains(body, "policy-violation") {
			return
		}
		before = b
	}
	t.Fatal("18 MB went to a server that does not read")
}
