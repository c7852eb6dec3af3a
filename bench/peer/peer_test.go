package peer

import (
	"crypto/tls"
	"strings"
	"testing"
)

func TestCertificateIsGood(t *testing.T) {
	c, err := NewCertificate(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range [][2]string{{c.Cert, c.Key}, {c.Both, c.Both}} {
		if _, err := tls.LoadX509KeyPair(files[0], files[1]); err != nil {
			t.Error(err)
		}
	}
}

func TestUnknownServer(t *testing.T) {
	if why := Missing("openfire"); !strings.Contains(why, "no such server") {
		t.Errorf("%q", why)
	}
	if _, err := Start("openfire", Setting{Dir: t.TempDir()}); err == nil {
		t.Error("started")
	}
	if Missing(Ours) != "" {
		t.Error("ours needs nothing")
	}
}

func TestFreePortsDiffer(t *testing.T) {
	ports, err := freePorts(3)
	if err != nil || len(ports) != 3 || ports[0] == ports[1] || ports[1] == ports[2] {
		t.Errorf("%v, %v", ports, err)
	}
}
