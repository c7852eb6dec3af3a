package httpparse

import "bytes"

// Parser finds the requests of one connection in its bytes. The zero value is ready; it holds no pointer.
//
// What it keeps between calls are offsets from the start of the request: up to where everything was judged, and up to where the line
// after that was searched for its end. Neither is looked at again before the request is whole. The head is then read once more, since the
// Request that it filled has served other connections meanwhile.
type Parser struct {
	next     int32  // start of the line or, in stateChunk, of the line end that is waited for. 0: not even the request line is complete
	seen     int32  // that line has no end before this
	head     int32  // length of the head; 0 until it is complete
	body     int32  // content length: declared, or of the chunks so far
	extra    int32  // chunk extensions so far in bytes; in stateTrailers, where those start
	trailers uint16 // trailer fields so far
	status   uint16 // in stateRefused: the status
	state    state
	expects  bool // the client may be waiting for "100 Continue"
}

// state is what the parser waits for.
type state uint8

const (
	stateIdle      state = iota // the first byte of a request
	stateHead                   // the end of a line of the head
	stateLength                 // a body of known length
	stateChunkSize              // the end of a line with a chunk's size
	stateChunk                  // a chunk's data and the line end behind it
	stateTrailers               // the end of a line behind the last chunk
	stateRefused                // nothing: a fault was met
)

func (s state) String() string {
	switch s {
	case stateIdle:
		return "idle"
	case stateHead:
		return "head"
	case stateLength:
		return "length"
	case stateChunkSize:
		return "chunk size"
	case stateChunk:
		return "chunk"
	case stateTrailers:
		return "trailers"
	case stateRefused:
		return "refused"
	}
	return "invalid"
}

// Parse looks for one request at the start of b, which holds every byte of the connection that was not consumed yet.
//
// It returns 0, 0 as long as the request is incomplete: call again when more has arrived, with b from the same start. It returns the request's
// length and 200 when it is whole, and r is set; the next call is about what follows it. Any other status, with n = 0, is to be answered and the
// connection ended; Parse then says the same for ever. The limits must be the same in all calls about one request.
func (p *Parser) Parse(lim *Limits, b []byte, r *Request) (n, status int) {
	switch p.state {
	case stateIdle, stateHead:
		if status = p.readHead(lim, b, r); status != StatusOK {
			break
		}
		n, status = p.startBody(lim, b, r)
	case stateLength:
		if n = int(p.head + p.body); len(b) < n {
			break
		}
		p.fill(lim, b, r)
		r.Body = b[p.head:n:n]
		status = StatusOK
	case stateChunkSize, stateChunk, stateTrailers:
		n, status = p.readChunked(lim, b, r)
	case stateRefused:
		r.reset()
		return 0, int(p.status)
	}
	switch status {
	case 0:
		if len(b) > int(p.head) {
			p.expects = false // RFC 9110 §10.1.1: a client that sends its body waits for nothing
		}
		return 0, 0
	case StatusOK:
		*p = Parser{}
		return n, status
	}
	if p.head > 0 && p.state != stateHead {
		p.fill(lim, b, r) // a fault of the body: the head is known
	}
	r.KeepAlive = false
	*p = Parser{state: stateRefused, status: uint16(status)}
	return 0, status
}

// startBody decides on the framing of the request whose head has just been read into r, and takes the body if it is there.
func (p *Parser) startBody(lim *Limits, b []byte, r *Request) (n, status int) {
	length, status := r.frame(lim)
	if status != StatusOK {
		return 0, status
	}
	p.expects = r.Expect100 && length != 0
	if length == chunked {
		p.state, p.next, p.seen = stateChunkSize, p.head, p.head
		return p.readChunked(lim, b, r)
	}
	p.state, p.body = stateLength, int32(length)
	if n = int(p.head) + length; len(b) < n {
		return 0, 0
	}
	r.Body = b[p.head:n:n]
	return n, StatusOK
}

// fill reads a head again that is known to be complete and acceptable.
func (p *Parser) fill(lim *Limits, b []byte, r *Request) {
	r.reset()
	head := b[:p.head]
	start, _ := skipEmptyLines(head)
	readLines(head, start, true, lim, r)
	r.frame(lim)
	r.HeadBytes = len(head)
}

// Phase is what the caller waits for, to put a deadline on it.
type Phase uint8

// The phases of a connection.
const (
	PhaseIdle Phase = iota // no byte of a request has come (empty lines apart); or one was refused, and nothing is waited for
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

// Phase says what is waited for after the last Parse.
func (p *Parser) Phase() Phase {
	switch p.state {
	case stateIdle, stateRefused:
		return PhaseIdle
	case stateHead:
		return PhaseHead
	case stateLength, stateChunkSize, stateChunk, stateTrailers:
		return PhaseBody
	}
	return PhaseIdle
}

// NeedContinue reports, once per request, that the client may be waiting for "100 Continue" before it sends its body: it
// said so, the head is complete and acceptable, and no byte of the body has come.
func (p *Parser) NeedContinue() bool {
	need := p.expects && p.Phase() == PhaseBody
	if need {
		p.expects = false
	}
	return need
}

// hasLineEnd reports whether a line ends in b.
func hasLineEnd(b []byte) bool { return bytes.IndexByte(b, '\n') >= 0 }
