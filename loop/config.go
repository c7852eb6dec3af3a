package loop

import (
	"log/slog"

	"go-xmpp-bosh/timer"
)

// Config is what a loop is made with. Every zero value stands for the default.
type Config struct {
	// Marks of the output that waits in a connection, in bytes: above HighWater the connection is pressed, and at LowWater its HandleDrain comes.
	HighWater int // 256 KiB
	LowWater  int // 64 KiB

	// HandleTimer is called for each node of SetTimer that fires, with its key.
	HandleTimer func(key uint64)

	// Handshakes is how many TLS handshakes may compute at once. More of them would take the processor from the loop.
	Handshakes int // 4

	// HandshakesOpen is how many TLS handshakes may be under way, those included that wait for their peer: each is a goroutine. The others wait in a queue.
	HandshakesOpen int // 256

	// HandshakeTimeout bounds a TLS handshake from StartTLS to HandleSecure, in milliseconds.
	HandshakeTimeout timer.Time // 10 s

	// FlushTimeout is how long a connection that is closing may wait for its peer to take some more of the last output, in milliseconds.
	FlushTimeout timer.Time // 10 s

	// KeepAlive is for how long a connection that was accepted may be silent until the kernel asks whether its peer is there, in milliseconds.
	// Negative: it never asks.
	KeepAlive timer.Time // 60 s

	// ReusePort lets several loops listen on the same address (SO_REUSEPORT); the kernel spreads connections over them.
	ReusePort bool

	// HandleShortage, when set, is called when there is no descriptor for a connection that waits to be accepted. What it aborts makes room; if it aborts nothing, connections
	// that wait are dropped.
	HandleShortage func()

	// HandlePanic, when set, is told of a panic in a handler, with its stack. The connection whose handler it was is aborted, and the loop goes on.
	// Unset, as it should be in tests, a panic is left alone.
	HandlePanic func(value any, stack []byte)

	Logger *slog.Logger // none: nothing is logged
}

// Limits that nobody has to choose.
const (
	readBytesMax    = 64 << 10 // one read
	tailBytesSmall  = 4 << 10  // a kept tail up to this is copied in front of what is read; a longer one is read behind
	directBytesMin  = 4 << 10  // output from this size on goes to the kernel at once, without a copy
	acceptMax       = 16       // connections accepted in one callback
	acceptRest      = 500      // ms that a listener rests when there is no descriptor for a connection
	discardTimeout  = 2000     // ms that a staged close reads on (RFC 9112 §9.6)
	discardBytesMax = 1 << 20  // bytes that a staged close reads on
	roundsMax       = 8        // rounds of deferred work at the end of a callback; the rest waits for the next turn
	helloBytesMax   = 64 << 10 // handshake input that waits for its goroutine
)

func (cfg Config) withDefaults() Config {
	set(&cfg.HighWater, 256<<10)
	set(&cfg.LowWater, min(64<<10, cfg.HighWater/2))
	set(&cfg.Handshakes, 4)
	set(&cfg.HandshakesOpen, 256)
	set(&cfg.HandshakeTimeout, 10*timer.Second)
	set(&cfg.FlushTimeout, 10*timer.Second)
	cfg.LowWater = min(cfg.LowWater, cfg.HighWater)
	if cfg.KeepAlive == 0 {
		cfg.KeepAlive = keepAliveIdle * timer.Second
	}
	if cfg.HandleTimer == nil {
		cfg.HandleTimer = func(uint64) {}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return cfg
}

func set[T int | timer.Time](p *T, v T) {
	if *p <= 0 {
		*p = v
	}
}
