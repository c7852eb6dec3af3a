//go:build !race

package proxy

import (
	"testing"

	"go-xmpp-bosh/httpparse"
)

// A request costs no allocation for the question who sent it, unless a trusted proxy names somebody.
func TestOriginAllocates(t *testing.T) {
	s, _ := startServer(t, nil)
	onLoop(s, func() {
		s.cfg.TrustedProxies = networks(t, "127.0.0.1")
		c := &client{srv: s}
		for _, r := range []*httpparse.Request{requestWith(t, "Accept: *"), requestWith(t, "X-Forwarded-Proto: https")} {
			for _, m := range []marks{0, markAsked, markAsked | markTrusted} {
				if n := testing.AllocsPerRun(100, func() {
					c.marks = m
					c.isSecure(r)
				}); n != 0 {
					t.Errorf("isSecure, %d: %v allocations", m, n)
				}
			}
		}
		r := requestWith(t, "Accept: *")
		if n := testing.AllocsPerRun(100, func() { forwardedFor(r, s.cfg.TrustedProxies) }); n != 0 {
			t.Errorf("forwardedFor: %v allocations", n)
		}
	})
}
