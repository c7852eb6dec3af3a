package demo

import (
	"strings"
	"testing"
)

func TestParseJID(t *testing.T) {
	for in, want := range map[string]jid{
		"localhost":            {"", "localhost", ""},
		"Alice@LocalHost":      {"alice", "localhost", ""},
		"alice@localhost/A@/b": {"alice", "localhost", "A@/b"},
		"localhost/x":          {"", "localhost", "x"},
		"ünï@localhost/😀 x":    {"ünï", "localhost", "😀 x"},
	} {
		got, ok := parseJID(in)
		if got != want || !ok {
			t.Errorf("parseJID(%q) = %#v, %v", in, got, ok)
		}
		if again, ok := parseJID(got.String()); again != got || !ok {
			t.Errorf("%q became %#v, %v", got.String(), again, ok)
		}
	}
	long := strings.Repeat("x", jidPartBytesMax+1)
	for _, in := range []string{
		"", "@localhost", "alice@", "alice@localhost/", "a b@localhost", "a@b@c", "a'@localhost", "a@local host",
		"a@localhost/\x00", "a\u2003b@localhost", "/x", long, long + "@localhost", "localhost/" + long,
	} {
		if got, ok := parseJID(in); ok {
			t.Errorf("parseJID(%q) = %#v", in, got)
		}
	}
}
