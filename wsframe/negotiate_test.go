package wsframe

import (
	"testing"

	"go-xmpp-bosh/httpparse"
)

func TestNegotiate(t *testing.T) {
	const (
		d    = "permessage-deflate"
		both = d + "; server_no_context_takeover; client_no_context_takeover"
		none = "" // declined
		bad  = "400"
	)
	for _, c := range []struct {
		offers []string
		want   string
		window uint8
	}{
		{[]string{d}, both, 15},
		{[]string{d + "; client_max_window_bits"}, both + "; client_max_window_bits=15", 15},
		{[]string{d + "; client_max_window_bits=10"}, both + "; client_max_window_bits=10", 15},
		{[]string{d + "; server_max_window_bits=10"}, both + "; server_max_window_bits=10", 10},
		{[]string{d + "; server_max_window_bits=8"}, both + "; server_max_window_bits=8", 8},
		{[]string{d + "; server_max_window_bits=15"}, both + "; server_max_window_bits=15", 15},
		{[]string{d + "; client_max_window_bits=9;server_max_window_bits=11"}, both + "; server_max_window_bits=11; client_max_window_bits=9", 11},
		{[]string{d + "; server_no_context_takeover"}, both, 15},
		{[]string{d + "; client_no_context_takeover; server_no_context_takeover"}, both, 15},
		{[]string{both + "; server_max_window_bits=12; client_max_window_bits"}, both + "; server_max_window_bits=12; client_max_window_bits=15", 12},
		{[]string{"Permessage-Deflate; Server_Max_Window_Bits=9"}, both + "; server_max_window_bits=9", 9},
		{[]string{d + ` ;	server_max_window_bits = "9" `}, both + "; server_max_window_bits=9", 9},
		{[]string{d + `; server_max_window_bits="\1\0"`}, both + "; server_max_window_bits=10", 10},

		// RFC 7692 §7.1: what declines an offer.
		{[]string{d + "; unknown"}, none, 0},
		{[]string{d + "; unknown=1"}, none, 0},
		{[]string{d + "; server_no_context_takeover=1"}, none, 0},
		{[]string{d + "; server_no_context_takeover=server_no_context_takeover"}, none, 0},
		{[]string{d + `; client_no_context_takeover="x"`}, none, 0},
		{[]string{d + "; server_max_window_bits"}, none, 0},
		{[]string{d + "; server_max_window_bits=7"}, none, 0},
		{[]string{d + "; server_max_window_bits=16"}, none, 0},
		{[]string{d + "; server_max_window_bits=0"}, none, 0},
		{[]string{d + "; server_max_window_bits=08"}, none, 0},
		{[]string{d + "; server_max_window_bits=010"}, none, 0},
		{[]string{d + "; server_max_window_bits=100"}, none, 0},
		{[]string{d + "; server_max_window_bits=+9"}, none, 0},
		{[]string{d + "; server_max_window_bits=1a"}, none, 0},
		{[]string{d + "; client_max_window_bits=7"}, none, 0},
		{[]string{d + "; client_max_window_bits=16"}, none, 0},
		{[]string{d + "; server_no_context_takeover; server_no_context_takeover"}, none, 0},
		{[]string{d + "; client_no_context_takeover; Client_no_context_takeover"}, none, 0},
		{[]string{d + "; server_max_window_bits=10; server_max_window_bits=10"}, none, 0},
		{[]string{d + "; client_max_window_bits; client_max_window_bits=10"}, none, 0},
		{[]string{"permessage-bzip2"}, none, 0},
		{[]string{"x-webkit-deflate-frame"}, none, 0},
		{[]string{""}, none, 0},
		{nil, none, 0},

		// The next is tried.
		{[]string{d + "; server_max_window_bits=99, " + d}, both, 15},
		{[]string{d + "; x, " + d + "; server_max_window_bits=10, " + d}, both + "; server_max_window_bits=10", 10},
		{[]string{d + "; x", d + "; server_max_window_bits=10"}, both + "; server_max_window_bits=10", 10},
		{[]string{"permessage-bzip2; level=9, " + d}, both, 15},
		{[]string{`foo; a="b", ` + d}, both, 15},
		{[]string{", ,", d + ",", ","}, both, 15},
		{[]string{d + "; server_max_window_bits=9, " + d + "; server_max_window_bits=10"}, both + "; server_max_window_bits=9", 9},

		// RFC 6455 §9.1: what is no list of extensions fails the handshake.
		{[]string{d + ";"}, bad, 0},
		{[]string{d + "; ;"}, bad, 0},
		{[]string{"; x"}, bad, 0},
		{[]string{d + " x"}, bad, 0},
		{[]string{d + "; server_max_window_bits="}, bad, 0},
		{[]string{d + "; server_max_window_bits=,"}, bad, 0},
		{[]string{d + `; server_max_window_bits="10`}, bad, 0},
		{[]string{d + `; server_max_window_bits=""`}, bad, 0},
		{[]string{d + `; server_max_window_bits="1 0"`}, bad, 0},
		{[]string{d + `; server_max_window_bits="10\`}, bad, 0},
		{[]string{d + `; server_max_window_bits=10"`}, bad, 0},
		{[]string{d, "a b"}, bad, 0},
		{[]string{`foo; a="b,c;\"d", ` + d}, bad, 0}, // what a quoted string says is a token, too
		{[]string{"d\xc3\xa9flate"}, bad, 0},
	} {
		var r httpparse.Request
		fields := []string{}
		for _, offer := range c.offers {
			fields = append(fields, "Sec-WebSocket-Extensions: "+offer)
		}
		parseRequest(t, with(fields...), &r)
		var h Handshake
		status := Shake(&r, &Options{Compress: true}, &h)
		if isBad := c.want == bad; isBad != (status == 400) {
			t.Errorf("%q: status %d", c.offers, status)
			continue
		}
		if status != 101 {
			continue
		}
		if got := answeredExtensions(t, &h); got != c.want || h.Deflate.WindowBits != c.window || h.Deflate.On != (c.want != "") {
			t.Errorf("%q: %q %+v, want %q %d", c.offers, got, h.Deflate, c.want, c.window)
		}
		if status := Shake(&r, &Options{}, &h); status != 101 || h.Deflate.On {
			t.Errorf("%q without compression: %d %+v", c.offers, status, h.Deflate)
		}
	}
}
