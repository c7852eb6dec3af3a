package proxyproto

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"
	"testing"
)

const sig = "\r\n\r\n\x00\r\nQUIT\n"

// v2 is a header with its length put in.
func v2(command, family byte, rest string) string {
	b := append([]byte(sig), command, family)
	return string(binary.BigEndian.AppendUint16(b, uint16(len(rest)))) + rest
}

// summed is a header with a right checksum at its end.
func summed(command, family byte, rest string) string {
	b := []byte(v2(command, family, rest+"\x03\x00\x04\x00\x00\x00\x00"))
	binary.BigEndian.PutUint32(b[len(b)-4:], checksum(b, len(b)-4))
	return string(b)
}

const (
	addrs4    = "\x01\x02\x03\x04\x0a\x00\x00\x01\x10\x00\x14\x66"
	addrs6    = "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01" + "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02" + "\x00\x01\x00\x02"
	addrsUnix = 216
)

var good = []struct {
	name, in            string
	source, destination string // "": none
	tls                 bool
}{
	{name: "v1 over IPv4", in: "PROXY TCP4 1.2.3.4 10.0.0.1 4096 5222\r\n", source: "1.2.3.4:4096", destination: "10.0.0.1:5222"},
	{name: "v1 over IPv6", in: "PROXY TCP6 2001:db8::1 2001:db8::2 0 65535\r\n", source: "[2001:db8::1]:0", destination: "[2001:db8::2]:65535"},
	{name: "v1, mapped", in: "PROXY TCP6 ::ffff:1.2.3.4 ::1 1 2\r\n", source: "1.2.3.4:1", destination: "[::1]:2"},
	{
		name: "v1, the longest", in: "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
		source: "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", destination: "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
	},
	{name: "v1, unknown", in: "PROXY UNKNOWN\r\n"},
	{name: "v1, unknown with more", in: "PROXY UNKNOWN ffff::1 x y z\r\n"},
	{name: "v1, unknown at its longest", in: "PROXY UNKNOWN " + strings.Repeat("x", 91) + "\r\n"},
	{name: "v2 over IPv4", in: v2(0x21, 0x11, addrs4), source: "1.2.3.4:4096", destination: "10.0.0.1:5222"},
	{name: "v2 over IPv6", in: v2(0x21, 0x21, addrs6), source: "[2001:db8::1]:1", destination: "[2001:db8::2]:2"},
	{name: "v2, local", in: v2(0x20, 0x00, "")},
	{name: "v2, local with addresses", in: v2(0x20, 0x11, addrs4)},
	{name: "v2, local with anything", in: v2(0x20, 0xFF, "???")},
	{name: "v2, unspecified", in: v2(0x21, 0x00, "")},
	{name: "v2, Unix sockets", in: v2(0x21, 0x31, strings.Repeat("a", addrsUnix))},
	{name: "v2, datagrams", in: v2(0x21, 0x12, addrs4)},
	{name: "v2 with TLVs", in: v2(0x21, 0x11, addrs4+"\x04\x00\x00"+"\xEA\x00\x03abc"), source: "1.2.3.4:4096", destination: "10.0.0.1:5222"},
	{name: "v2 with TLS", in: v2(0x21, 0x11, addrs4+"\x20\x00\x05\x01\x00\x00\x00\x00"), source: "1.2.3.4:4096", destination: "10.0.0.1:5222", tls: true},
	{name: "v2 without TLS", in: v2(0x21, 0x11, addrs4+"\x20\x00\x05\x00\x00\x00\x00\x00"), source: "1.2.3.4:4096", destination: "10.0.0.1:5222"},
	{name: "v2 with a checksum", in: summed(0x21, 0x11, addrs4), source: "1.2.3.4:4096", destination: "10.0.0.1:5222"},
	{name: "v2 at its longest", in: v2(0x21, 0x11, addrs4+"\x04\x0F\xE1"+strings.Repeat("\x00", 4096-16-12-3)), source: "1.2.3.4:4096", destination: "10.0.0.1:5222"},
}

func TestParse(t *testing.T) {
	for _, c := range good {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.in { // every prefix is incomplete
				if _, n, err := Parse([]byte(c.in[:i])); n != 0 || err != nil {
					t.Fatalf("%d bytes of it: %d, %v", i, n, err)
				}
			}
			h, n, err := Parse([]byte(c.in + "GET / HTTP/1.1\r\n"))
			if err != nil || n != len(c.in) {
				t.Fatalf("%d of %d bytes, %v", n, len(c.in), err)
			}
			if h.TLS != c.tls || name(h.Source) != c.source || name(h.Destination) != c.destination {
				t.Errorf("%+v, want %q, %q, %v", h, c.source, c.destination, c.tls)
			}
		})
	}
}

func name(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		in   string
		want error
	}{
		{"G", ErrNone},
		{"GET / HTTP/1.1\r\n\r\n", ErrNone},
		{"\x16\x03\x01", ErrNone},
		{"proxy ", ErrNone},
		{"PROXX", ErrNone},
		{"PROXY\t", ErrNone},
		{"\r\nGET", ErrNone},
		{"\r\n\r\n\x00\r\nQUIX", ErrNone},
		{"PROXY \r\n", ErrMalformed},
		{"PROXY TCP4\r\n", ErrMalformed},
		{"PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n", ErrMalformed},
		{"PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", ErrMalformed},
		{"PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", ErrMalformed},
		{"PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n", ErrMalformed},
		{"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n", ErrMalformed},
		{"PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", ErrMalformed},
		{"PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n", ErrMalformed},
		{"PROXY TCP4 1.2.3.4 1.2.3.4 1 99999\r\n", ErrMalformed},
		{"PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n", ErrMalformed},
		{"PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n", ErrMalformed},
		{"PROXY TCP4 ::1 ::1 1 2\r\n", ErrMalformed},
		{"PROXY TCP6 1.2.3.4 ::1 1 2\r\n", ErrMalformed},
		{"PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", ErrMalformed},
		{"PROXY UNKNOWN " + strings.Repeat("x", 92) + "\r\n", ErrTooLong},
		{"PROXY " + strings.Repeat("x", 101), ErrTooLong},
		{sig + "\x11", ErrMalformed},
		{sig + "\x22", ErrMalformed},
		{v2(0x21, 0x13, addrs4), ErrMalformed},
		{v2(0x21, 0x41, addrs4), ErrMalformed},
		{v2(0x21, 0x10, addrs4), ErrMalformed},
		{v2(0x21, 0x11, addrs4[1:]), ErrMalformed},
		{v2(0x21, 0x21, addrs4), ErrMalformed},
		{v2(0x21, 0x11, addrs4+"\x04\x00"), ErrMalformed},
		{v2(0x21, 0x11, addrs4+"\x04\x00\x02a"), ErrMalformed},
		{v2(0x21, 0x11, addrs4+"\x20\x00\x04\x01\x00\x00\x00"), ErrMalformed},
		{v2(0x21, 0x11, addrs4+"\x03\x00\x03\x00\x00\x00"), ErrMalformed},
		{v2(0x21, 0x11, addrs4+"\x03\x00\x04\x00\x00\x00\x00"), ErrChecksum},
		{sig + "\x21\x11\x0F\xF1", ErrTooLong},
		{sig + "\x20\x00\xFF\xFF", ErrTooLong},
	} {
		if h, n, err := Parse([]byte(c.in)); !errors.Is(err, c.want) || n != 0 || h != (Header{}) {
			t.Errorf("%q: %+v, %d, %v; want %v", c.in, h, n, err, c.want)
		}
	}
}

func TestAppend(t *testing.T) {
	v4, v6 := netip.MustParseAddrPort("1.2.3.4:4096"), netip.MustParseAddrPort("[2001:db8::1]:1")
	for _, c := range []struct {
		source, destination netip.AddrPort
	}{
		{v4, netip.MustParseAddrPort("10.0.0.1:5222")},
		{v6, netip.MustParseAddrPort("[2001:db8::2]:2")},
		{v4, v6},
		{v6, v4},
		{netip.MustParseAddrPort("[::ffff:1.2.3.4]:9"), v4},
	} {
		b := AppendV2([]byte("x"), c.source, c.destination)
		h, n, err := Parse(b[1:])
		if err != nil || n != len(b)-1 || h.Source.Addr() != c.source.Addr().Unmap() || h.Destination.Addr() != c.destination.Addr().Unmap() ||
			h.Source.Port() != c.source.Port() || h.Destination.Port() != c.destination.Port() {
			t.Errorf("%v to %v: %+v, %v", c.source, c.destination, h, err)
		}
	}
	if got := string(AppendV2(nil, v4, netip.MustParseAddrPort("10.0.0.1:5222"))); got != v2(0x21, 0x11, addrs4) {
		t.Errorf("%q", got)
	}
	for _, b := range [][]byte{AppendLocal(nil), AppendV2(nil, v4, netip.AddrPort{}), AppendV2(nil, netip.AddrPort{}, v4)} {
		if string(b) != v2(0x20, 0x00, "") {
			t.Errorf("local: %q", b)
		}
	}
}

// FuzzParse: what is read was complete, and in bounds; prefixes of it are incomplete; it is the same whatever follows.
func FuzzParse(f *testing.F) {
	for _, c := range good {
		f.Add([]byte(c.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, n, err := Parse(b)
		if err != nil {
			if n != 0 || h != (Header{}) {
				t.Fatalf("%+v, %d with %v", h, n, err)
			}
			return
		}
		if n == 0 {
			if len(b) >= v2BytesMax {
				t.Fatal("no end to it")
			}
			return
		}
		for i := range n {
			if _, m, err := Parse(b[:i:i]); m != 0 || err != nil {
				t.Fatalf("%d of %d bytes: %d, %v", i, n, m, err)
			}
		}
		if other, m, err := Parse(append(bytes.Clone(b[:n]), "more"...)); other != h || m != n || err != nil {
			t.Fatalf("%+v, %d, %v with more behind it", other, m, err)
		}
		if h.Source.IsValid() != h.Destination.IsValid() {
			t.Fatalf("half a header: %+v", h)
		}
		if back, _, err := Parse(AppendV2(nil, h.Source, h.Destination)); err != nil || back.Source != h.Source || back.Destination != h.Destination {
			t.Fatalf("%+v comes back as %+v, %v", h, back, err)
		}
	})
}
