package bosh

import "go-xmpp-bosh/timer"

// Config has the limits and defaults of all sessions of a loop. It is shared and must not change while sessions live.
type Config struct {
	WaitMax    timer.Time // the longest wait that is granted; below the read time-outs of the proxies in front
	HoldMax    int        // max_bosh_connections: the most requests that a session may have held
	WindowSize int        // the fewest requests that a session is granted at once; more when it holds as many (XEP-0124 §7.2)

	InactivityDefault timer.Time // granted to who doesn't ask
	InactivityMax     timer.Time // granted at most
	Polling           timer.Time // the shortest interval of polls; 0: no limit, and none advertised (XEP-0124 §12)
	PauseMax          timer.Time // maxpause; 0: no pausing (XEP-0124 §10)

	StreamsMax       int  // open streams of a session; 1: the feature is not advertised (XEP-0124 §16.2)
	PidginCompatible bool // a later body with "to" never adds a stream, and the creation answer waits for the features

	FeaturesDelay timer.Time // how long a creation answer waits for the server's features
	ReportDelay   timer.Time // how old a missing answer must be to be reported (decisions.md 34)
	RepeatsMax    int        // repeats of requests without a new one between them (XEP-0124 §14.3), 255 at most; 0: no limit

	PendingHighBytes int // undelivered bytes of a session above which its streams are not read
	PendingLowBytes  int // and below which they are read again

	BodyBytesMax int    // max_data_held: the largest request body; enforced by who reads it
	Accept       string // the content encodings that the driver can decompress; "" says nothing
}

// DefaultConfig gives the defaults of node-xmpp-bosh, but where those contradict the specifications or end honest clients' sessions.
func DefaultConfig() Config {
	return Config{
		WaitMax:           55 * timer.Second,
		HoldMax:           2,
		WindowSize:        2,
		InactivityDefault: 70 * timer.Second,
		InactivityMax:     160 * timer.Second,
		Polling:           2 * timer.Second,
		PauseMax:          120 * timer.Second,
		StreamsMax:        8,
		FeaturesDelay:     1 * timer.Second,
		ReportDelay:       250 * timer.Millisecond,
		RepeatsMax:        32,
		PendingHighBytes:  256 << 10,
		PendingLowBytes:   64 << 10,
		BodyBytesMax:      100_000,
	}
}

// Ceilings that hold whatever is configured.
const (
	windowMax  = 255 // requests and hold are unsigned bytes (XEP-0124 §22)
	streamsMax = 64
)

// hold is what a session that asks for n is granted (XEP-0124 §7.2: not greater than asked).
func (c *Config) hold(n int) int { return max(0, min(n, c.HoldMax, windowMax-1)) }

// requests is the window of a session with this hold: larger than hold (XEP-0124 §7.2).
func (c *Config) requests(hold int) int { return min(max(c.WindowSize, hold+1, 1), windowMax) }

// streams is how many a session may have open.
func (c *Config) streams() int { return max(1, min(c.StreamsMax, streamsMax)) }
