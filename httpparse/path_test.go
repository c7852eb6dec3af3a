package httpparse

import (
	"net/url"
	"strings"
	"testing"
)

func TestCleanPath(t *testing.T) {
	for _, c := range []struct {
		raw, want string
		ok        bool
	}{
		{"/", "/", true},
		{"/http-bind/", "/http-bind/", true},
		{"//a//b", "//a//b", true}, // empty segments are segments (RFC 3986 §3.3)
		{"/a/./b", "/a/b", true},
		{"/a/../b", "/b", true},
		{"/a/b/..", "/a/", true},
		{"/a/b/.", "/a/b/", true},
		{"/..", "/", true},
		{"/../../a", "/a", true},
		{"/a//../b", "/a/b", true},
		{"/...", "/...", true},
		{"/.a", "/.a", true},
		{"/a..", "/a..", true},
		{"/%2e%2E/a", "/a", true}, // RFC 3986 §6.2.2.2
		{"/a/.%2e", "/", true},
		{"/%68ttp%2Dbind/", "/http-bind/", true},
		{"/a%2Fb%2f..", "/a%2Fb%2f..", true}, // RFC 3986 §2.2
		{"/%25%20%3f", "/% ?", true},
		{"/%c3%a9\xc3\xa9", "/\xc3\xa9\xc3\xa9", true},
		{"", "", false},
		{"*", "", false},
		{"a/b", "", false},
		{"/%", "", false},
		{"/%4", "", false},
		{"/%4/", "", false},
		{"/%g0", "", false},
		{"/%0g", "", false},
		{"/%00", "", false},
	} {
		got, ok := CleanPath([]byte("kept"), []byte(c.raw))
		if string(got) != "kept"+c.want || ok != c.ok {
			t.Errorf("%q: %q, %v; want %q, %v", c.raw, got, ok, c.want, c.ok)
		}
	}
}

// FuzzCleanPath compares with net/url, which decodes first and resolves then: the same but for encoded slashes.
func FuzzCleanPath(f *testing.F) {
	for _, seed := range []string{"/", "/a/../b", "/%2e%2e/%2E/a/..", "/a//../..//", "/%2f/..", "/.%2e/x%", "/...//."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, ok := CleanPath(nil, []byte(raw))
		decoded, err := url.PathUnescape(raw)
		if wantOK := err == nil && strings.HasPrefix(raw, "/") && !strings.Contains(raw, "%00"); ok != wantOK {
			t.Fatalf("%q: %v, net/url says %v", raw, ok, err)
		}
		if !ok || strings.Contains(strings.ToLower(raw), "%2f") {
			return
		}
		if want := resolve(decoded); string(got) != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	})
}

// resolve is RFC 3986 §5.2.4, said otherwise: a stack of segments.
func resolve(path string) string {
	segments := strings.Split(path, "/")[1:]
	var kept []string
	for i, s := range segments {
		isLast := i == len(segments)-1
		if s == ".." && len(kept) > 0 {
			kept = kept[:len(kept)-1]
		}
		if s != "." && s != ".." {
			kept = append(kept, s)
		} else if isLast {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}
