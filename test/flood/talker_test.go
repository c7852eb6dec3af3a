package flood

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// dialer makes connections to the server from one address.
type dialer func(ctx context.Context) (net.Conn, error)

// behindProxy connects as a proxy does that speaks for from.
func (s *server) behindProxy(from string) dialer {
	return func(ctx context.Context) (net.Conn, error) {
		c, err := s.direct("127.0.0.1")(ctx)
		if err == nil {
			_, err = fmt.Fprintf(c, "PROXY TCP4 %s 192.0.2.9 40000 80\r\n", from)
		}
		return c, err
	}
}

// direct connects from an address of loopback.
func (s *server) direct(from string) dialer {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", s.addr) }
}

// talker is a session of a well-behaved client.
type talker interface {
	name() string
	// begin opens the session. errBusy: the server has asked to come again later.
	begin(ctx context.Context) error
	// say sends a message, and returns when its answer has come.
	say(ctx context.Context, id string) error
}

var errBusy = errors.New("503 with Retry-After")

// answersOf are the messages in a text.
var answersOf = regexp.MustCompile(`<message[^>]* id=['"](r-[^'"]*)['"]`)

// bosh is one over BOSH. Like a browser it opens a new connection when one was closed, and as XEP-0124 §14.3 has it, repeats a request that was not answered.
type bosh struct {
	domain   string
	http     http.Client
	url      string
	sid      string
	rid      int
	heard    map[string]int
	repeated int
}

func newBOSH(s *server, dial dialer, domain string) *bosh {
	transport := &http.Transport{
		DialContext:         func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
		MaxIdleConnsPerHost: 2,
	}
	return &bosh{domain: domain, http: http.Client{Transport: transport}, url: "http://" + s.addr + "/http-bind/", rid: 1000, heard: map[string]int{}}
}

func (b *bosh) name() string { return b.domain }

func (b *bosh) close() { b.http.CloseIdleConnections() }

// repeatsMax is how often a client repeats a request before it gives up.
const repeatsMax = 20

// post sends a body until it is answered.
func (b *bosh) post(ctx context.Context, text string) (string, error) {
	var last error
	for n := range repeatsMax {
		if n > 0 {
			b.repeated++
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url, strings.NewReader(text))
		if err != nil {
			return "", err
		}
		answer, err := b.http.Do(r)
		if err != nil {
			if last = err; ctx.Err() != nil {
				break
			}
			continue
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		switch {
		case err != nil:
			last = err
			continue
		case answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != "":
			return "", errBusy
		case answer.StatusCode != http.StatusOK:
			return "", errors.New(answer.Status)
		case strings.Contains(string(body), "terminate"):
			return "", errors.New("the session has ended: " + string(body))
		}
		return string(body), nil
	}
	return "", last
}

func (b *bosh) begin(ctx context.Context) error {
	body, err := b.post(ctx, fmt.Sprintf("<body rid='%d' to='%s' wait='20' hold='1' ver='1.6' xmpp:version='1.0' xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'/>", b.rid, b.domain))
	if m := regexp.MustCompile(` sid=['"]([^'"]*)['"]`).FindStringSubmatch(body); m != nil {
		b.sid = m[1]
	} else if err == nil {
		err = errors.New("no session: " + body)
	}
	return err
}

func (b *bosh) say(ctx context.Context, id string) error {
	payload := fmt.Sprintf("<message xmlns='jabber:client' id='%s'><body>hello</body></message>", id)
	for b.heard["r-"+id] == 0 {
		b.rid++
		body, err := b.post(ctx, fmt.Sprintf("<body rid='%d' sid='%s' xmlns='http://jabber.org/protocol/httpbind'>%s</body>", b.rid, b.sid, payload))
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		payload = ""
		for _, m := range answersOf.FindAllStringSubmatch(body, -1) {
			b.heard[m[1]]++
		}
	}
	if n := b.heard["r-"+id]; n != 1 {
		return fmt.Errorf("r-%s has come %d times", id, n)
	}
	return nil
}

// socket is one over WebSocket.
type socket struct {
	domain string
	dial   dialer
	addr   string
	conn   net.Conn
}

func (w *socket) name() string { return w.domain }

func (w *socket) begin(ctx context.Context) error {
	d := ws.Dialer{Protocols: []string{"xmpp"}, NetDial: func(ctx context.Context, _, _ string) (net.Conn, error) { return w.dial(ctx) }}
	conn, _, _, err := d.Dial(ctx, "ws://"+w.addr+"/ws/")
	var status ws.StatusError
	if errors.As(err, &status) && int(status) == http.StatusServiceUnavailable {
		return errBusy
	}
	if err != nil {
		return err
	}
	w.conn = conn
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if err := wsutil.WriteClientText(conn, fmt.Appendf(nil, "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='%s' version='1.0'/>", w.domain)); err != nil {
		return err
	}
	_, err = w.hear("features")
	return err
}

// hear reads until a message with a text comes.
func (w *socket) hear(part string) (string, error) {
	for {
		text, err := wsutil.ReadServerText(w.conn)
		if err != nil || strings.Contains(string(text), part) {
			return string(text), err
		}
		if strings.Contains(string(text), "<close") || strings.Contains(string(text), "stream:error") {
			return "", errors.New("the session has ended: " + string(text))
		}
	}
}

func (w *socket) say(_ context.Context, id string) error {
	if err := wsutil.WriteClientText(w.conn, fmt.Appendf(nil, "<message xmlns='jabber:client' id='%s'><body>hello</body></message>", id)); err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	text, err := w.hear("<message")
	if err == nil && !strings.Contains(text, "'r-"+id+"'") {
		err = errors.New("this has come: " + text)
	}
	if err != nil {
		return fmt.Errorf("waiting for r-%s: %w", id, err)
	}
	return nil
}
