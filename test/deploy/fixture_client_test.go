//go:build integration && linux

package deploy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func after() <-chan time.Time { return time.After(patience) }

// clientAddress is where the clients come from: none of the proxies, nor anybody else in these tests, has it.
var clientAddress = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 77)}

// browser is what a client has of its browser: cookies, and connections of its own.
type browser struct {
	http.Client
	tls *tls.Config
}

func newBrowser(t *testing.T, pool *x509.CertPool) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{tls: &tls.Config{RootCAs: pool}}
	dialer := &net.Dialer{LocalAddr: clientAddress, Timeout: patience}
	transport := &http.Transport{TLSClientConfig: b.tls, DialContext: dialer.DialContext, MaxIdleConnsPerHost: 2, ForceAttemptHTTP2: true}
	b.Client = http.Client{Jar: jar, Transport: transport, Timeout: 2 * patience}
	t.Cleanup(transport.CloseIdleConnections)
	return b
}

// body is a <body/>.
type body struct {
	SID       string `xml:"sid,attr"`
	Type      string `xml:"type,attr"`
	Condition string `xml:"condition,attr"`
	Messages  []struct {
		ID string `xml:"id,attr"`
	} `xml:"jabber:client message"`
}

// client is a BOSH client that works like strophe.js: it has one request with the server, and sends with a second one. When its
// session ends it opens another, and says again what was not answered.
type client struct {
	*browser
	url    string
	domain string

	sid      string
	rid      int64
	under    int // requests under way
	answers  chan answer
	sessions int // that were opened

	mu    sync.Mutex
	acked map[string]bool // messages whose request was answered
	seen  map[string]bool // messages that came
	ends  []string        // of sessions: why
}

type answer struct {
	body    body
	sent    string // the message that the request had
	session int
	err     error
}

var clientsMade atomic.Int64

func newClient(t *testing.T, url string, pool *x509.CertPool) *client {
	t.Helper()
	return &client{
		browser: newBrowser(t, pool), url: url, domain: fmt.Sprintf("d%d.example.org", clientsMade.Add(1)), answers: make(chan answer, 8),
		acked: map[string]bool{}, seen: map[string]bool{},
	}
}

func (c *client) post(ctx context.Context, text string) (b body, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(text))
	if err != nil {
		return b, err
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.GetBody = nil // net/http repeats nothing by itself, as browsers do not
	resp, err := c.Do(r)
	if err != nil {
		return b, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.100q", resp.Status, raw)
	}
	if err == nil {
		err = xml.Unmarshal(raw, &b)
	}
	return b, err
}

const bodyNS = "http://jabber.org/protocol/httpbind"

// open opens a session, a new one if there was one.
func (c *client) open(ctx context.Context) error {
	c.sid, c.rid, c.under = "", 1000, 0
	c.sessions++
	b, err := c.post(ctx, fmt.Sprintf("<body rid='%d' to='%s' wait='50' hold='1' ver='1.6' xmpp:version='1.0' xmlns='%s' xmlns:xmpp='urn:xmpp:xbosh'/>", c.rid, c.domain, bodyNS))
	if err == nil && (b.SID == "" || b.Type != "") {
		err = fmt.Errorf("no session: %+v", b)
	}
	c.sid = b.SID
	return err
}

// send sends the next request, with a message if id is not "".
func (c *client) send(ctx context.Context, id string) {
	c.rid++
	c.under++
	payload := ""
	if id != "" {
		payload = fmt.Sprintf("<message xmlns='%s' to='other@%s' id='%s'><body>hello</body></message>", nsClient, c.domain, id)
	}
	text := fmt.Sprintf("<body rid='%d' sid='%s' xmlns='%s'>%s</body>", c.rid, c.sid, bodyNS, payload)
	session := c.sessions
	go func() {
		b, err := c.post(ctx, text)
		c.answers <- answer{b, id, session, err}
	}()
}

// take waits for one answer; ended says that it was the session's last.
func (c *client) take(ctx context.Context) (ended bool, err error) {
	var a answer
	select {
	case a = <-c.answers:
	case <-ctx.Done():
		return true, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.session == c.sessions {
		c.under--
	}
	for _, m := range a.body.Messages {
		c.seen[m.ID] = true
	}
	switch {
	case a.err == nil && a.body.Type == "":
		if a.sent != "" {
			c.acked[a.sent] = true
		}
		return false, nil
	case a.session != c.sessions: // it is known already
		return false, nil
	case a.err != nil:
		c.ends = append(c.ends, a.err.Error())
	default:
		c.ends = append(c.ends, a.body.Condition)
	}
	return true, nil
}

// settle collects the answers to the requests of a session that has ended: some carry stanzas.
func (c *client) settle(ctx context.Context) error {
	for c.under > 0 {
		if _, err := c.take(ctx); err != nil {
			return err
		}
	}
	return nil
}

// converse sends count messages, each when the one before was answered by its peer, with the ids prefix0 and so on. When the session ends it
// goes on with another, up to tries times.
func (c *client) converse(ctx context.Context, prefix string, count, tries int) error {
	for i := 0; i < count; {
		id := fmt.Sprintf("%s%d", prefix, i)
		ended := c.sid == ""
		for sent := false; !ended && !c.has("r-"+id); {
			var err error
			switch {
			case !sent:
				c.send(ctx, id)
				sent = true
			case c.under == 0:
				c.send(ctx, "")
			default:
				if ended, err = c.take(ctx); err != nil {
					return fmt.Errorf("%s: waiting for the answer to %s: %w", c.domain, id, err)
				}
			}
		}
		if !ended {
			i++
			continue
		}
		if err := c.again(ctx, tries); err != nil {
			return err
		}
	}
	return nil
}

// again opens another session in place of one that has ended.
func (c *client) again(ctx context.Context, tries int) error {
	if err := c.settle(ctx); err != nil {
		return err
	}
	err := fmt.Errorf("%s: the session has ended: %v", c.domain, c.ends)
	for range tries {
		if err = c.open(ctx); err == nil {
			return nil
		}
	}
	c.sid = ""
	return err
}

// listen takes what comes until the session ends.
func (c *client) listen(ctx context.Context) error {
	for {
		if c.under == 0 {
			c.send(ctx, "")
		}
		if ended, err := c.take(ctx); ended || err != nil {
			return err
		}
	}
}

func (c *client) setCookie(t *testing.T, name, value string) {
	t.Helper()
	u, err := url.Parse(c.url)
	if err != nil {
		t.Fatal(err)
	}
	c.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true}})
}

func (c *client) has(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[id]
}
