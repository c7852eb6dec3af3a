package demo

import (
	"strings"
	"testing"
)

func newOutbox() *outbox {
	o := new(outbox)
	o.more.L = &o.mu
	return o
}

func TestOutbox(t *testing.T) {
	o := newOutbox()
	o.put("a")
	o.put("b")
	if got := string(o.take()); got != "ab" {
		t.Errorf("took %q", got)
	}
	done := make(chan string)
	go func() { done <- string(o.take()) }()
	o.put("c")
	if got := <-done; got != "c" {
		t.Errorf("took %q", got)
	}
	o.put("d")
	o.close()
	if !o.put("e") {
		t.Error("a closed outbox refuses")
	}
	if got := string(o.take()); got != "d" {
		t.Errorf("took %q after close", got)
	}
	if got := o.take(); got != nil {
		t.Errorf("took %q at the end", got)
	}
}

func TestOutboxIsBounded(t *testing.T) {
	o := newOutbox()
	if o.full() != nil {
		t.Error("an empty outbox is full")
	}
	if !o.put(strings.Repeat("x", outboxBytesMax)) {
		t.Error("what fits is refused")
	}
	if o.put("x") {
		t.Error("what does not fit is taken")
	}
	full := o.full()
	if full == nil || full != o.full() {
		t.Fatal("the outbox is not full, or differs for two")
	}
	o.take()
	<-full
	if o.full() != nil {
		t.Error("the outbox is still full")
	}
}
