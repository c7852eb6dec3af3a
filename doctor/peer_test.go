package doctor

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"strings"
)

// peer is the server's end of a connection.
type peer struct {
	net.Conn
	r *bufio.Reader
}

// want reads up to a text; the connection's end is as good, since nobody waits for an answer then.
func (p *peer) want(suffix string) string {
	var b []byte
	for !strings.HasSuffix(string(b), suffix) {
		c, err := p.r.ReadByte()
		if err != nil {
			break
		}
		b = append(b, c)
	}
	return string(b)
}

func (p *peer) send(s string) { _, _ = io.WriteString(p, s) }

const (
	header    = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0' xml:lang='en'>`
	startTLS  = `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`
	saslOffer = `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism></mechanisms>`
	bindings  = `<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding>`
	compress  = `<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>`
	register  = `<register xmlns='http://jabber.org/features/iq-register'/>`
)

// open answers a header with one and features, and waits for the end.
func (p *peer) open(features string) {
	p.want("<stream:stream")
	p.want(">")
	p.send(header + "<stream:features>" + features + "</stream:features>")
}

// good plays a server to the end of the stream.
func good(features string) func(*peer) {
	return func(p *peer) {
		p.open(features)
		p.want("</stream:stream>")
		p.send("</stream:stream>")
	}
}

// secure goes on inside TLS.
func (p *peer) secure(cert tls.Certificate, play func(*peer)) {
	c := tls.Server(p.Conn, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"xmpp-client"}, MinVersion: tls.VersionTLS12})
	if c.Handshake() == nil {
		play(&peer{c, bufio.NewReader(c)})
	}
}

// withStartTLS plays a server that begins TLS when it is asked to.
func withStartTLS(cert tls.Certificate, inside func(*peer)) func(*peer) {
	return func(p *peer) {
		p.open(startTLS + saslOffer)
		p.want(startTLS)
		p.send(`<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`)
		p.secure(cert, inside)
	}
}
