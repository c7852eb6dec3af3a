package httpparse

// Parser finds the requests of one connection in its bytes. The zero value is ready; it holds no pointer.
type Parser struct {
	state uint8
}

// Parse looks for one request at the start of b, which holds every byte of the connection that was not consumed yet.
//
// It returns 0, 0 as long as the request is incomplete: call again when more has arrived, with b from the same start. It returns the request's length and
// 200 when it is whole, and r is set; the next call is about what follows. Any other status is to be answered, and the connection ended.
// The lengths of b may grow beyond the limits without harm, but Parse looks no further than they allow.
func (p *Parser) Parse(lim *Limits, b []byte, r *Request) (n, status int) { return 0, 0 }

// Phase is what the parser waits for.
type Phase uint8

// The phases, each with a deadline of its own.
const (
	PhaseIdle Phase = iota // no byte of a request has come; or one was refused and nothing is waited for
	PhaseHead              // the head is incomplete
	PhaseBody              // the head is complete, the body is not
)

// String names the phase.
func (p Phase) String() string {
	switch p {
	case PhaseIdle:
		return "idle"
	case PhaseHead:
		return "head"
	case PhaseBody:
		return "body"
	}
	return "invalid"
}

// Phase says what the parser waits for after the last Parse.
func (p *Parser) Phase() Phase { return PhaseIdle }

// NeedContinue reports, once per request, that the client may be waiting for "100 Continue" before it sends its
// body: it said so, the head is complete and acceptable, and no byte of the body has come.
func (p *Parser) NeedContinue() bool { return false }
