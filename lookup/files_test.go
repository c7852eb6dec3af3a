package lookup

import (
	"fmt"
	"testing"
)

func TestParseResolvConf(t *testing.T) {
	for in, want := range map[string]string{
		"": "[127.0.0.1:53]",
		"# x\nsearch a.example\nnameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver nonsense\n": "[192.0.2.1:53 [2001:db8::1]:53]",
		"nameserver fe80::1%eth0\noptions timeout:1\n":                                               "[[fe80::1%eth0]:53]",
	} {
		if got := fmt.Sprint(ParseResolvConf([]byte(in))); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestParseServer(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.1": "192.0.2.1:53", "192.0.2.1:5353": "192.0.2.1:5353", "2001:db8::1": "[2001:db8::1]:53", "[2001:db8::1]": "[2001:db8::1]:53",
		"[2001:db8::1]:54": "[2001:db8::1]:54",
		"":                 "", "dns.example": "", "192.0.2.1:": "", "192.0.2.1:0": "", "192.0.2.1:99999": "", ":53": "",
	} {
		got, err := ParseServer(in)
		if (err == nil) != (want != "") || err == nil && got.String() != want {
			t.Errorf("%q: %v, %v, want %q", in, got, err, want)
		}
	}
}
