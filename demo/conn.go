package demo

import (
	"bufio"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// conn is one connection and the session on it.
type conn struct {
	s    *Server
	nc   *net.TCPConn
	in   xmlReader
	out  outbox
	over sync.Once
	gone chan struct{} // closed by end
	why  error         // of end; valid when gone is closed

	// The log-in, known to the connection's goroutine alone.
	open      bool // the header of the present stream is out
	user      string
	anonymous bool
	slow      *conn // what the last stanza went to

	me jid // the full JID; written once, under Server.mu, before anybody else sees it

	// The session, guarded by Server.mu.
	acct       *account            // nil: no session
	presence   *element            // the last one sent; nil: unavailable
	priority   int                 // of presence
	interested bool                // asked for the roster, so gets the changes of it (RFC 6121 §2.1.6)
	directed   map[string]struct{} // who else was sent presence, and hears when it ends (RFC 6121 §4.6.3)
}

func newConn(s *Server, nc *net.TCPConn) *conn {
	c := &conn{s: s, nc: nc, gone: make(chan struct{}), directed: map[string]struct{}{}}
	c.out.more.L = &c.out.mu
	c.in.in = bufio.NewReader(nc)
	c.in.limit = s.cfg.StanzaBytes
	return c
}

// end makes the connection end for a reason that comes from elsewhere. It may be called from any goroutine.
func (c *conn) end(why error) {
	c.over.Do(func() {
		c.why = why
		close(c.gone)
		c.nc.SetReadDeadline(time.Unix(1, 0)) // wakes the reader
	})
}

// send queues output. A peer that reads so little that its outbox is full loses its session.
func (c *conn) send(s string) {
	if !c.out.put(s) {
		c.end(streamError("resource-constraint"))
	}
}

// serve is the life of the connection.
func (c *conn) serve() {
	log := c.s.cfg.Logger.With("peer", c.nc.RemoteAddr().String())
	log.Debug("demo server: connection")
	written := make(chan struct{})
	go func() {
		defer close(written)
		for b := c.out.take(); b != nil; b = c.out.take() {
			if _, err := c.nc.Write(b); err != nil {
				c.end(err)
				c.out.close()
			}
		}
	}()
	c.nc.SetReadDeadline(time.Now().Add(c.s.cfg.LoginTimeout))
	err := c.login()
	if err == nil {
		log.Debug("demo server: session", "jid", c.me.String())
		err = c.stanzas()
	}
	c.s.leave(c)
	err = c.cause(err)
	log.Debug("demo server: connection ends", "reason", err)
	c.farewell(err)
	c.out.close()
	c.nc.SetWriteDeadline(time.Now().Add(closeWait))
	<-written

	// Closing with input unread would send a reset, and the peer could lose what was just written to it.
	c.nc.CloseWrite()
	c.nc.SetReadDeadline(time.Now().Add(lingerWait))
	io.CopyN(io.Discard, c.nc, int64(outboxBytesMax))
}

// cause is why the connection really ended, when reading ended with err.
func (c *conn) cause(err error) error {
	select {
	case <-c.gone:
		return c.why
	default:
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return streamError("connection-timeout") // the log-in took too long: there is no other deadline
	}
	return err
}

// farewell closes the stream, with a stream error if that is why.
func (c *conn) farewell(err error) {
	var cond streamError
	isError := errors.As(err, &cond)
	if isError {
		if !c.open { // RFC 6120 §4.9.1.2: the error stands in a stream, even one that never was
			c.header()
		}
		c.out.put("<stream:error><" + string(cond) + " xmlns='" + nsErrors + "'/></stream:error>")
	}
	if isError || c.open {
		c.out.put("</stream:stream>")
	}
}

// login takes the connection from its first byte to a bound resource.
func (c *conn) login() error {
	if err := c.stream(c.s.features()); err != nil {
		return err
	}
	if err := c.authenticate(); err != nil {
		return err
	}
	c.open = false // RFC 6120 §6.4.6: a new stream, without the old one's end
	err := c.stream("<bind xmlns='" + nsBind + "'/>" +
		"<session xmlns='" + nsSession + "'><optional/></session>") // RFC 3921 §3, for old clients
	if err != nil {
		return err
	}
	return c.bind()
}

// stream opens a stream and offers features.
func (c *conn) stream(features string) error {
	h, err := c.in.header()
	if err != nil {
		return err
	}
	to, ok := parseJID(h.attr("to"))
	switch {
	case !h.is(nsStreams, "stream"):
		return streamError("invalid-namespace") // RFC 6120 §4.9.3.10
	case c.in.content() != nsClient:
		return streamError("invalid-namespace") // RFC 6120 §4.8.3: this is no server-to-server stream
	case !ok || to.bare() != c.s.cfg.Domain:
		return streamError("host-unknown") // RFC 6120 §4.9.3.6
	case !isVersion1(h.attr("version")):
		return streamError("unsupported-version") // RFC 6120 §4.7.5
	}
	c.header()
	c.send("<stream:features>" + features + "</stream:features>")
	return nil
}

// isVersion1 takes 1.0 and what is compatible with it (RFC 6120 §4.7.5).
func isVersion1(v string) bool { return len(v) > 2 && v[:2] == "1." }

func (c *conn) header() {
	c.open = true
	c.send("<?xml version='1.0'?><stream:stream xmlns='" + nsClient + "' xmlns:stream='" + nsStreams +
		"' from='" + esc(c.s.cfg.Domain) + "' id='" + token() + "' version='1.0' xml:lang='en'>")
}

// bind waits for the request of a resource (RFC 6120 §7). Nothing else is taken before it.
func (c *conn) bind() error {
	for {
		el, err := c.in.next()
		if err != nil {
			return err
		}
		b := el.child(nsBind, "bind")
		if !el.is(nsClient, "iq") || el.attr("type") != "set" || b == nil {
			return streamError("not-authorized") // RFC 6120 §7.1
		}
		resource := b.child(nsBind, "resource").text()
		cond := "bad-request"
		if el.attr("id") != "" && (resource == "" || isResource(resource)) {
			cond = c.s.join(c, resource)
		}
		if cond == "" {
			c.nc.SetReadDeadline(time.Time{})
			select {
			case <-c.gone: // its deadline may have been the one just cleared
				return c.why
			default:
			}
			c.reply(el, "<bind xmlns='"+nsBind+"'><jid>"+esc(c.me.String())+"</jid></bind>")
			return nil
		}
		c.fail(el, cond)
	}
}

// stanzas handles what comes on the bound stream.
func (c *conn) stanzas() error {
	for {
		el, err := c.in.next()
		if err == nil {
			err = c.handle(el)
		}
		if err != nil {
			return err
		}
		c.throttle()
	}
}

// throttle stops a sender for a while whose receiver has much to read already, or who has itself: of answers.
func (c *conn) throttle() {
	to := c.slow
	c.slow = nil
	c.waitFor(c)
	if to != nil && to != c {
		c.waitFor(to)
	}
}

// waitFor returns when there is room for more output to a peer, or when it makes no sense to wait any longer.
func (c *conn) waitFor(to *conn) {
	full := to.out.full()
	if full == nil {
		return
	}
	wait := time.NewTimer(throttleWait)
	defer wait.Stop()
	select {
	case <-full:
	case <-to.gone:
	case <-c.gone:
	case <-wait.C:
	}
}

// token is a fresh random word.
func token() string { return rand.Text() }
