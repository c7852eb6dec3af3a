package httpparse

import (
	"math"
	"net/http"
	"testing"
	"time"
)

func TestAppendDate(t *testing.T) {
	const day = 86400
	check := func(s int64) {
		t.Helper()
		got := string(AppendDate([]byte("x"), s))
		if want := "x" + time.Unix(s, 0).UTC().Format(http.TimeFormat); got != want || len(got) != 1+DateSize {
			t.Fatalf("%d: %q, want %q", s, got, want)
		}
	}
	check(784111777) // RFC 9110 §5.6.7
	for s := int64(0); s < 500*366*day; s += day {
		check(s)
		check(s + day - 1)
	}
	for s := int64(0); s < 2*day; s += 59 {
		check(s)
	}
	check(253402300799) // the last second of 9999
	if got := string(AppendDate(nil, -1)); got != "Thu, 01 Jan 1970 00:00:00 GMT" {
		t.Errorf("before 1970: %q", got)
	}
	if got := AppendDate(nil, math.MaxInt64); len(got) != DateSize {
		t.Errorf("at the end of time: %q", got)
	}
}
