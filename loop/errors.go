package loop

import "errors"

var (
	// ErrTimeout ends a connection that was not established in the time Dial was given, or a closing one whose peer doesn't take the last output.
	ErrTimeout = errors.New("loop: time-out")

	// ErrStopped ends a connection that is dialled while the loop stops.
	ErrStopped = errors.New("loop: stopped")
)

// TLSError ends a connection whose TLS handshake or record layer failed. Err is what crypto/tls said (a *tls.CertificateVerificationError, an alert, …),
// ErrTimeout, ErrNotTLS, or io.ErrUnexpectedEOF.
type TLSError struct{ Err error }

func (e *TLSError) Error() string { return "loop: TLS: " + e.Err.Error() }

func (e *TLSError) Unwrap() error { return e.Err }

// ErrNotTLS is inside the TLSError of a connection that had clear text left when StartTLS was called: it came before the handshake and
// could have been put there by anyone.
var ErrNotTLS = errors.New("clear text before the handshake")
