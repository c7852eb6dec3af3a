package exactlyonce

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// backend is the XMPP server of all sessions: each has a domain of its own, which is how the backend tells them apart.
type backend struct {
	t        *trial
	listener net.Listener
	wg       sync.WaitGroup
	accounts []account
}

// account is the backend's side of one session.
type account struct {
	got   ledger
	ended chan struct{} // closed when the client's stream has ended as it should, with everything in it

	mu      sync.Mutex
	sent    int         // messages written so far
	sentAt  map[int]int // the same, when the n-th notice of the client's came that it had gone on
	noticed int         // the newest
}

func newBackend(t *trial) (*backend, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &backend{t: t, listener: l, accounts: make([]account, t.sessions)}
	for i := range b.accounts {
		b.accounts[i].got = ledger{session: i, d: up}
		b.accounts[i].ended = make(chan struct{})
		b.accounts[i].sentAt = map[int]int{}
	}
	b.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.wg.Go(func() {
				defer c.Close()
				if err := b.serve(c); err != nil {
					t.fail(err)
				}
			})
		}
	})
	return b, nil
}

func (b *backend) close() {
	b.listener.Close()
	b.wg.Wait()
}

const (
	backendHeader = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' ` +
		`id='s1' from='example.org' version='1.0' xml:lang='en'>`
	backendFeatures = `<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`
	backendEnd      = `</stream:stream>`
	stanzaEnd       = `<presence xmlns='jabber:client' type='unavailable'/>` // tells a client that may have lost some that there is no more
)

// serve plays one stream.
func (b *backend) serve(c net.Conn) error {
	stop := make(chan struct{})
	var sender sync.WaitGroup
	defer sender.Wait()
	defer close(stop)
	defer context.AfterFunc(b.t.ctx, func() { c.Close() })()
	dec := xml.NewDecoder(c)
	session := -1
	for {
		token, err := dec.Token()
		if err != nil {
			if b.t.ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("session %d: the stream to the backend broke: %w", session, err)
		}
		switch el := token.(type) {
		case xml.StartElement:
			if el.Name.Local == "stream" {
				if session, err = b.open(c, el); err != nil {
					return err
				}
				continue
			}
			first, err := b.take(session, dec, el)
			if err != nil {
				return err
			}
			if first {
				sender.Go(func() { b.send(c, session, stop) })
			}
		case xml.EndElement: // of the stream
			io.WriteString(c, backendEnd)
			return b.finish(session)
		}
	}
}

// open answers a stream header.
func (b *backend) open(c net.Conn, el xml.StartElement) (session int, err error) {
	for _, a := range el.Attr {
		if a.Name.Local == "to" {
			if _, err := fmt.Sscanf(a.Value, domainFormat, &session); err != nil || session < 0 || session >= len(b.accounts) {
				return 0, fmt.Errorf("a stream to %q", a.Value)
			}
		}
	}
	_, err = io.WriteString(c, backendHeader+backendFeatures)
	return session, err
}

// take counts one stanza in. first: it is the client's first notice, so it listens.
func (b *backend) take(session int, dec *xml.Decoder, el xml.StartElement) (first bool, err error) {
	a := &b.accounts[session]
	var m message
	if err := dec.DecodeElement(&m, &el); err != nil {
		return false, fmt.Errorf("session %d: a stanza for the backend: %w", session, err)
	}
	switch el.Name.Local {
	case "message":
		if err := a.got.take(m); err != nil {
			return false, err
		}
	case "presence": // a notice: its number, or 0
		a.mu.Lock()
		defer a.mu.Unlock()
		if m.N > 0 {
			b.t.note(session, "backend: notice %d, %d sent", m.N, a.sent)
			if m.N <= a.noticed {
				return false, fmt.Errorf("session %d, %v: notice %d came again, or late, after %d", session, up, m.N, a.noticed)
			}
			a.noticed = m.N
			a.sentAt[m.N] = a.sent
		}
		return m.N == 1, nil
	default:
		return false, fmt.Errorf("session %d: <%s/> from the client", session, el.Name.Local)
	}
	return false, nil
}

// send writes all messages, in bursts, at about the pace of the kills.
func (b *backend) send(c net.Conn, session int, stop <-chan struct{}) {
	a := &b.accounts[session]
	rng := rand.New(rand.NewPCG(b.t.seed, uint64(session)+1<<32))
	for n := 1; n <= b.t.messages; {
		burst, gap := b.t.pace(rng, session, n)
		var w []byte
		for ; burst > 0 && n <= b.t.messages; burst-- {
			w = appendMessage(w, session, down, n)
			n++
		}
		a.mu.Lock()
		a.sent = n - 1
		a.mu.Unlock()
		if _, err := c.Write(w); err != nil || !pause(b.t.ctx, gap) {
			return
		}
	}
	if !b.t.goOn {
		return
	}
	// Clients that lose stanzas must be told that there are no more, when nothing is lost any more.
	for b.t.network.kills(session) < b.t.kills {
		if !pause(b.t.ctx, time.Millisecond) {
			return
		}
	}
	for pause(b.t.ctx, 20*time.Millisecond) {
		select {
		case <-stop:
			return
		default:
		}
		if _, err := io.WriteString(c, stanzaEnd); err != nil {
			return
		}
	}
}

// finish checks a stream that its client has ended.
func (b *backend) finish(session int) error {
	a := &b.accounts[session]
	if a.got.last != b.t.messages {
		return fmt.Errorf("session %d, %v: the stream ended after message %d of %d", session, up, a.got.last, b.t.messages)
	}
	select {
	case <-a.ended:
		return fmt.Errorf("session %d ended twice", session)
	default:
		close(a.ended)
	}
	return nil
}

// sentBefore is how many messages had been sent when a notice came, or the next one, if the client had no time for that.
func (a *account) sentBefore(notice int) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for ; notice <= a.noticed; notice++ {
		if n, ok := a.sentAt[notice]; ok {
			return n, nil
		}
	}
	return 0, errors.New("the notice has not come")
}
