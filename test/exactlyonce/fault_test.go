package exactlyonce

import (
	"math/rand/v2"
	"time"
)

// fault is what the network does to one exchange.
type fault uint8

const (
	faultNone          fault = iota
	faultBeforeRequest       // nothing of the request arrives
	faultInRequest           // the beginning of it does
	faultHeld                // it is cut while it is held, or when its answer comes
	faultBeforeAnswer        // its answer is made, and nothing of it arrives
	faultInAnswer            // the beginning of it does
	faultDeaf                // the client is cut off once the request has arrived; the server is not told until it answers
	faultLate                // the client is cut off, and the request arrives after its repeat
	faultIdle                // the answer arrives; then the connection is cut
	faultMuteRequest         // the beginning of the request arrives; nobody is told
	faultMuteAnswer          // the beginning of the answer arrives; nobody is told
)

// faults is how many there are.
const faults = int(faultMuteAnswer) + 1

func (f fault) String() string {
	names := [...]string{
		"none", "before the request", "inside the request", "while held", "before the answer", "inside the answer",
		"only the client told", "late copy", "between exchanges", "silence in the request", "silence in the answer",
	}
	if int(f) < len(names) {
		return names[f]
	}
	return "invalid"
}

// weights say how often, of a thousand exchanges. A client needs more than a second to notice silence, so it is rare.
var weights = [faults]int{
	faultBeforeRequest: 30, faultInRequest: 50, faultHeld: 50, faultBeforeAnswer: 40, faultInAnswer: 50,
	faultDeaf: 30, faultLate: 30, faultIdle: 20, faultMuteRequest: 3, faultMuteAnswer: 3,
}

// weightsGoOn are for clients that don't repeat: the server has each request (a lost one would leave a gap among the rids
// that nobody can fill).
var weightsGoOn = [faults]int{faultHeld: 120, faultBeforeAnswer: 60, faultInAnswer: 60, faultDeaf: 60}

// plan is what befalls one copy of a request.
type plan struct {
	fault     fault
	rng       *rand.Rand
	delay     time.Duration // until the cut, for those that wait
	clientRST bool          // how each side is told: RST, or FIN
	serverRST bool
}

// newPlan draws one from the seed and what it is for.
func newPlan(seed uint64, session int, rid int64, copies int, w *[faults]int) plan {
	rng := rand.New(rand.NewPCG(seed, uint64(session)<<48^uint64(rid)<<8^uint64(copies)))
	p := plan{rng: rng, delay: time.Duration(rng.IntN(12_000)) * time.Microsecond, clientRST: rng.IntN(2) == 0, serverRST: rng.IntN(2) == 0}
	drawn := rng.IntN(1000)
	for f, weight := range w {
		if drawn -= weight; drawn < 0 && weight > 0 {
			p.fault = fault(f)
			break
		}
	}
	return p
}

// part is a random beginning of b, never the whole. Half of them end near the end or the start, where the mistakes are.
func (p *plan) part(b []byte) []byte {
	n := len(b)
	switch p.rng.IntN(4) {
	case 0:
		return b[:n-1-p.rng.IntN(min(n, 10))]
	case 1:
		return b[:p.rng.IntN(min(n, 10))]
	}
	return b[:p.rng.IntN(n)]
}

// pieces cuts b, mostly not at all.
func (p *plan) pieces(b []byte) [][]byte {
	var cut [][]byte
	if p.rng.IntN(3) == 0 {
		for range 1 + p.rng.IntN(4) {
			if len(b) < 2 {
				break
			}
			n := 1 + p.rng.IntN(len(b)-1)
			cut = append(cut, b[:n])
			b = b[n:]
		}
	}
	return append(cut, b)
}
