package bosh

import (
	"testing"

	"go-xmpp-bosh/timer"
)

// TestGrants: XEP-0124 §7.2: hold is not above what was asked, requests is above hold, whatever is configured.
func TestGrants(t *testing.T) {
	for _, holdMax := range []int{-1, 0, 1, 2, 300} {
		for _, window := range []int{-1, 0, 1, 2, 9, 300} {
			for _, asked := range []int{0, 1, 2, 5, countMax} {
				c := Config{HoldMax: holdMax, WindowSize: window}
				hold := c.hold(asked)
				requests := c.requests(hold)
				if hold < 0 || hold > asked || hold > max(holdMax, 0) || requests <= hold || requests > windowMax {
					t.Errorf("max %d, window %d, asked %d: hold %d, requests %d", holdMax, window, asked, hold, requests)
				}
			}
		}
	}
}

func TestStreamsConfig(t *testing.T) {
	for configured, want := range map[int]int{-1: 1, 0: 1, 1: 1, 8: 8, 1000: streamsMax} {
		if got := (&Config{StreamsMax: configured}).streams(); got != want {
			t.Errorf("%d: %d streams, want %d", configured, got, want)
		}
	}
}

func TestDefaultConfig(t *testing.T) {
	c := DefaultConfig()
	if c.WaitMax != 55*timer.Second || c.InactivityDefault <= c.WaitMax || c.PendingLowBytes >= c.PendingHighBytes {
		t.Errorf("%+v", c)
	}
}
