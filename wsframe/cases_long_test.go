//go:build !race

package wsframe

import (
	"testing"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/wsframe/wscases"
)

// TestLongCases runs byte by byte the cases that TestCases leaves out.
func TestLongCases(t *testing.T) {
	pool := NewPool(new(buffer.Pool))
	for _, c := range wscases.All() {
		if len(c.Send) >= longBytes {
			t.Run(c.Name, func(t *testing.T) { runByByte(t, pool, &c) })
		}
	}
}
