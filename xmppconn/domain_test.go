package xmppconn

import (
	"strings"
	"testing"
)

func TestParseDomain(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, test := range []struct{ domain, want string }{
		{"example.org", "example.org"},
		{"Example.ORG.", "example.org"},
		{"localhost", "localhost"},
		{"my_service", "my_service"},
		{"_xmpp.example", "_xmpp.example"},
		{"a-b.example", "a-b.example"},
		{"1und1.example", "1und1.example"},
		{"3com.com", "3com.com"},
		{"xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"bücher.example", "xn--bcher-kva.example"},
		{"BÜCHER.example", "xn--bcher-kva.example"},
		{"例え.テスト", "xn--r8jz45g.xn--zckzah"},
		{"l·l.cat", "xn--ll-0ea.cat"},
		{"\u212A.example", "k.example"}, // the Kelvin sign is lowered to an ASCII letter
		{"127.0.0.1", "127.0.0.1"},
		{"[::1]", "::1"},
		{"[2001:DB8:0::1]", "2001:db8::1"},
		{"[::ffff:10.0.0.1]", "::ffff:10.0.0.1"},
		{long + "." + long + "." + long + "." + long[:61], long + "." + long + "." + long + "." + long[:61]},

		{"", ""},
		{".", ""},
		{".example", ""},
		{"a..b", ""},
		{"example..", ""},
		{"user@example.org", ""},
		{"example.org/res", ""},
		{"example.org:5222", ""},
		{"exa mple", ""},
		{"exam'ple", ""},
		{"<a>", ""},
		{"a&b", ""},
		{"-a.example", ""},
		{"a-.example", ""},
		{"a%41", ""},
		{"a\x00b", ""},
		{"a\xffb", ""},
		{"a\u200bb.example", ""}, // zero-width space: no letter
		{"a\u3002example", ""},   // an ideographic full stop separates nothing
		{"😀.example", ""},
		{"256.1.1.1", ""},
		{"1.2.3", ""},
		{"127.1", ""},
		{"0x7f.0x1", ""},
		{"127.0.0.01", ""},
		{"2130706433", ""},
		{"0x7f000001", ""},
		{"::1", ""},
		{"[::1", ""},
		{"[]", ""},
		{"[", ""},
		{"[127.0.0.1]", ""},
		{"[fe80::1%eth0]", ""},
		{"[::1]x", ""},
		{long + "a.example", ""},
		{long + "." + long + "." + long + "." + long, ""},
		{strings.Repeat("ü", 64) + ".example", ""},
		{strings.Repeat("a.", 600), ""},
	} {
		got, ok := ParseDomain(test.domain)
		if plain, _ := parseName(test.domain); isPlainName(test.domain) && plain != test.domain {
			t.Errorf("%q is taken as it is, and should be %q", test.domain, plain)
		}
		if got != test.want || ok != (test.want != "") {
			t.Errorf("ParseDomain(%q) = %q, %v, want %q", test.domain, got, ok, test.want)
		}
		if again, ok := ParseDomain(got); ok && !strings.Contains(got, ":") && again != got {
			t.Errorf("ParseDomain(%q) = %q is read as %q", test.domain, got, again)
		}
	}
}

func FuzzParseDomain(f *testing.F) {
	for _, s := range []string{"example.org", "bücher.example", "[::1]", "127.0.0.1", "例え.テスト.", "a..b", "0x7f.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ascii, ok := ParseDomain(s)
		if plain, _ := parseName(s); isPlainName(s) && (plain != s || ascii != s) {
			t.Errorf("%q is taken as it is, and should be %q", s, plain)
		}
		if !ok {
			if ascii != "" {
				t.Errorf("ParseDomain(%q) refuses and gives %q", s, ascii)
			}
			return
		}
		if len(ascii) > nameBytesMax {
			t.Errorf("ParseDomain(%q) gives %d bytes", s, len(ascii))
		}
		if strings.Trim(ascii, "abcdefghijklmnopqrstuvwxyz0123456789-_.:") != "" {
			t.Errorf("ParseDomain(%q) = %q", s, ascii)
		}
		in := ascii
		if strings.Contains(ascii, ":") {
			in = "[" + ascii + "]"
		}
		if again, ok := ParseDomain(in); !ok || again != ascii {
			t.Errorf("ParseDomain(%q) = %q is read as %q, %v", s, ascii, again, ok)
		}
	})
}
