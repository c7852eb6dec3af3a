package proxyproto

import (
	"encoding/binary"
	"hash/crc32"
	"net/netip"
)

// The fixed part of a header of version 2: the signature, version and command, family and protocol, the length of the rest.
const (
	v2HeadBytes = 16
	v2Local     = 0x20
	v2Proxy     = 0x21

	v2Unspecified = 0x00
	v2TCP4        = 0x11
	v2TCP6        = 0x21

	tlvChecksum = 0x03
	tlvTLS      = 0x20
)

// v2AddrBytes is how long the addresses of a family are; false for a family or a protocol that there is not.
func v2AddrBytes(family byte) (n int, ok bool) {
	if family == v2Unspecified {
		return 0, true
	}
	if family&15 != 1 && family&15 != 2 { // a stream, a datagram
		return 0, false
	}
	switch family >> 4 {
	case 1:
		return 2*4 + 2*2, true
	case 2:
		return 2*16 + 2*2, true
	case 3:
		return 2 * 108, true
	}
	return 0, false
}

// parseV2 reads a binary header (§2.2).
func parseV2(b []byte) (h Header, n int, err error) {
	if !startsAlike(b, v2Signature) {
		return h, 0, ErrNone
	}
	if len(b) > 12 && b[12] != v2Local && b[12] != v2Proxy {
		return h, 0, ErrMalformed
	}
	if len(b) < v2HeadBytes {
		return h, 0, nil
	}
	n = v2HeadBytes + int(binary.BigEndian.Uint16(b[14:]))
	addrBytes, ok := v2AddrBytes(b[13])
	switch {
	case n > v2BytesMax:
		return h, 0, ErrTooLong
	case b[12] == v2Proxy && (!ok || n < v2HeadBytes+addrBytes):
		return h, 0, ErrMalformed
	case len(b) < n:
		return h, 0, nil
	case b[12] == v2Local: // the rest is to be skipped, the family included
		return h, n, nil
	}
	addrs := b[v2HeadBytes:]
	switch b[13] {
	case v2TCP4:
		h.Source = addrPort(addrs[:4], addrs[8:])
		h.Destination = addrPort(addrs[4:8], addrs[10:])
	case v2TCP6:
		h.Source = addrPort(addrs[:16], addrs[32:])
		h.Destination = addrPort(addrs[16:32], addrs[34:])
	}
	if err := h.parseTLVs(b[:n], v2HeadBytes+addrBytes); err != nil {
		return Header{}, 0, err
	}
	return h, n, nil
}

func addrPort(addr, port []byte) netip.AddrPort {
	a, _ := netip.AddrFromSlice(addr)
	return netip.AddrPortFrom(a.Unmap(), binary.BigEndian.Uint16(port))
}

// parseTLVs reads what follows the addresses, from at on (§2.2.1 to §2.2.6).
func (h *Header) parseTLVs(header []byte, at int) error {
	for at < len(header) {
		if len(header)-at < 3 {
			return ErrMalformed
		}
		kind, length := header[at], int(binary.BigEndian.Uint16(header[at+1:]))
		at += 3
		if length > len(header)-at {
			return ErrMalformed
		}
		value := header[at : at+length]
		switch kind {
		case tlvChecksum:
			if length != 4 {
				return ErrMalformed
			}
			if binary.BigEndian.Uint32(value) != checksum(header, at) {
				return ErrChecksum
			}
		case tlvTLS:
			if length < 5 {
				return ErrMalformed
			}
			h.TLS = value[0]&1 != 0
		}
		at += length
	}
	return nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum is the header's, with the four bytes at at taken for zeros (§2.2.3).
func checksum(header []byte, at int) uint32 {
	sum := crc32.Update(0, castagnoli, header[:at])
	sum = crc32.Update(sum, castagnoli, make([]byte, 4))
	return crc32.Update(sum, castagnoli, header[at+4:])
}

// AppendV2 appends the header of a connection from source that was made to destination. An IPv4 address beside an IPv6 one is
// written as an IPv4-mapped one.
func AppendV2(dst []byte, source, destination netip.AddrPort) []byte {
	if !source.IsValid() || !destination.IsValid() {
		return AppendLocal(dst)
	}
	from, to := source.Addr().Unmap(), destination.Addr().Unmap()
	dst = append(dst, v2Signature...)
	if from.Is4() && to.Is4() {
		dst = append(dst, v2Proxy, v2TCP4, 0, 12)
		a, b := from.As4(), to.As4()
		dst = append(append(dst, a[:]...), b[:]...)
	} else {
		dst = append(dst, v2Proxy, v2TCP6, 0, 36)
		a, b := from.As16(), to.As16()
		dst = append(append(dst, a[:]...), b[:]...)
	}
	dst = binary.BigEndian.AppendUint16(dst, source.Port())
	return binary.BigEndian.AppendUint16(dst, destination.Port())
}

// AppendLocal appends the header of a connection of the proxy's own.
func AppendLocal(dst []byte) []byte {
	return append(append(dst, v2Signature...), v2Local, v2Unspecified, 0, 0)
}
