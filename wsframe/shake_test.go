package wsframe

import (
	"bufio"
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"go-xmpp-bosh/httpparse"
)

// The key and the answer to it of RFC 6455 §1.3.
const (
	sampleKey    = "dGhlIHNhbXBsZSBub25jZQ=="
	sampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// usual are the fields of an upgrade that asks for nothing else.
var usual = []string{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + sampleKey}

var chromium = append(slices.Clone(usual), "Origin: http://example.com", "Sec-WebSocket-Protocol: xmpp",
	"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")

// request is a request for an upgrade with those fields.
func request(fields ...string) string {
	return "GET /ws/ HTTP/1.1\r\nHost: example.com\r\n" + strings.Join(fields, "\r\n") + "\r\n\r\n"
}

// with are the usual fields and others.
func with(fields ...string) string { return request(append(slices.Clone(usual), fields...)...) }

// instead are the usual fields but for one, which is left out or exchanged.
func instead(name string, fields ...string) string {
	return request(append(slices.DeleteFunc(slices.Clone(usual), func(f string) bool { return strings.HasPrefix(f, name+":") }), fields...)...)
}

func parseRequest(t testing.TB, raw string, r *httpparse.Request) {
	t.Helper()
	var p httpparse.Parser
	if n, status := p.Parse(&httpparse.DefaultLimits, []byte(raw), r); status != httpparse.StatusOK || n != len(raw) {
		t.Fatalf("%q: status %d, %d bytes", raw, status, n)
	}
}

func TestShake(t *testing.T) {
	key := "Sec-WebSocket-Key"
	protocol := "Sec-WebSocket-Protocol: "
	for _, c := range []struct {
		name   string
		raw    string
		status int
	}{
		{"the usual", with(), 101},
		{"Chromium", request(chromium...), 101},
		{"Firefox", instead("Connection", "Connection: keep-alive, Upgrade"), 101},
		{"names in another letter case", request("UPGRADE: WebSocket", "connection: upgrade", "sec-websocket-version: 13", "SEC-WEBSOCKET-KEY: "+sampleKey), 101},
		{"another protocol beside it", instead("Upgrade", "Upgrade: h2c, websocket"), 101},

		{"no Upgrade", instead("Upgrade"), 400},
		{"another Upgrade", instead("Upgrade", "Upgrade: h2c"), 400},
		{"no Connection", instead("Connection"), 400},
		{"Connection without upgrade", instead("Connection", "Connection: keep-alive"), 400},
		{"POST", strings.Replace(with("Content-Length: 0"), "GET", "POST", 1), 400},
		{"HTTP/1.0", strings.Replace(with(), "HTTP/1.1", "HTTP/1.0", 1), 400},

		{"no key", instead(key), 400},
		{"two keys", with(key + ": " + sampleKey), 400},
		{"an empty key", instead(key, key+":"), 400},
		{"a short key", instead(key, key+": dGhlIHNhbXBsZSBub25j"), 400},
		{"a long key", instead(key, key+": dGhlIHNhbXBsZSBub25jZWVlZWVl"), 400},
		{"a key of 17 bytes", instead(key, key+": dGhlIHNhbXBsZSBub25jZWU="), 400},
		{"a key of 18 bytes", instead(key, key+": dGhlIHNhbXBsZSBub25jZWVl"), 400},
		{"a key that isn't base64", instead(key, key+": dGhlIHNhbXBsZSBub25jZ!=="), 400},
		{"a key with white space inside", instead(key, key+": dGhlIHNhbXBs SBub25jZQ=="), 400},
		{"the key as a list", instead(key, key+": "+sampleKey+", "+sampleKey), 400},

		{"no version", instead("Sec-WebSocket-Version"), 400},
		{"version 8", instead("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8"), 426},
		{"version 14", instead("Sec-WebSocket-Version", "Sec-WebSocket-Version: 14"), 426},
		{"version 013", instead("Sec-WebSocket-Version", "Sec-WebSocket-Version: 013"), 426},
		{"a list of versions", instead("Sec-WebSocket-Version", "Sec-WebSocket-Version: 13, 8"), 426},
		{"two versions", with("Sec-WebSocket-Version: 13"), 400},
		{"version 8 and no key", request("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 8"), 426},

		{"xmpp", with(protocol + "xmpp"), 101},
		{"xmpp among others", with(protocol + "mqtt, xmpp"), 101},
		{"xmpp in a second field", with(protocol+"mqtt", protocol+"xmpp"), 101},
		{"an empty list", with(protocol), 101},
		{"others only", with(protocol + "mqtt, soap"), 400},
		{"XMPP", with(protocol + "XMPP"), 400},
		{"xmpp-framing", with(protocol + "xmpp-framing"), 400},
		{"no list", with(protocol + "xmpp soap"), 400},
		{"no token", with(protocol + `"xmpp"`), 400},
	} {
		var r httpparse.Request
		parseRequest(t, c.raw, &r)
		var h Handshake
		status := Shake(&r, &Options{Subprotocol: "xmpp", Compress: true}, &h)
		if status != c.status {
			t.Errorf("%s: status %d, want %d", c.name, status, c.status)
		}
		if status != 101 {
			continue
		}
		if string(h.Accept[:]) != sampleAccept {
			t.Errorf("%s: accept %q", c.name, h.Accept)
		}
		if want := strings.Contains(c.raw, "xmpp"); h.Subprotocol != want {
			t.Errorf("%s: subprotocol %v, want %v", c.name, h.Subprotocol, want)
		}
	}
}

// FuzzShake: whatever the fields say, the answer is one head that net/http reads, and says no more than what was offered.
func FuzzShake(f *testing.F) {
	f.Add("xmpp", "permessage-deflate; client_max_window_bits", sampleKey)
	f.Add("a, xmpp", `permessage-deflate; server_max_window_bits="1\0", x;y=z`, sampleKey)
	f.Add("", `;;,="\`, "x")
	f.Fuzz(func(t *testing.T, protocols, extensions, key string) {
		r := httpparse.Request{Method: httpparse.GET, Minor: 1, Upgrade: true, Fields: []httpparse.Field{
			{Name: []byte("Upgrade"), Value: []byte("websocket")},
			{Name: []byte("Sec-WebSocket-Version"), Value: []byte("13")},
			{Name: []byte("Sec-WebSocket-Key"), Value: []byte(key)},
			{Name: []byte("Sec-WebSocket-Protocol"), Value: []byte(protocols)},
			{Name: []byte("Sec-WebSocket-Extensions"), Value: []byte(extensions)},
		}}
		var h Handshake
		switch status := Shake(&r, &Options{Subprotocol: "xmpp", Compress: true}, &h); status {
		case 101:
		case 400:
			return
		default:
			t.Fatalf("status %d", status)
		}
		raw := h.AppendResponse(nil, httpparse.Field{Name: []byte("X-Text"), Value: []byte(protocols)})
		b := bufio.NewReader(bytes.NewReader(raw))
		answer, err := http.ReadResponse(b, nil)
		if err != nil || answer.StatusCode != 101 || b.Buffered() > 0 {
			t.Fatalf("%v, %d bytes left: %q", err, b.Buffered(), raw)
		}
		if got := answer.Header.Get("Sec-WebSocket-Protocol"); got != "" && !strings.Contains(protocols, got) {
			t.Errorf("selected %q of %q", got, protocols)
		}
		got := answer.Header.Get("Sec-WebSocket-Extensions")
		if lower := strings.ToLower(extensions); got != "" && !strings.Contains(lower, extension) ||
			strings.Contains(got, clientBits) && !strings.Contains(lower, clientBits) {
			t.Errorf("agreed to %q of %q", got, extensions)
		}
		if d := h.Deflate; d.On != (got != "") || d.On && (d.WindowBits < windowBitsMin || d.WindowBits > windowBitsMax) {
			t.Errorf("%+v with %q", d, got)
		}
	})
}
