package proxyproto

import (
	"net/netip"
	"testing"
)

func BenchmarkParseV1(b *testing.B) {
	benchmarkParse(b, []byte("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n"))
}

func BenchmarkParseV2(b *testing.B) {
	benchmarkParse(b, AppendV2(nil, netip.MustParseAddrPort("[2001:db8::1]:56324"), netip.MustParseAddrPort("[2001:db8::2]:443")))
}

func benchmarkParse(b *testing.B, header []byte) {
	b.ReportAllocs()
	for b.Loop() {
		if _, n, err := Parse(header); n != len(header) || err != nil {
			b.Fatal(n, err)
		}
	}
}
