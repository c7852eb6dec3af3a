package spec

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// socket is a WebSocket to the server, with the XMPP server behind it.
type socket struct {
	*conn
	server  *server
	backend *backend
}

// The first bytes of frames (RFC 6455 §5.2).
const (
	frameText   = 0x81
	frameBinary = 0x82
	frameClose  = 0x88
	framePing   = 0x89
	framePong   = 0x8a
)

const (
	nsFraming  = "urn:ietf:params:xml:ns:xmpp-framing"
	openText   = `<open xmlns="` + nsFraming + `" to="example.org" version="1.0"/>`
	closeText  = `<close xmlns="` + nsFraming + `" />`
	olderText  = `<stream:stream to="example.org" xmlns="jabber:client" xmlns:stream="` + nsStreams + `" version="1.0">`
	subXMPP    = "Sec-WebSocket-Protocol: xmpp"
	acceptWant = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" // RFC 6455 §1.3
)

// upgrade asks for a WebSocket; fields are further lines of the request.
func (c *conn) upgrade(fields ...string) *http.Response {
	c.t.Helper()
	head := "GET /ws/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	for _, f := range fields {
		head += f + "\r\n"
	}
	c.raw(head + "\r\n")
	r, err := http.ReadResponse(c.r, nil)
	if err != nil {
		c.t.Fatalf("reading the answer to an upgrade: %v", err)
	}
	return r
}

// webSocket opens one.
func (s *server) webSocket(fields ...string) *socket {
	s.t.Helper()
	c := s.dial()
	if r := c.upgrade(fields...); r.StatusCode != http.StatusSwitchingProtocols {
		s.t.Fatalf("no upgrade: %s", r.Status)
	}
	return &socket{conn: c, server: s}
}

// streaming has a WebSocket on which elements go both ways.
func streaming(t testing.TB) *socket {
	t.Helper()
	return serve(t).streaming(openText)
}

func (s *server) streaming(header string) *socket {
	s.t.Helper()
	w := s.webSocket(subXMPP)
	w.text(header)
	w.backend = s.backend()
	w.backend.open()
	if header == openText {
		w.message()
	} else {
		w.older()
	}
	w.message().is(nsStreams, "features")
	return w
}

func (w *socket) frame(first byte, payload string) {
	w.t.Helper()
	b := []byte{first}
	if n := len(payload); n < 126 {
		b = append(b, 0x80|byte(n))
	} else {
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
		if n < 1<<16 {
			b = binary.BigEndian.AppendUint16([]byte{first, 0x80 | 126}, uint16(n))
		}
	}
	mask := [4]byte{9, 8, 7, 6}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	w.raw(string(b))
}

// text sends a message.
func (w *socket) text(s string) { w.t.Helper(); w.frame(frameText, s) }

// next reads a frame. A server masks nothing, and here fragments nothing.
func (w *socket) next() (first byte, payload string) {
	w.t.Helper()
	var head [10]byte
	fill := func(b []byte) {
		if _, err := io.ReadFull(w.r, b); err != nil {
			w.t.Fatalf("reading a frame: %v", err)
		}
	}
	fill(head[:2])
	size := int(head[1])
	switch size {
	case 126:
		fill(head[8:])
		size = int(binary.BigEndian.Uint16(head[8:]))
	case 127:
		fill(head[2:])
		size = int(binary.BigEndian.Uint64(head[2:]))
	}
	b := make([]byte, size)
	fill(b)
	return head[0], string(b)
}

// message reads one, which is a document of its own by another parser than ours (RFC 7395 §3.3.3).
func (w *socket) message() *document {
	w.t.Helper()
	text := w.older()
	d := &document{t: w.t, text: text}
	if text[0] != '<' || strings.HasPrefix(text, "<?") {
		w.t.Fatalf("the message begins otherwise: %q", text)
	}
	if err := d.read(); err != nil {
		w.t.Fatalf("%v: %q", err, text)
	}
	return d
}

// older reads a message that need not be one: those of the older framing that have the stream's own tags.
func (w *socket) older() string {
	w.t.Helper()
	first, text := w.next()
	if first != frameText || text == "" {
		w.t.Fatalf("got the frame %#x with %q, want a message", first, text)
	}
	return text
}

// fails asserts how an error ends the session: the error, the close, WebSocket's own with this code.
func (w *socket) fails(condition string, code int) {
	w.t.Helper()
	e := w.message().is(nsStreams, "error")
	inOrder(w.t, e.text, "<stream:error xmlns:stream='"+nsStreams+"'><"+condition+" xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>")
	if got := w.message().text; got != closeText {
		w.t.Fatalf("got %q", got)
	}
	w.closes(code)
}

// closes asserts that the next frame is WebSocket's close, and answers it: the connection ends. Code 0: it has none.
func (w *socket) closes(code int) {
	w.t.Helper()
	first, payload := w.next()
	want := ""
	if code > 0 {
		want = string(binary.BigEndian.AppendUint16(nil, uint16(code)))
	}
	if first != frameClose || payload != want {
		w.t.Fatalf("got the frame %#x with %q, want a close with %d", first, payload, code)
	}
	w.frame(frameClose, payload)
	w.conn.closed()
}

// document is a message: its root, by name and attributes.
type document struct {
	t     testing.TB
	text  string
	name  xml.Name
	attrs map[string]string
}

func (d *document) read() error {
	p := xml.NewDecoder(strings.NewReader(d.text))
	roots, depth := 0, 0
	for {
		token, err := p.Token()
		switch token := token.(type) {
		case nil:
			if !errors.Is(err, io.EOF) {
				return err
			}
			if roots != 1 {
				return fmt.Errorf("%d elements", roots)
			}
			return nil
		case xml.StartElement:
			if depth++; depth > 1 {
				continue
			}
			roots++
			d.name, d.attrs = token.Name, map[string]string{}
			for _, a := range token.Attr {
				d.attrs[a.Name.Local] = a.Value
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 {
				return errors.New("text outside the element")
			}
		default:
			return errors.New("what is no element")
		}
	}
}

func (d *document) is(space, local string) *document {
	d.t.Helper()
	if d.name != (xml.Name{Space: space, Local: local}) {
		d.t.Fatalf("got %q, want {%s}%s", d.text, space, local)
	}
	return d
}

// want asserts attributes, given as name and value.
func (d *document) want(pairs ...string) *document {
	d.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := d.attrs[pairs[i]]; got != pairs[i+1] {
			d.t.Fatalf("%s is %q in %q, want %q", pairs[i], got, d.text, pairs[i+1])
		}
	}
	return d
}
