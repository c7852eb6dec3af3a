//go:build integration && linux

package integration

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	secureLine     = regexp.MustCompile(`msg=listening .*?address="?https://([^/\s"]+)`)
	settingsRead   = regexp.MustCompile(`settings read again`)
	badCertificate = regexp.MustCompile(`new TLS certificates can't be used`)
)

// TestReachHangup sends the command a real SIGHUP: clients that come later are shown the new certificate, those that
// are there stay, and a file that is broken changes nothing.
func TestReachHangup(t *testing.T) {
	t.Parallel()
	first, other, second := makeCertificates(t, "chat.test"), makeCertificates(t, "talk.test"), makeCertificates(t, "chat.test")
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag(), "--tls-port=0",
		"--tls-cert="+first.crt, "--tls-key="+first.key, "--tls-cert="+other.crt, "--tls-key="+other.key)
	stays := s.dialTLS(t, "chat.test", first.ca)
	wantOptions(t, s, stays)
	wantOptions(t, s, s.dialTLS(t, "talk.test", other.ca)) // chosen by SNI
	s.refusesTLS(t, "chat.test", second.ca)

	copyFile(t, first.crt, second.crt)
	copyFile(t, first.key, second.key)
	s.signal(t, syscall.SIGHUP)
	s.waitLine(t, settingsRead)
	wantOptions(t, s, s.dialTLS(t, "chat.test", second.ca))
	wantOptions(t, s, s.dialTLS(t, "talk.test", other.ca))
	s.refusesTLS(t, "chat.test", first.ca)
	wantOptions(t, s, stays)

	replaceFile(t, first.crt, []byte("no certificate"))
	s.signal(t, syscall.SIGHUP)
	s.waitLine(t, badCertificate)
	wantOptions(t, s, s.dialTLS(t, "chat.test", second.ca))
}

// secureAddr is where the server takes HTTPS.
func (s *server) secureAddr(t *testing.T) string {
	t.Helper()
	return s.waitLine(t, secureLine)[1]
}

func (s *server) tryTLS(t *testing.T, name, ca string) (*tls.Conn, error) {
	t.Helper()
	pem, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", s.secureAddr(t),
		&tls.Config{ServerName: name, RootCAs: roots, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { c.Close() })
	return c, c.SetDeadline(time.Now().Add(2 * patience))
}

// dialTLS connects to the server, whose certificate has to be for that name and from that authority.
func (s *server) dialTLS(t *testing.T, name, ca string) *tls.Conn {
	t.Helper()
	c, err := s.tryTLS(t, name, ca)
	if err != nil {
		t.Fatalf("TLS to %s: %v", name, err)
	}
	if state := c.ConnectionState(); state.Version != tls.VersionTLS13 || state.NegotiatedProtocol != "http/1.1" {
		t.Errorf("negotiated %s and %q, want TLS 1.3 and http/1.1", tls.VersionName(state.Version), state.NegotiatedProtocol)
	}
	return c
}

// refusesTLS checks that the certificate shown is not of that authority.
func (s *server) refusesTLS(t *testing.T, name, ca string) {
	t.Helper()
	_, err := s.tryTLS(t, name, ca)
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) {
		t.Errorf("TLS to %s: %v, want another authority's certificate", name, err)
	}
}

// wantOptions checks that a connection is good for requests.
func wantOptions(t *testing.T, s *server, c *tls.Conn) {
	t.Helper()
	if _, err := fmt.Fprintf(c, "OPTIONS %s HTTP/1.1\r\nHost: chat.test\r\n\r\n", s.path); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: http.MethodOptions})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode/100 != 2 {
		t.Errorf("an OPTIONS request over HTTPS is answered with %s, %v", r.Status, err)
	}
}

func copyFile(t *testing.T, to, from string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	replaceFile(t, to, content)
}

// readTo gives what comes up to a text.
func (c *httpConn) readTo(t *testing.T, text string) string {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for !strings.HasSuffix(got.String(), text) {
		b, err := c.r.ReadByte()
		if err != nil {
			t.Fatalf("got %q, want it to go on to %s: %v", got.String(), text, err)
		}
		got.WriteByte(b)
	}
	return got.String()
}
