package doctor

import (
	"strings"
	"testing"
	"time"
)

func TestConcerns(t *testing.T) {
	day := 24 * time.Hour
	cert := func(behind, left time.Duration) *TLS {
		now := time.Now()
		return &TLS{Certificate: &Certificate{From: now.Add(-behind), Until: now.Add(left), Valid: true}}
	}
	shown := func(m ...string) *Stream { return &Stream{Shown: &Features{Names: []string{"SASL"}, Mechanisms: m}} }
	for _, test := range []struct {
		name string
		a    Address
		want string // "": none
	}{
		{"all is well", Address{Network: "public", TLS: cert(40*day, 50*day), Stream: shown("PLAIN")}, ""},
		{"a short life, fresh", Address{TLS: cert(day, 5*day), Network: "public", Stream: shown("PLAIN")}, ""},
		{"a short life, old", Address{TLS: cert(5*day, day), Network: "public", Stream: shown("PLAIN")}, "expires in 23 hours"},
		{"a long life, old", Address{TLS: cert(80*day, 13*day), Network: "public", Stream: shown("PLAIN")}, "expires in 12 days"},
		{"in clear on a network", Address{Address: "10.0.0.1:5222", Network: "private", Stream: shown("PLAIN")}, "in clear between bosh-server and 10.0.0.1:5222"},
		{"in clear on loopback", Address{Network: "loopback", Stream: shown("PLAIN")}, ""},
		{"nothing to log in by", Address{Network: "loopback", Stream: shown()}, "no way to log in"},
		{"the old log-in", Address{Network: "loopback", Stream: &Stream{Shown: &Features{Names: []string{"old log-in (XEP-0078)"}}}}, ""},
		{"SASL2 alone", Address{Network: "loopback", Stream: &Stream{Shown: &Features{Mechanisms2: []string{"PLAIN"}}}}, ""},
		{"channel binding alone", Address{Network: "loopback", Stream: shown("SCRAM-SHA-1-PLUS")}, "-PLUS mechanisms alone"},
		{"no stream", Address{Network: "public"}, ""},
	} {
		got := new(check).concerns(&test.a)
		if len(got) > 1 || (len(got) == 1) != (test.want != "") || len(got) == 1 && !strings.Contains(got[0], test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "no time", 90 * time.Minute: "90 minutes", 47 * time.Hour: "47 hours", 48 * time.Hour: "2 days", 100 * 24 * time.Hour: "100 days",
	} {
		if got := duration(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
