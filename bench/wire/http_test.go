package wire

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"testing"
)

func TestCutAnswer(t *testing.T) {
	for _, test := range []struct {
		in     string
		status int
		body   string
	}{
		{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", 200, "body"},
		{"HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length:  11\r\nX: y\r\n\r\nhello world", 200, "hello world"},
		{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, ""},
		{"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", 101, ""},
	} {
		in := []byte(test.in)
		for n := range in {
			if a, err := CutAnswer(in[:n:n]); err != nil || a.Bytes != 0 {
				t.Errorf("%q: cut %d bytes, %v", in[:n], a.Bytes, err)
			}
		}
		a, err := CutAnswer(append(in, "HTTP/1.1 500"...))
		if err != nil || a.Status != test.status || string(a.Body) != test.body || a.Bytes != len(test.in) {
			t.Errorf("%q: %+v, %v", test.in, a, err)
		}
	}
}

func TestCutAnswerRefuses(t *testing.T) {
	for _, in := range []string{
		"nonsense that is long enough\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
	} {
		if a, err := CutAnswer([]byte(in)); err == nil {
			t.Errorf("%q: %+v", in, a)
		}
	}
}

func TestPosterIsUnderstood(t *testing.T) {
	b := NewPoster("/http-bind/", "localhost").Append(nil, []byte("<body/>"))
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || string(body) != "<body/>" || r.Method != "POST" || r.URL.Path != "/http-bind/" || r.Host != "localhost" {
		t.Errorf("%v %v %v %q %v", r.Method, r.URL, r.Host, body, err)
	}
}
