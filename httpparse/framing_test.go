package httpparse

import "testing"

// RFC 9112 §6 message body.
var framingFaults = []fault{
	{"§6.1 Transfer-Encoding and Content-Length", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
	{"§6.1 Content-Length and Transfer-Encoding", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"§6.1 both, the length zero", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"§6.1 Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"§6.1 an unknown coding before chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
	{"§6.1 the same on two lines", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
	{"§6.3 an unknown coding alone", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
	{"§6.3 identity", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", 400},
	{"§6.3 chunked, then another", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400},
	{"§6.3 the same on two lines", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400},
	{"§6.1 chunked twice", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
	{"§6.1 chunked on two lines", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"§7.1 chunked with a parameter", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n", 400},
	{"a coding like chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
	{"chunked in quotes", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400},
	{"chunked and a vertical tab", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400},
	{"chunked and a no-break space", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \xa0chunked\r\n\r\n0\r\n\r\n", 400},
	{"an empty coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n\r\n", 400},
	{"a list of one and nothing", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n", 501},
	{"§6.3 two lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400},
	{"§6.3 two equal lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nxx", 400},
	{"§6.3 a list of lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2, 2\r\n\r\nxx", 400},
	{"9110 §8.6 a plus sign", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +2\r\n\r\nxx", 400},
	{"9110 §8.6 a minus sign", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -2\r\n\r\nxx", 400},
	{"9110 §8.6 hexadecimal", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x2\r\n\r\nxx", 400},
	{"9110 §8.6 a fraction", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2.0\r\n\r\nxx", 400},
	{"9110 §8.6 a space inside", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1 2\r\n\r\nxx", 400},
	{"9110 §8.6 no digit", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\nxx", 400},
	{"9110 §8.6 a digit beyond ASCII", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \xd9\xa2\r\n\r\nxx", 400},
	{"a length over the limit", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n\r\n", 413},
	{"a length of 2^64+2", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551618\r\n\r\nxx", 413},
	{"a length of 2^32+2", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4294967298\r\n\r\nxx", 413},
	{"HTTP/1.0, a length over the limit", "POST / HTTP/1.0\r\nContent-Length: 100001\r\n\r\n", 413},
}

func TestFramingFaults(t *testing.T) { testFaults(t, framingFaults) }

func TestContentLength(t *testing.T) {
	for _, c := range []struct{ head, body string }{
		{"GET / HTTP/1.1\r\nHost: h\r\n\r\n", ""}, // RFC 9112 §6.3: no field, no body
		{"POST / HTTP/1.1\r\nHost: h\r\n\r\n", ""},
		{"POST / HTTP/1.0\r\n\r\n", ""},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", ""},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n", "abc"},
		{"POST / HTTP/1.1\r\nHost: h\r\ncOnTeNt-LeNgTh:0000000003 \r\n\r\n", "\r\n\x00"},
		{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n", "abc"},
		{"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n", "abc"},
		// COMPAT: libpurple sends a media type in Content-Encoding; it is a field like others.
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: text/xml; charset=utf-8\r\nContent-Length: 3\r\n\r\n", "abc"},
	} {
		r := mustParse(t, c.head+c.body)
		if string(r.Body) != c.body || r.HeadBytes != len(c.head) {
			t.Errorf("%q: body %q behind %d bytes", c.head, r.Body, r.HeadBytes)
		}
	}
}

func TestLengthOfLimitIsAllowed(t *testing.T) {
	lim := Limits{HeadBytes: 100, BodyBytes: 4, Fields: 2}
	if o := parse(t, &lim, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd"); o.status != StatusOK {
		t.Errorf("status %d", o.status)
	}
	if o := parse(t, &lim, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde"); o.status != StatusContentTooLarge {
		t.Errorf("status %d", o.status)
	}
}

// RFC 9112 §9.3 persistence, RFC 9110 §7.8 upgrade.
func TestConnection(t *testing.T) {
	for _, c := range []struct {
		version, fields string
		keep, upgrade   bool
	}{
		{"1.1", "", true, false},
		{"1.1", "Connection: close\r\n", false, false},
		{"1.1", "Connection: keep-alive\r\n", true, false},
		{"1.1", "Connection: x , CLOSE,y\r\n", false, false},
		{"1.1", "Connection: x\r\nConnection: close\r\n", false, false},
		{"1.1", "Connection: closed\r\n", true, false},
		{"1.1", "Connection: keep-alive, close\r\n", false, false},
		{"1.1", "Proxy-Connection: close\r\n", true, false},
		{"1.0", "", false, false},
		{"1.0", "Connection: Keep-Alive\r\n", true, false},
		{"1.0", "Connection: keep-alive, close\r\n", false, false},
		{"1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n", true, true},
		{"1.1", "Connection: keep-alive, upgrade\r\nUpgrade: websocket\r\n", true, true},
		{"1.1", "Upgrade: websocket\r\n", true, false},
		{"1.1", "Connection: upgrade\r\n", true, false},
		{"1.0", "Connection: Upgrade\r\nUpgrade: websocket\r\n", false, false},
	} {
		r := mustParse(t, "GET / HTTP/"+c.version+"\r\nHost: h\r\n"+c.fields+"\r\n")
		if r.KeepAlive != c.keep || r.Upgrade != c.upgrade {
			t.Errorf("HTTP/%s %q: keep-alive %v, upgrade %v", c.version, c.fields, r.KeepAlive, r.Upgrade)
		}
	}
}

// RFC 9110 §10.1.1.
var expectFaults = []fault{
	{"§10.1.1 another expectation", "POST / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nContent-Length: 0\r\n\r\n", 417},
	{"§10.1.1 another beside it", "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue, miracles\r\nContent-Length: 0\r\n\r\n", 417},
	{"§10.1.1 another on a line of its own", "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nExpect: miracles\r\nContent-Length: 0\r\n\r\n", 417},
	{"§10.1.1 an empty one", "POST / HTTP/1.1\r\nHost: h\r\nExpect:\r\nContent-Length: 0\r\n\r\n", 417},
	{"a body over the limit comes first", "POST / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nContent-Length: 100001\r\n\r\n", 413},
}

func TestExpectFaults(t *testing.T) { testFaults(t, expectFaults) }

func TestExpect(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want bool
	}{
		{"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx", true},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", false},
		{"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx", false}, // ignored in HTTP/1.0
		{"POST / HTTP/1.0\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\nx", false},
	} {
		if r := mustParse(t, c.raw); r.Expect100 != c.want {
			t.Errorf("%q: expects 100: %v", c.raw, r.Expect100)
		}
	}
}
