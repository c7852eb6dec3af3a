package httpparse

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

const someDate = "Sun, 06 Nov 1994 08:49:37 GMT"

func TestHead(t *testing.T) {
	fields := []Field{{[]byte("Content-Type"), []byte("text/xml; charset=utf-8")}, {[]byte("X"), nil}}
	const start, date, lines = "HTTP/1.1 200 OK\r\n", "Date: " + someDate + "\r\n", "Content-Type: text/xml; charset=utf-8\r\nX: \r\n"
	for _, c := range []struct {
		name   string
		status int
		length int
		keep   bool
		minor  int
		want   string
	}{
		{"HTTP/1.1", 200, 12, true, 1, start + date + lines + "Content-Length: 12\r\n\r\n"},
		{"HTTP/1.1 that ends", 200, 0, false, 1, start + date + lines + "Content-Length: 0\r\nConnection: close\r\n\r\n"},
		{"HTTP/1.0", 200, 3, false, 0, start + date + lines + "Content-Length: 3\r\nConnection: close\r\n\r\n"},
		{"HTTP/1.0 that stays", 200, 3, true, 0, start + date + lines + "Content-Length: 3\r\nConnection: keep-alive\r\n\r\n"},
		{"no length", 200, -1, false, 1, start + date + lines + "Connection: close\r\n\r\n"},
		{"204 has no length", 204, 0, true, 1, "HTTP/1.1 204 No Content\r\n" + date + lines + "\r\n"},
		{"101 has no length", 101, 0, true, 1, "HTTP/1.1 101 Switching Protocols\r\n" + date + lines + "\r\n"},
		{"a status of nobody's", 299, 0, true, 1, "HTTP/1.1 299 " + StatusText(299) + "\r\n" + date + lines + "Content-Length: 0\r\n\r\n"},
	} {
		h := NewHead(c.status, fields)
		if got := string(h.Append([]byte("kept"), []byte(someDate), c.length, c.keep, c.minor)); got != "kept"+c.want {
			t.Errorf("%s: %q\nwant %q", c.name, got, c.want)
		}
	}
}

// A value that a client had its hand in can't end its line (RFC 9110 §5.5).
func TestHeadValueStaysOnItsLine(t *testing.T) {
	h := NewHead(200, []Field{{[]byte("A"), []byte("b\r\nSet-Cookie: c\x00\x7f\td\n\n")}})
	if got := string(h.Append(nil, []byte(someDate), 0, true, 1)); !strings.Contains(got, "A: b  Set-Cookie: c  \td  \r\n") {
		t.Errorf("%q", got)
	}
}

func TestHeadNamePanics(t *testing.T) {
	for _, name := range []string{"", "A B", "A:", "A\r\n", "\xc3"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was taken", name)
				}
			}()
			NewHead(200, []Field{{[]byte(name), nil}})
		}()
	}
}

// FuzzHead reads heads back with net/http.
func FuzzHead(f *testing.F) {
	f.Add(200, "Content-Type", "text/xml; charset=utf-8", []byte("<body/>"), true, 1)
	f.Add(413, "X", " a\r\nb\x00 ", []byte{}, false, 0)
	f.Add(101, "Upgrade", "websocket", []byte(nil), true, 1)
	f.Add(204, "Allow", "", []byte("x"), true, 0)
	f.Fuzz(func(t *testing.T, status int, name, value string, body []byte, keep bool, minor int) {
		if status < 101 || status > 599 || !isFieldName(name) {
			return
		}
		switch http.CanonicalHeaderKey(name) {
		case "Date", "Content-Length", "Connection", "Transfer-Encoding", "Trailer":
			return // not the caller's to give, or changing what net/http does
		}
		h := NewHead(status, []Field{{[]byte(name), []byte(value)}})
		wire := append(h.Append(nil, []byte(someDate), len(body), keep, minor), body...)
		r, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(wire)), nil)
		if err != nil {
			t.Fatalf("%q: %v", wire, err)
		}
		defer r.Body.Close()
		hasBody := status >= 200 && status != 204 && status != 304
		got, err := io.ReadAll(r.Body)
		if hasBody && (err != nil || !bytes.Equal(got, body) || r.ContentLength != int64(len(body))) {
			t.Errorf("%q: body %q, %v", wire, got, err)
		}
		if r.StatusCode != status || r.Header.Get("Date") != someDate || r.ProtoMinor != 1 {
			t.Errorf("%q: %+v", wire, r)
		}
		clean := strings.Map(func(c rune) rune {
			if c < 0x20 && c != '\t' || c == 0x7f {
				return ' '
			}
			return c
		}, value)
		if len(r.Header[http.CanonicalHeaderKey(name)]) != 1 || r.Header.Get(name) != strings.Trim(clean, " \t") && strings.ToValidUTF8(value, "") == value {
			t.Errorf("%q: field %q", wire, r.Header[http.CanonicalHeaderKey(name)])
		}
		if r.Close != !keep {
			t.Errorf("%q: close %v", wire, r.Close)
		}
		if lines := strings.Count(string(wire[:len(wire)-len(body)]), "\r\n"); lines > 7 {
			t.Errorf("%q has %d lines", wire, lines)
		}
	})
}

func isFieldName(name string) bool {
	for i := range len(name) {
		if chars[name[i]]&charToken == 0 {
			return false
		}
	}
	return name != ""
}
