package null

import (
	"strings"
	"testing"

	"go-xmpp-bosh/bench/wire"
)

func TestElementBytes(t *testing.T) {
	message := string(wire.AppendMessage(nil, "a@b/c", wire.Mark{Kind: wire.KindEcho, Seq: 1}, 256))
	for _, el := range []string{
		"<?xml version='1.0'?>", "<stream:stream to='x'>", "</stream:stream>", "<presence/>", "<a b='c'/>", "<a>text</a>", "<a><b/></a>",
		message, wire.BindRequest, wire.Plain("u"),
	} {
		for n := 1; n < len(el); n++ {
			if got := elementBytes([]byte(el)[:n:n]); got != 0 {
				t.Errorf("%q: %d bytes", el[:n], got)
			}
		}
		if got := elementBytes([]byte(el + "<more/>")); got != len(el) {
			t.Errorf("%q: %d bytes, want %d", el, got, len(el))
		}
	}
	if got := elementBytes([]byte("text")); got >= 0 {
		t.Errorf("text: %d", got)
	}
}

// conversation is a log-in and a message as a client sends them.
func conversation() string {
	header := wire.StreamHeader("localhost", "")
	return "<?xml version='1.0'?>" + header + wire.Plain("u") + header + wire.BindRequest + "<presence/>" +
		string(wire.AppendMessage(nil, "a@b/c", wire.Mark{Kind: wire.KindEcho, Seq: 1}, 256)) + wire.StreamEnd
}

func TestConversationByteByByte(t *testing.T) {
	whole := &conn{number: 7}
	want, _, _, over, err := whole.handle([]byte(conversation()), nil)
	if err != nil || !over {
		t.Fatal(over, err)
	}
	for _, part := range []string{"<mechanism>PLAIN", "<success", "xmpp-bind'/></stream:features>", "<jid>s000007@localhost/bench</jid>", "<message ", "</stream:stream>"} {
		if !strings.Contains(string(want), part) {
			t.Errorf("no %s in %s", part, want)
		}
	}
	c := &conn{number: 7}
	var got, rest []byte
	for _, b := range []byte(conversation()) {
		rest = append(rest, b)
		reply, n, _, _, err := c.handle(rest, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, rest = append(got, reply...), rest[n:]
	}
	if string(got) != string(want) || len(rest) != 0 {
		t.Errorf("byte by byte: %s\nat once: %s", got, want)
	}
}

func TestNonsenseEndsTheConnection(t *testing.T) {
	if _, _, _, _, err := new(conn).handle([]byte("GET / HTTP/1.1"), nil); err == nil {
		t.Error("taken")
	}
}
