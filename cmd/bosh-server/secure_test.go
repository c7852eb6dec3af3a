package main

import (
	"strings"
	"testing"
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
	} {
		if _, err := parse(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.args, err, c.want)
		}
	}
}

// securityOf is what a command line comes to.
func securityOf(t *testing.T, args ...string) (*settings, error) {
	t.Helper()
	s, err := parse(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.secure.config(nil, s.addresses)
	return s, err
}

func TestSecureFilesThatCantBeUsed(t *testing.T) {
	if _, err := securityOf(t, "--tls-port=0", "--tls-cert=missing", "--tls-key=missing"); err == nil || !strings.Contains(err.Error(), "--tls-cert") {
		t.Errorf("missing files: %v", err)
	}
}
