package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go-xmpp-bosh/proxy"
)

func TestSecureSettingsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--tls-port=65536", "--tls-cert=a", "--tls-key=b"}, "0 (a free one) to 65535"},
		{[]string{"--tls-port=1"}, "give --tls-cert and --tls-key too"},
		{[]string{"--tls-cert=a", "--tls-key=b"}, "give --tls-port too"},
		{[]string{"--tls-port=1", "--tls-cert=a"}, "each certificate needs its key"},
		{[]string{"--tls-port=1", "--tls-cert=a", "--tls-key=b", "--tls-key=c"}, "1 --tls-cert and 2 --tls-key"},
		{[]string{"--proxy-protocol"}, "give --trusted-proxies too"},
		{[]string{"--backend-tls=yes"}, "one of auto, require, offer, off"},
	} {
		if _, err := parse(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.args, err, c.want)
		}
	}
}

// configOf is what a command line comes to.
func configOf(t *testing.T, args ...string) (proxy.Config, error) {
	t.Helper()
	s, err := parse(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	return s.proxyConfig(nil)
}

func TestSecureConfig(t *testing.T) {
	c, err := configOf(t)
	if err != nil || c.ListenTLS != nil || c.Certificates != nil || c.BackendTLS != proxy.BackendTLSAuto || c.RootCAs != nil || c.NoTLSDomains.Has("a.example") {
		t.Errorf("the defaults: %+v, %v", c, err)
	}
	c, err = configOf(t, "--backend_tls=off", "--no_tls_domains=a.example, *.b.example", "--no-tls-domains=c.example")
	if err != nil || c.BackendTLS != proxy.BackendTLSOff {
		t.Errorf("%+v, %v", c, err)
	}
	for domain, want := range map[string]bool{"a.example": true, "x.b.example": true, "c.example": true, "b.example": false} {
		if c.NoTLSDomains.Has(domain) != want {
			t.Errorf("%s: %v", domain, !want)
		}
	}
}

func TestSecureSettingsThatCantBeUsed(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--tls-port=0", "--tls-cert=missing", "--tls-key=missing"}, "--tls-cert: certificate missing"},
		{[]string{"--backend-ca=missing"}, "--backend-ca: open missing"},
		{[]string{"--backend-ca=" + empty}, "no certificate in it; want PEM"},
		{[]string{"--no-tls-domains=a b"}, "--no-tls-domains=a b"},
		{[]string{"--backend=a.example=127.0.0.1:1,proxies"}, ",proxy for a PROXY protocol header"},
		{[]string{"--trusted-proxies=10.0.0.0/8,"}, "want an address or a network"},
		{[]string{"--trusted-proxies=::ffff:10.0.0.1"}, "want an address or a network"},
		{[]string{"--firewall-allow="}, "--firewall-allow=: "},
		{[]string{"--firewall-deny=/(/"}, "--firewall-deny=/(/: "},
		{[]string{"--route-filter=("}, "--route-filter=(: "},
	} {
		if _, err := configOf(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.args, err, c.want)
		}
	}
}
