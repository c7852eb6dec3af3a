package demo

import (
	"testing"
)

func TestLoginPlain(t *testing.T) {
	s := start(t, Config{})
	c := login(t, s, "alice", "desk")
	if c.me != "alice@localhost/desk" {
		t.Errorf("bound to %s", c.me)
	}
	c.send("</stream:stream>")
	c.wantEnd()
}
