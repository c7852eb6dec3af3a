package wsconn

import (
	"strings"
	"testing"

	"go-xmpp-bosh/wsframe"
)

// TestPingFlood: a client that sends pings and does not read makes nothing grow.
func TestPingFlood(t *testing.T) {
	r := newRig(t)
	r.create(usualDeflate)
	r.open(clientOpen)
	r.pressure(true)
	ping := clientFrame(wirePing, []byte(strings.Repeat("p", pongRoom)))
	many := strings.Repeat(string(ping), 100)
	for range 100 {
		r.client([]byte(many)) // (*rig).check looks at what is kept
	}
	if r.over != 0 {
		t.Errorf("%d bytes were sent", r.over)
	}
	r.take()
	r.pressure(false)
	if got := r.take(); len(got) != 2 || got[0] != "pong "+strings.Repeat("p", pongRoom) || got[1] != "resume" {
		t.Errorf("got %q", got)
	}
}

// TestRefusedFlood: a client that does not read, and has us answer what it sends, is ended when it has had its share.
func TestRefusedFlood(t *testing.T) {
	r := newRig(t)
	r.create(usualDeflate)
	r.open(clientOpen)
	r.pressure(true)
	for n := 0; !r.closed; n++ {
		if n > r.cfg.PendingMax/50 {
			t.Fatalf("%d bytes were sent", r.over)
		}
		r.text("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
		r.server("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	}
}

// TestScratchIsTrimmed: what one large message needed is not kept for the rest of the loop's life.
func TestScratchIsTrimmed(t *testing.T) {
	for _, header := range []string{clientOpen, olderOpen} {
		r := newRig(t)
		r.create(wsframe.Deflate{On: true, WindowBits: 15})
		// A header whose attributes want decoding, a stanza with a large start tag, one with large content.
		r.text(strings.Replace(header, " to=", " from=\"&amp;"+strings.Repeat("x", 100_000)+"\" to=", 1))
		r.added(usualHeader) // (*rig).check looks at the scratch
		r.server("<message id='" + strings.Repeat("x", 100_000) + "'/>")
		r.server("<message>" + strings.Repeat("x", 100_000) + "</message>")
		for _, line := range r.take() {
			if strings.HasPrefix(line, "text <open") && len(line) > 200 {
				t.Errorf("an address of %d bytes is given back", len(line))
			}
		}
		r.gone()
	}
}
