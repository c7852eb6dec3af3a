package bosh

import "bytes"

// ridMax is the largest rid (XEP-0124 §14.1): beyond it JavaScript can't count.
const ridMax = 1<<53 - 1

// parseRID reads a rid: decimal digits and nothing else, from 1 to 2^53-1 (decisions.md 1).
func parseRID(b []byte) (rid uint64, ok bool) {
	if len(b) == 0 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		if rid = 10*rid + uint64(c-'0'); rid > ridMax {
			return 0, false
		}
	}
	return rid, rid > 0
}

// countMax is what parseCount makes of anything larger.
const countMax = 1 << 20

// parseCount reads a number of seconds or requests. A fraction is cut off: clients compute such numbers. What is larger than any limit
// comes out as countMax.
func parseCount(b []byte) (n int, ok bool) {
	digits := 0
	for digits < len(b) && '0' <= b[digits] && b[digits] <= '9' {
		n = min(10*n+int(b[digits]-'0'), countMax)
		digits++
	}
	if digits == 0 {
		return 0, false
	}
	if digits == len(b) {
		return n, true
	}
	for _, c := range b[digits+1:] {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	return n, b[digits] == '.'
}

// version is the ver attribute: two integers, not a decimal fraction (XEP-0124 §7.1).
type version struct{ major, minor int }

// ownVersion is the BOSH version that is spoken here.
var ownVersion = version{1, 11}

func parseVersion(b []byte) (v version, ok bool) {
	major, minor, found := bytes.Cut(b, []byte("."))
	if !found || bytes.IndexByte(minor, '.') >= 0 {
		return version{}, false
	}
	var ok1, ok2 bool
	v.major, ok1 = parseCount(major)
	v.minor, ok2 = parseCount(minor)
	return v, ok1 && ok2
}

// lower is the lower of two versions.
func (v version) lower(w version) version {
	if v.major < w.major || v.major == w.major && v.minor < w.minor {
		return v
	}
	return w
}
