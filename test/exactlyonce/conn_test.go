package exactlyonce

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// clientTimeout is when a client gives an answer up: a little after its wait, as strophe.js does.
const clientTimeout = waitSeconds*time.Second + 400*time.Millisecond

const waitSeconds = 1

// conn is one HTTP connection of a client's: dialled when it is first used, and used for one exchange at a time.
type conn struct {
	addr    string
	tcp     *net.TCPConn
	r       *bufio.Reader
	written atomic.Bool // the request at hand is on its way
	shut    bool        // its page is gone: it is not used again
}

// roundTrip sends a request and reads its answer.
func (c *conn) roundTrip(session int, doc []byte) ([]byte, error) {
	if err := c.tcp.SetDeadline(time.Now().Add(clientTimeout)); err != nil {
		return nil, err
	}
	w := append([]byte(nil), "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nX-Session: "...)
	w = strconv.AppendInt(w, int64(session), 10)
	w = append(w, "\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: "...)
	w = strconv.AppendInt(w, int64(len(doc)), 10)
	w = append(w, "\r\n\r\n"...)
	if _, err := c.tcp.Write(append(w, doc...)); err != nil {
		return nil, err
	}
	c.written.Store(true)
	r, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if r.StatusCode != http.StatusOK {
		return nil, &statusError{fmt.Sprintf("status %s, %q", r.Status, body)}
	}
	return body, nil
}

// statusError is an answer that no fault of the network's explains.
type statusError struct{ text string }

func (e *statusError) Error() string { return e.text }

// dial connects.
func dial(ctx context.Context, addr string) (*conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &conn{addr: addr, tcp: c.(*net.TCPConn), r: bufio.NewReader(c)}, nil
}
