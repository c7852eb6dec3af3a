package wsframe

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAppendClose(t *testing.T) {
	for _, c := range []struct {
		code   CloseCode
		reason string
		want   string
	}{
		{CloseNormal, "", "\x88\x02\x03\xe8"},
		{CloseGoingAway, "bye", "\x88\x05\x03\xe9bye"},
		{CloseNone, "", "\x88\x00"},
		{CloseNone, "not sent", "\x88\x00"}, // 1005 is never on the wire (RFC 6455 §7.4.1)
		{CloseTooBig, strings.Repeat("r", 123), "\x88\x7d\x03\xf1" + strings.Repeat("r", 123)},
		{CloseTooBig, strings.Repeat("r", 124), "\x88\x7d\x03\xf1" + strings.Repeat("r", 123)},
		{ClosePolicy, strings.Repeat("r", 122) + "é", "\x88\x7c\x03\xf0" + strings.Repeat("r", 122)},
		{ClosePolicy, strings.Repeat("€", 50), "\x88\x7d\x03\xf0" + strings.Repeat("€", 41)},
		{ClosePolicy, strings.Repeat("r", 121) + "𝄞", "\x88\x7b\x03\xf0" + strings.Repeat("r", 121)},
	} {
		got := AppendClose([]byte("before"), c.code, c.reason)
		if string(got) != "before"+c.want {
			t.Errorf("%v %q: %q, want %q", c.code, c.reason, got, c.want)
		}
		if !utf8.Valid(got[len("before")+2:][min(2, len(c.want)-2):]) {
			t.Errorf("%v %q: the reason is cut inside a character", c.code, c.reason)
		}
	}
}

func TestAppendPingAndPong(t *testing.T) {
	long := strings.Repeat("x", 126)
	for _, c := range []struct {
		got  []byte
		want string
	}{
		{AppendPing(nil, nil), "\x89\x00"},
		{AppendPing([]byte("a"), []byte("12345678")), "a\x89\x0812345678"},
		{AppendPong(nil, []byte{0xff}), "\x8a\x01\xff"},
		{AppendPong(nil, []byte(long)), "\x8a\x7d" + long[:125]},
	} {
		if string(c.got) != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
