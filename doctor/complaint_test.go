package doctor

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

// A line of the log becomes one line for the operator, and stays with its session. What is no warning is nobody's.
func TestComplaints(t *testing.T) {
	var c complaints
	log := slog.New(&c)
	log.Warn("refused; either flag would permit it", "session", "one", "domain", "example.org", "flag", "--a=1", "or", "--b=2")
	log.Warn("failed", "session", "one", "last", "xmpp:h:1", "reason", errors.New("loop: TLS: tls: failed to verify certificate: x509: no\x1b[31mred"))
	log.Warn("cannot reach it", "session", "two", "reason", error(nil))
	log.Info("listening", "session", "two")
	want := []string{"refused; either flag would permit it: --a=1 or --b=2", `failed (no\x1b[31mred)`}
	if got := c.of("one"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := c.of("two"); !slices.Equal(got, []string{"cannot reach it"}) {
		t.Errorf("%q", got)
	}
	if got := c.of("three"); got != nil {
		t.Errorf("%q", got)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		`CN="a b", O=c\d`:        `CN="a b", O=c\d`,
		"a\nb\x1b]0;c\x07":       `a\nb\x1b]0;c\a`,
		"b\u00fccher\u202e":      `bücher\u202e`,
		"\xff":                   "?",
		strings.Repeat("x", 400): strings.Repeat("x", textBytesMax) + "…",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
