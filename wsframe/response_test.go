package wsframe

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"

	"go-xmpp-bosh/httpparse"
)

func TestAppendResponse(t *testing.T) {
	var r httpparse.Request
	parseRequest(t, request(chromium...), &r)
	var h Handshake
	if status := Shake(&r, &Options{Subprotocol: "xmpp", Compress: true}, &h); status != 101 {
		t.Fatal(status)
	}
	got := h.AppendResponse([]byte("before"), httpparse.Field{Name: []byte("X-One"), Value: []byte("a\r\nb\x00\tc\x7f")})
	want := "beforeHTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + sampleAccept +
		"\r\nSec-WebSocket-Protocol: xmpp\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=15\r\n" +
		"X-One: a  b \tc \r\n\r\n"
	if string(got) != want {
		t.Errorf("%q\nwant %q", got, want)
	}

	parseRequest(t, with(), &r)
	if status := Shake(&r, &Options{Subprotocol: "xmpp", Compress: true}, &h); status != 101 {
		t.Fatal(status)
	}
	want = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + sampleAccept + "\r\n\r\n"
	if got := h.AppendResponse(nil); string(got) != want {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// answeredExtensions is the field of the answer.
func answeredExtensions(t *testing.T, h *Handshake) string {
	t.Helper()
	answer, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(h.AppendResponse(nil))), nil)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Header.Get("Sec-WebSocket-Extensions")
}
