package bosh

import (
	"strconv"
	"testing"
)

func TestParseRID(t *testing.T) {
	for _, good := range []uint64{1, 10, 1573741820, 1<<32 + 1, ridMax} {
		if got, ok := parseRID([]byte(strconv.FormatUint(good, 10))); got != good || !ok {
			t.Errorf("%d: %d %v", good, got, ok)
		}
	}
	if got, ok := parseRID([]byte("0007")); got != 7 || !ok {
		t.Errorf("0007: %d %v", got, ok)
	}
	// decisions.md 1
	for _, bad := range []string{"", "0", "000", "-1", "+1", "1.0", " 1", "1 ", "0x1", "1e3", "9007199254740992", "18446744073709551617", "99999999999999999999999", "१"} {
		if got, ok := parseRID([]byte(bad)); ok {
			t.Errorf("%q is accepted as %d", bad, got)
		}
	}
}

func TestParseCount(t *testing.T) {
	for text, want := range map[string]int{"0": 0, "60": 60, "55.9": 55, "7.": 7, "99999999999999999999": countMax} {
		if got, ok := parseCount([]byte(text)); got != want || !ok {
			t.Errorf("%q: %d %v, want %d", text, got, ok, want)
		}
	}
	for _, bad := range []string{"", "-1", ".5", "1,5", "5s", "1.x", "1.2.3"} {
		if got, ok := parseCount([]byte(bad)); ok {
			t.Errorf("%q is accepted as %d", bad, got)
		}
	}
}

func TestParseVersion(t *testing.T) {
	for text, want := range map[string]version{"1.6": {1, 6}, "1.10": {1, 10}, "2.0": {2, 0}, "01.06": {1, 6}} {
		if got, ok := parseVersion([]byte(text)); got != want || !ok {
			t.Errorf("%q: %v %v, want %v", text, got, ok, want)
		}
	}
	for _, bad := range []string{"", "1", "1.", ".6", "a.b", "1.6.1", "-1.6"} {
		if got, ok := parseVersion([]byte(bad)); ok {
			t.Errorf("%q is accepted as %v", bad, got)
		}
	}
}

// TestLowerVersion: XEP-0124 §7.1: the minor number is an integer of its own.
func TestLowerVersion(t *testing.T) {
	for _, order := range [][2]version{{{1, 6}, {1, 10}}, {{1, 9}, {1, 10}}, {{1, 11}, {2, 0}}, {{0, 99}, {1, 0}}} {
		if order[0].lower(order[1]) != order[0] || order[1].lower(order[0]) != order[0] {
			t.Errorf("%v should be the lower one", order)
		}
	}
}
