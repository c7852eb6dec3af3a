package wsconn

import "go-xmpp-bosh/timer"

// Config has the limits of all sessions of a loop. It is shared and must not change while sessions live.
type Config struct {
	MessageBytesMax int        // max_xmpp_stanza_size: the largest message, before decompression and after it (decisions.md 28)
	Ping            timer.Time // websocket_ping_interval; 0: no pings, and no session is taken for dead
	OpenMax         timer.Time // from the upgrade to the client's header; 0: unlimited
	CloseMax        timer.Time // the close handshake, and as long again for the socket to close; 0: none is waited for

	// PendingMax is how many bytes may be sent to a client that does not read, after its stream was paused: what had been read from
	// the server by then, and answers to what the client goes on sending. What comes beyond ends the session (policy-violation).
	// 0: unlimited.
	PendingMax int
}

// DefaultConfig gives the defaults of node-xmpp-bosh where it had them.
func DefaultConfig() Config {
	return Config{
		MessageBytesMax: 500_000,
		Ping:            30 * timer.Second,
		OpenMax:         60 * timer.Second,
		CloseMax:        5 * timer.Second,
		PendingMax:      1 << 20,
	}
}

// missedMax is how many pings may be unanswered before the session is taken for dead.
const missedMax = 2
