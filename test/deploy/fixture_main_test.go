//go:build integration && linux

package deploy

import (
	"testing"

	"go-xmpp-bosh/test/parts"
)

// serverBinary is the bosh-server under test.
var serverBinary string

func TestMain(m *testing.M) {
	parts.Main(m, func(dir string) (err error) {
		serverBinary, err = parts.Server(dir)
		return err
	})
}
