package loop

import (
	"io"
	"net"
	"time"
)

// What crypto/tls sees of a connection. Nothing here blocks but a read during the handshake, which waits in handshake.read.

// errEmpty is the time-out that a read of nothing is. crypto/tls keeps its partial record and may be called again.
var errEmpty net.Error = emptyError{}

type emptyError struct{}

func (emptyError) Error() string   { return "nothing received yet" }
func (emptyError) Timeout() bool   { return true }
func (emptyError) Temporary() bool { return true }

func (s *session) Read(b []byte) (int, error) {
	if s.hs != nil {
		return s.hs.read(s, b)
	}
	if len(s.in) > 0 {
		n := copy(b, s.in)
		s.in = s.in[n:]
		return n, nil
	}
	if s.eof {
		return 0, io.EOF
	}
	return 0, errEmpty
}

func (s *session) Write(b []byte) (int, error) {
	if s.hs != nil {
		return s.hs.write(s, b)
	}
	if s.owner == nil {
		return 0, net.ErrClosed
	}
	s.owner.queue(b)
	s.owner.mark()
	return len(b), nil
}

func (s *session) Close() error { return nil }

func (s *session) LocalAddr() net.Addr { return &net.TCPAddr{} }

// RemoteAddr is what crypto/tls names a session by for which it has no server name.
func (s *session) RemoteAddr() net.Addr {
	if s.hs != nil && s.hs.remote != nil {
		return s.hs.remote
	}
	return &net.TCPAddr{}
}

func (s *session) SetDeadline(time.Time) error      { return nil }
func (s *session) SetReadDeadline(time.Time) error  { return nil }
func (s *session) SetWriteDeadline(time.Time) error { return nil }
