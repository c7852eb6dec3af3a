package proxy

import (
	"net/netip"
	"strings"
	"testing"

	"go-xmpp-bosh/httpparse"
)

func networks(t testing.TB, of ...string) (n Networks) {
	t.Helper()
	for _, text := range of {
		if err := n.Add(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return n
}

// requestWith parses a request with these field lines.
func requestWith(t testing.TB, lines ...string) *httpparse.Request {
	t.Helper()
	var p httpparse.Parser
	r := new(httpparse.Request)
	text := "GET / HTTP/1.1\r\nHost: a\r\n"
	for _, l := range lines {
		text += l + "\r\n"
	}
	limits := httpparse.DefaultLimits
	if _, status := p.Parse(&limits, []byte(text+"\r\n"), r); status != httpparse.StatusOK {
		t.Fatalf("%q: status %d", lines, status)
	}
	return r
}

func TestNetworks(t *testing.T) {
	n := networks(t, "10.0.0.0/8", "192.168.1.7", "fd00::/8", "::1")
	for text, want := range map[string]bool{
		"10.1.2.3": true, "11.0.0.1": false, "192.168.1.7": true, "192.168.1.8": false, "fd12::1": true, "fe80::1": false, "::1": true,
		"::ffff:10.1.2.3": true, "127.0.0.1": false,
	} {
		if n.has(netip.MustParseAddr(text)) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
	for _, text := range []string{"", "x", "10.0.0.0/33", "::ffff:10.0.0.1", "::ffff:10.0.0.0/104", "fe80::1%eth0", "localhost"} {
		if err := n.Add(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
	if n.has(netip.Addr{}) {
		t.Error("no address is trusted")
	}
}

func TestForwardedFor(t *testing.T) {
	trusted := networks(t, "10.0.0.0/8", "fd00::/8")
	for _, c := range []struct {
		lines string // | between them
		want  string // "": none
	}{
		{"Accept: *", ""},
		{"X-Forwarded-For: 1.2.3.4", "1.2.3.4"},
		{"x-forwarded-FOR: 6.6.6.6, 1.2.3.4", "1.2.3.4"},
		{"X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.1,10.0.0.2", "1.2.3.4"},
		{"X-Forwarded-For: 10.0.0.3, 10.0.0.1", "10.0.0.3"},
		{"X-Forwarded-For: 6.6.6.6|X-Forwarded-For: 1.2.3.4|X-Forwarded-For: 10.0.0.1", "1.2.3.4"},
		{"X-Forwarded-For: 1.2.3.4:5678", "1.2.3.4"},
		{"X-Forwarded-For: 2001:db8::1", "2001:db8::1"},
		{"X-Forwarded-For: [2001:db8::1]", "2001:db8::1"},
		{"X-Forwarded-For: [2001:db8::1]:99, fd00::7", "2001:db8::1"},
		{"X-Forwarded-For: ::ffff:1.2.3.4", "1.2.3.4"},
		{"X-Forwarded-For: ::ffff:10.2.3.4", "10.2.3.4"},
		{"X-Forwarded-For: 6.6.6.6, unknown", ""},
		{"X-Forwarded-For: 6.6.6.6, unknown, 10.0.0.1", "10.0.0.1"},
		{"X-Forwarded-For: unknown, 1.2.3.4", "1.2.3.4"},
		{"X-Forwarded-For: fe80::1%eth0", ""},
		{"X-Forwarded-For: 1.2.3.4,", ""},
		{"X-Forwarded-For:", ""},
		{"X-Forwarded-For: " + strings.Repeat("1", 200), ""},
		{"X-Forwarded-For: " + strings.Repeat("6.6.6.6,", 900) + "1.2.3.4", "1.2.3.4"},
		{"Forwarded: for=1.2.3.4", "1.2.3.4"},
		{"Forwarded: for=6.6.6.6, For=\"1.2.3.4:99\";proto=https;by=203.0.113.43, for=10.0.0.1", "1.2.3.4"},
		{"forwarded: proto=http;for=\"[2001:db8::17]:4711\"", "2001:db8::17"},
		{"Forwarded: for=6.6.6.6;host=\"a,b\", for=1.2.3.4", "1.2.3.4"},
		{"Forwarded: for=6.6.6.6|Forwarded: for=1.2.3.4", "1.2.3.4"},
		{"Forwarded: for=6.6.6.6, for=_hidden", ""},
		{"Forwarded: for=6.6.6.6, proto=https", ""},
		{"Forwarded: for=6.6.6.6, for=\"1.2.3.4", ""},
		{"Forwarded: for=6.6.6.6, for=\"1.2.3.4\"x", ""},
		{"Forwarded: for=6.6.6.6, for=\"1.2.3.\\4\"", ""},
		{"Forwarded: for=6.6.6.6, nonsense", ""},
		{"Forwarded: for=1.2.3.4;", "1.2.3.4"},
		{"Forwarded: for=1.2.3.4 ; proto=https", "1.2.3.4"},
		{"Forwarded:", ""},
		{"Forwarded: for=6.6.6.6|X-Forwarded-For: 1.2.3.4", "1.2.3.4"},
		{"Forwarded: for=6.6.6.6|X-Forwarded-For: unknown", ""},
	} {
		got := forwardedFor(requestWith(t, strings.Split(c.lines, "|")...), trusted)
		if c.want == "" && got.IsValid() || c.want != "" && got != netip.MustParseAddr(c.want) {
			t.Errorf("%.80q: %v, want %s", c.lines, got, c.want)
		}
	}
}

func TestForwardedProto(t *testing.T) {
	for _, c := range []struct {
		lines        string
		secure, told bool
	}{
		{"Accept: *", false, false},
		{"X-Forwarded-Proto: https", true, true},
		{"X-Forwarded-Proto: HTTPS", true, true},
		{"X-Forwarded-Proto: wss", true, true},
		{"X-Forwarded-Proto: http", false, true},
		{"X-Forwarded-Proto: https, http", false, true},
		{"X-Forwarded-Proto: http|X-Forwarded-Proto: https", false, true},
		{"X-Forwarded-Proto: https,https", true, true},
		{"X-Forwarded-Proto:", false, false},
		{"Forwarded: for=1.2.3.4;proto=https", true, true},
		{"Forwarded: for=1.2.3.4;proto=http, for=10.0.0.1;proto=https", false, true},
		{"Forwarded: for=1.2.3.4", false, false},
		{"Forwarded: proto=https|X-Forwarded-Proto: http", false, true},
	} {
		if secure, told := forwardedProto(requestWith(t, strings.Split(c.lines, "|")...)); secure != c.secure || told != c.told {
			t.Errorf("%q: %v, %v", c.lines, secure, told)
		}
	}
}

// FuzzForwarded: whatever stands there, the answer is an address that was named, or none.
func FuzzForwarded(f *testing.F) {
	f.Add("1.2.3.4, 10.0.0.1", "for=1.2.3.4;proto=https")
	f.Add("[::1]:4, unknown", `for="[::1]:4";by=_x, for="`)
	trusted := networks(f, "10.0.0.0/8", "::/1")
	f.Fuzz(func(t *testing.T, list, element string) {
		for name, value := range map[string]string{fieldFor: list, fieldForwarded: element} {
			r := &httpparse.Request{Fields: []httpparse.Field{{Name: []byte(name), Value: []byte(value)}, {Name: []byte(fieldProto), Value: []byte(list)}}}
			got := forwardedFor(r, trusted)
			forwardedProto(r)
			if got.IsValid() && (got.Is4In6() || got.Zone() != "") {
				t.Errorf("%q: %v", value, got)
			}
		}
		count := 0
		elements([]byte(element), func(_, _ []byte) { count++ })
		if count == 0 || count > len(element)+1 {
			t.Errorf("%q: %d elements", element, count)
		}
	})
}
