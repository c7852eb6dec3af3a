package proxyproto

import (
	"bytes"
	"net/netip"
)

// parseV1 reads a line (§2.1): PROXY, the family, both addresses, both ports, one space between them.
func parseV1(b []byte) (h Header, n int, err error) {
	if !startsAlike(b, []byte(v1Signature)) {
		return h, 0, ErrNone
	}
	end := bytes.IndexByte(b[:min(len(b), v1BytesMax)], '\n')
	switch {
	case end < 0 && len(b) >= v1BytesMax:
		return h, 0, ErrTooLong
	case end < 0:
		return h, 0, nil
	case b[end-1] != '\r':
		return h, 0, ErrMalformed
	}
	line := b[len(v1Signature) : end-1]
	family, rest, _ := bytes.Cut(line, []byte{' '})
	switch string(family) {
	case "UNKNOWN": // what follows is to be ignored
		return h, end + 1, nil
	case "TCP4", "TCP6":
	default:
		return h, 0, ErrMalformed
	}
	var words [4][]byte
	for i := range words {
		var more bool
		words[i], rest, more = bytes.Cut(rest, []byte{' '})
		if more != (i < len(words)-1) {
			return h, 0, ErrMalformed
		}
	}
	is4 := family[3] == '4'
	source, ok1 := parseAddr(words[0], words[2], is4)
	destination, ok2 := parseAddr(words[1], words[3], is4)
	if !ok1 || !ok2 {
		return h, 0, ErrMalformed
	}
	return Header{Source: source, Destination: destination}, end + 1, nil
}

func parseAddr(addr, port []byte, is4 bool) (netip.AddrPort, bool) {
	a, err := netip.ParseAddr(string(addr))
	if err != nil || a.Is4() != is4 || a.Zone() != "" {
		return netip.AddrPort{}, false
	}
	p, ok := parsePort(port)
	return netip.AddrPortFrom(a.Unmap(), p), ok
}

// parsePort reads 0 to 65535 without leading zeros.
func parsePort(b []byte) (port uint16, ok bool) {
	if len(b) == 0 || len(b) > 5 || b[0] == '0' && len(b) > 1 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return uint16(n), n <= 65535
}
