//go:build !race

package wsconn

import (
	"testing"
	"unsafe"
)

// TestSize: what a session costs beside its socket and its stream.
func TestSize(t *testing.T) {
	if got := unsafe.Sizeof(Session{}); got > 224 {
		t.Errorf("a Session has %d bytes, want 224 at most", got)
	} else {
		t.Logf("a Session has %d bytes", got)
	}
}
