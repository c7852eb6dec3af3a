package wire

import (
	"bytes"
	"errors"
	"strconv"
)

// An Answer is one HTTP answer, cut from a connection. It aliases the input.
type Answer struct {
	Status int
	Body   []byte
	Bytes  int // how long it was in all
}

// ErrAnswer says that the bytes are no answer of the kind that the harness reads: framed by Content-Length.
var ErrAnswer = errors.New("no HTTP/1.1 answer with a Content-Length")

var (
	headEndBytes  = []byte("\r\n\r\n")
	contentLength = []byte("\r\ncontent-length:")
	usualLength   = []byte("\r\nContent-Length: ")
)

// CutAnswer cuts the first answer off b. Bytes is 0 when it isn't all there.
func CutAnswer(b []byte) (Answer, error) {
	end := bytes.Index(b, headEndBytes)
	if end < 0 {
		return Answer{}, nil
	}
	if end < 12 || string(b[:7]) != "HTTP/1." || b[8] != ' ' {
		return Answer{}, ErrAnswer
	}
	a := Answer{Status: int(b[9]-'0')*100 + int(b[10]-'0')*10 + int(b[11]-'0')}
	head := b[:end+2]
	n, ok := headLength(head)
	switch {
	case a.Status == 101 || a.Status == 204:
		n = 0 // RFC 9112 §6.3: no body whatever the head says
	case !ok:
		return Answer{}, ErrAnswer
	}
	if all := end + 4 + n; len(b) >= all {
		a.Body = b[end+4 : all]
		a.Bytes = all
	}
	return a, nil
}

// headLength is the value of Content-Length.
func headLength(head []byte) (n int, ok bool) {
	i := bytes.Index(head, usualLength)
	if i < 0 {
		if i = bytes.Index(bytes.ToLower(head), contentLength); i < 0 {
			return 0, false
		}
	}
	digits := bytes.TrimLeft(head[i+len(contentLength):], " ")
	for j, c := range digits {
		if c < '0' || c > '9' {
			return n, j > 0
		}
		n = n*10 + int(c-'0')
	}
	return n, len(digits) > 0
}

// A Poster makes the requests of one server: what is the same in all of them is made once.
type Poster struct {
	head []byte
}

// NewPoster makes one for POST requests to this path.
func NewPoster(path, host string) *Poster {
	return &Poster{[]byte("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ")}
}

// Append appends the request with this body.
func (p *Poster) Append(dst, body []byte) []byte {
	dst = append(dst, p.head...)
	dst = strconv.AppendInt(dst, int64(len(body)), 10)
	dst = append(dst, headEndBytes...)
	return append(dst, body...)
}
