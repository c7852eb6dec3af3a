package proxy

import (
	"context"
	"log/slog"

	"go-xmpp-bosh/timer"
)

// complaintEvery is how often, in milliseconds, the same kind of complaint may be logged: what a client can cause a
// thousand times a second must not bury the rest of the log.
const complaintEvery = 1000

// complaints rate-limits log lines by kind. Kinds are messages written in the code, so their number is bounded.
type complaints struct {
	all  bool // none is withheld
	seen map[string]*complaint
}

type complaint struct {
	last     timer.Time
	withheld int
}

// warn logs a complaint of this kind, unless one was logged within the last second; how many were withheld is told with
// the next.
func (c *complaints) warn(log *slog.Logger, now timer.Time, kind string, args ...any) {
	if !log.Enabled(context.Background(), slog.LevelWarn) {
		return
	}
	if c.seen == nil {
		c.seen = map[string]*complaint{}
	}
	k := c.seen[kind]
	if k == nil {
		k = &complaint{last: now - complaintEvery}
		c.seen[kind] = k
	}
	if now-k.last < complaintEvery && !c.all {
		k.withheld++
		return
	}
	if k.withheld > 0 {
		args = append(args, "withheld", k.withheld)
	}
	k.last, k.withheld = now, 0
	log.Warn(kind, args...)
}
