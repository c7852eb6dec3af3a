package xmppconn

// stage is how far a stream has come. It only grows, but for restarts, which go from stageOpen back to stageHeader, and for
// STARTTLS, after which the header is sent again:
//
//	stageEnded ─Open→ stageConnect ─up→ stageHeader ─header→ stageFeatures ─features→ stageOpen
//	                                        ↑                      │ starttls            │ restart: stageHeader
//	                                        └── stageTLS ←proceed─ stageStartTLS         │
//	stageFeatures ─see-other-host→ stageConnect
//	any ─our end tag sent→ stageClosing ─theirs came, or too late→ stageClosed ─connection gone→ stageEnded
type stage uint8

const (
	stageEnded    stage = iota // nothing is known, nothing is done
	stageConnect               // the connection is being made
	stageHeader                // our header is out, the server's is not in
	stageFeatures              // the server's header is in, its features are not
	stageStartTLS              // <starttls/> is out
	stageTLS                   // <proceed/> is in: the handshake runs
	stageOpen                  // elements go both ways
	stageClosing               // our end tag is out, the server's is not in; elements are dropped
	stageClosed                // the connection was told to close; bytes are dropped
)

var stageNames = [...]string{
	stageEnded: "ended", stageConnect: "connect", stageHeader: "header", stageFeatures: "features", stageStartTLS: "starttls",
	stageTLS: "tls", stageOpen: "open", stageClosing: "closing", stageClosed: "closed",
}

func (s stage) String() string {
	if int(s) < len(stageNames) {
		return stageNames[s]
	}
	return "invalid"
}

// isOver is true where the client's part has ended: inputs from its side do nothing.
func (s stage) isOver() bool { return s == stageEnded || s >= stageClosing }
