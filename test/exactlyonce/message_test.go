package exactlyonce

import (
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// direction is which way a message goes.
type direction uint8

const (
	up   direction = iota // from the client to the backend
	down                  // from the backend to the client
)

func (d direction) String() string {
	switch d {
	case up:
		return "client to backend"
	case down:
		return "backend to client"
	}
	return "invalid"
}

// message is one that is counted: n runs from 1 in each direction of each session.
type message struct {
	N    int    `xml:"id,attr"`
	Text string `xml:"body"`
}

// textOf is what message n says, so that the reader can tell whether each byte of it came through. Most are short; some
// fill several segments.
func textOf(session int, d direction, n int) string {
	rng := rand.New(rand.NewPCG(uint64(session)<<1|uint64(d), uint64(n)))
	size := rng.IntN(150)
	switch rng.IntN(100) {
	case 0:
		size = 20_000
	case 1, 2, 3:
		size = 3_000
	}
	const pad = `it's <"mixed"> & ümläut 日本 𝄞 `
	return fmt.Sprintf("%d/%d/%d %s", session, d, n, strings.Repeat(pad, size/len(pad)))
}

// appendMessage appends message n as it stands in a request or a stream.
func appendMessage(dst []byte, session int, d direction, n int) []byte {
	dst = append(dst, "<message xmlns='jabber:client' to='peer@example.org' type='chat' id='"...)
	dst = strconv.AppendInt(dst, int64(n), 10)
	dst = append(dst, "'><body>"...)
	dst = append(dst, escaper.Replace(textOf(session, d, n))...)
	return append(dst, "</body></message>"...)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// ledger counts the messages of one direction of one session. It belongs to the goroutine that reads them.
type ledger struct {
	session int
	d       direction
	last    int
	missing []int // numbers that were passed over
	gaps    bool  // they may be
}

// take counts a message in.
func (l *ledger) take(m message) error {
	where := fmt.Sprintf("session %d, %v, message %d", l.session, l.d, m.N)
	switch {
	case m.N <= l.last:
		return fmt.Errorf("%s: came again, or late, after %d", where, l.last)
	case m.N > l.last+1 && !l.gaps:
		return fmt.Errorf("%s: came after %d, so %d to %d are lost", where, l.last, l.last+1, m.N-1)
	case m.Text != textOf(l.session, l.d, m.N):
		return fmt.Errorf("%s: was changed on its way: %.100q", where, m.Text)
	}
	l.passOver(m.N)
	l.last = m.N
	return nil
}

// passOver notes the numbers before n that have not come.
func (l *ledger) passOver(n int) {
	for i := l.last + 1; i < n; i++ {
		l.missing = append(l.missing, i)
	}
}

// answer is a <body/> of the server's.
type answer struct {
	XMLName   xml.Name  `xml:"http://jabber.org/protocol/httpbind body"`
	SID       string    `xml:"sid,attr"`
	Type      string    `xml:"type,attr"`
	Condition string    `xml:"condition,attr"`
	Requests  int       `xml:"requests,attr"`
	Ack       string    `xml:"ack,attr"`
	Report    string    `xml:"report,attr"`
	Messages  []message `xml:"jabber:client message"`
	Presence  []struct {
		Type string `xml:"type,attr"`
	} `xml:"jabber:client presence"`
}
