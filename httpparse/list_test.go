package httpparse

import (
	"bytes"
	"testing"
)

func TestHeaderToken(t *testing.T) {
	r := mustParse(t, "GET / HTTP/1.1\r\nHost: h\r\nA: x\r\nSec-WebSocket-Protocol: xmpp , Chat\r\nsec-websocket-protocol:,\t ,last\r\nB: \"a, xyz\"\r\n\r\n")
	for _, c := range []struct {
		name, token string
		want        bool
	}{
		{"Sec-WebSocket-Protocol", "xmpp", true},
		{"SEC-WEBSOCKET-PROTOCOL", "CHAT", true},
		{"Sec-WebSocket-Protocol", "last", true},
		{"Sec-WebSocket-Protocol", "xmp", false},
		{"Sec-WebSocket-Protocol", "xmppx", false},
		{"A", "x", true},
		{"A", "xmpp", false},
		{"C", "x", false},
		{"B", "xyz", false},
	} {
		if got := r.HeaderToken(c.name, c.token); got != c.want {
			t.Errorf("%s has %q: %v", c.name, c.token, got)
		}
	}
}

func TestHeader(t *testing.T) {
	r := mustParse(t, "GET / HTTP/1.1\r\nHost: h\r\nX: 1\r\nx: 2\r\nEmpty:\r\n\r\n")
	for _, c := range []struct {
		name, value string
		ok          bool
	}{
		{"x", "1", true},
		{"HOST", "h", true},
		{"empty", "", true},
		{"y", "", false},
		{"", "", false},
	} {
		if value, ok := r.Header(c.name); string(value) != c.value || ok != c.ok {
			t.Errorf("%q: %q, %v", c.name, value, ok)
		}
	}
}

func TestIsFold(t *testing.T) {
	for x := range 256 {
		for y := range 128 {
			got := isFold([]byte{byte(x)}, string(rune(y)))
			want := x < 128 && bytes.EqualFold([]byte{byte(x)}, []byte{byte(y)})
			if got != want {
				t.Errorf("%q and %q: %v", byte(x), byte(y), got)
			}
		}
	}
	if isFold([]byte("ab"), "a") || isFold(nil, "a") || !isFold(nil, "") {
		t.Error("lengths")
	}
}
