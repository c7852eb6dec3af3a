package httpparse

import "testing"

// RFC 9112 §3.2 request target and Host; RFC 9110 §4.2 URIs, §7.2 Host.
var targetFaults = []fault{
	{"§3.2 a relative path", "GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2 a fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2 a control character", "GET /a\x01b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2 a NUL", "GET /a\x00b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2 DEL", "GET /a\x7fb HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2 a tab", "GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2.2 another scheme", "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2.2 no slashes", "GET http:/x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"9110 §4.2.1 an empty host", "GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"9110 §4.2.1 a port alone", "GET http://:80/x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"9110 §4.2.4 a user", "GET http://u:p@h/x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2.3 a tunnel", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 501},
	{"§3.2.3 an authority without CONNECT", "GET h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2.4 an asterisk without OPTIONS", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2.4 more than an asterisk", "OPTIONS *x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2 no Host in HTTP/1.1", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 400},
	{"§3.2 no field at all in HTTP/1.1", "GET / HTTP/1.1\r\n\r\n", 400},
	{"§3.2.2 no Host, but an absolute target", "GET http://h/ HTTP/1.1\r\n\r\n", 400},
	{"§3.2 two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
	{"§3.2 two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400},
	{"§3.2 two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
	{"9110 §7.2 a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
	{"9110 §7.2 a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
	{"9110 §7.2 a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
	{"9110 §7.2 a port that is no number", "GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", 400},
	{"9110 §7.2 two ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n", 400},
	{"9110 §7.2 an open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
	{"9110 §7.2 empty brackets", "GET / HTTP/1.1\r\nHost: []\r\n\r\n", 400},
	{"9110 §7.2 text behind the brackets", "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", 400},
}

func TestTargetFaults(t *testing.T) { testFaults(t, targetFaults) }

func TestTarget(t *testing.T) {
	for _, c := range []struct{ line, path, query, host string }{
		{"GET /", "/", "", "field"},
		{"GET /a/b?c=d?e&f/g", "/a/b", "c=d?e&f/g", "field"}, // RFC 3986 §3.4
		{"GET /a?", "/a", "", "field"},
		{"GET //a", "//a", "", "field"},
		{"GET /http://x/", "/http://x/", "", "field"},
		{"GET /%61/../b", "/%61/../b", "", "field"},
		{"GET /?<body>{|}^`\"\\\xc3\xa9", "/", "<body>{|}^`\"\\\xc3\xa9", "field"},
		{"GET http://h/a?b", "/a", "b", "h"}, // RFC 9112 §3.2.2: it outranks the field
		{"GET HTTPS://H:443/", "/", "", "H:443"},
		{"GET http://[2001:db8::1]:80/", "/", "", "[2001:db8::1]:80"},
		{"GET http://h", "/", "", "h"},
		{"GET http://h?x", "/", "x", "h"},
		{"OPTIONS http://h", "*", "", "h"}, // RFC 9112 §3.2.4
		{"OPTIONS http://h?x", "/", "x", "h"},
		{"OPTIONS *", "*", "", "field"},
	} {
		r := mustParse(t, c.line+" HTTP/1.1\r\nHost: field\r\n\r\n")
		if string(r.Path) != c.path || string(r.Query) != c.query || string(r.Host) != c.host {
			t.Errorf("%s: path %q, query %q, host %q", c.line, r.Path, r.Query, r.Host)
		}
	}
}

func TestHost(t *testing.T) {
	for _, host := range []string{"", "h", "h:", "h:80", ":80", "a.b-c_d~e", "127.0.0.1:5280", "[::1]", "[fe80::a.b]:1", "a%20b", "a,b"} {
		r := mustParse(t, "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
		if string(r.Host) != host || r.Host == nil {
			t.Errorf("host %q, want %q", r.Host, host)
		}
	}
	if r := mustParse(t, "GET / HTTP/1.0\r\n\r\n"); r.Host != nil {
		t.Errorf("host %q where none was sent", r.Host)
	}
}
