package websocket

import (
	"bytes"
	"compress/flate"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"go-xmpp-bosh/wsframe/wscases"
)

// TestStanzas runs the cases that have text with all of it in stanzas: what the frames allow comes to the backend, unless XML forbids it.
func TestStanzas(t *testing.T) {
	b := startBackend(t)
	addr := startServer(t, b, nil)
	for _, c := range wscases.All() {
		w, ok := wrap(&c)
		if !ok {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			want := expect(&w, true)
			for _, p := range pieces(&w) {
				run(t, addr, b, p, &w, want)
			}
		})
	}
}

// wantBodies checks what came to the backend.
func wantBodies(t *testing.T, name, sent string, want []string) {
	t.Helper()
	var got []string
	for d := xml.NewDecoder(strings.NewReader(sent)); ; {
		var m struct {
			Body string `xml:"body"`
		}
		if err := d.Decode(&m); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%s: the backend got no XML: %v: %q", name, err, tail(sent))
		}
		got = append(got, m.Body)
	}
	if len(want) == 0 && len(got) == 1 && got[0] == "" {
		return // isElement
	}
	if len(got) != len(want) {
		t.Fatalf("%s: the backend got %d stanzas, want %d: %q", name, len(got), len(want), tail(sent))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s: stanza %d has %q (%d bytes), want %q (%d bytes)", name, i, tail(got[i]), len(got[i]), tail(want[i]), len(want[i]))
		}
	}
}

// readPlain reads a frame, and inflates a message (RFC 7692 §7.2.2).
func (c *client) readPlain(deflate bool) received {
	c.t.Helper()
	f := c.read()
	if deflate && f.first == fin|rsv1|opText {
		b, err := io.ReadAll(flate.NewReader(io.MultiReader(strings.NewReader(f.text), bytes.NewReader([]byte("\x00\x00\xff\xff\x01\x00\x00\xff\xff")))))
		if err != nil {
			c.t.Fatalf("a compressed message: %v", err)
		}
		return received{fin | opText, string(b)}
	}
	return f
}
