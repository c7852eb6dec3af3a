package xmppconn

import (
	"net/netip"
	"testing"
)

// decisions.md 40, 42; RFC 6890.
func TestClassify(t *testing.T) {
	for _, test := range []struct {
		addr   string
		class  Class
		exempt bool // from TLS
	}{
		{"1.1.1.1", ClassPublic, false},
		{"172.15.255.255", ClassPublic, false},
		{"172.32.0.0", ClassPublic, false},
		{"100.63.255.255", ClassPublic, false},
		{"100.128.0.0", ClassPublic, false},
		{"223.255.255.255", ClassPublic, false},
		{"2a00:1450::1", ClassPublic, false},
		{"127.0.0.1", ClassLoopback, true},
		{"127.255.0.9", ClassLoopback, true},
		{"::1", ClassLoopback, true},
		{"10.0.0.1", ClassPrivate, true},
		{"172.16.0.1", ClassPrivate, true},
		{"172.31.255.255", ClassPrivate, true},
		{"192.168.1.1", ClassPrivate, true},
		{"fec0::1", ClassPrivate, false},
		{"fc00::1", ClassUniqueLocal, true},
		{"fd12:3456::1", ClassUniqueLocal, true},
		{"169.254.169.254", ClassLinkLocal, false},
		{"fe80::1", ClassLinkLocal, false},
		{"fe80::1%eth0", ClassLinkLocal, false},
		{"100.64.0.1", ClassShared, false},
		{"100.127.255.255", ClassShared, false},
		{"0.0.0.0", ClassUnspecified, false},
		{"0.1.2.3", ClassUnspecified, false},
		{"::", ClassUnspecified, false},
		{"224.0.0.251", ClassMulticast, false},
		{"ff02::fb", ClassMulticast, false},
		{"255.255.255.255", ClassReserved, false},
		{"240.0.0.1", ClassReserved, false},
		{"192.0.0.8", ClassReserved, false},
		{"192.0.2.1", ClassReserved, false},
		{"198.18.0.1", ClassReserved, false},
		{"198.51.100.7", ClassReserved, false},
		{"203.0.113.7", ClassReserved, false},
		{"2001:db8::1", ClassReserved, false},
		{"3fff::1", ClassReserved, false},
		{"4000::1", ClassReserved, false},
		{"100::1", ClassReserved, false},

		// IPv4-mapped is that address; the others only lead to one.
		{"::ffff:127.0.0.1", ClassLoopback, true},
		{"::ffff:10.1.2.3", ClassPrivate, true},
		{"::ffff:169.254.169.254", ClassLinkLocal, false},
		{"::ffff:0.0.0.0", ClassUnspecified, false},
		{"::ffff:8.8.8.8", ClassPublic, false},
		{"::ffff:0:127.0.0.1", ClassLoopback, false},
		{"::127.0.0.1", ClassLoopback, false},
		{"::8.8.8.8", ClassReserved, false},
		{"64:ff9b::127.0.0.1", ClassLoopback, false},
		{"64:ff9b::10.0.0.1", ClassPrivate, false},
		{"64:ff9b::8.8.8.8", ClassPublic, false},
		{"64:ff9b:1::8.8.8.8", ClassPrivate, false},
		{"2002:7f00:1::", ClassLoopback, false},
		{"2002:a00:1::1", ClassPrivate, false},
		{"2002:c0a8:101::1", ClassPrivate, false},
		{"2002:808:808::1", ClassPublic, false},
		{"2001:0:4136:e378:8000:63bf:80ff:fffe", ClassLoopback, false}, // Teredo, 127.0.0.1 inverted
		{"2001:0:4136:e378:8000:63bf:3fff:fdd2", ClassReserved, false}, // Teredo, 192.0.2.45
	} {
		a := netip.MustParseAddr(test.addr)
		if got := Classify(a); got != test.class {
			t.Errorf("Classify(%s) = %v, want %v", test.addr, got, test.class)
		}
		if got := IsTLSExempt(a); got != test.exempt {
			t.Errorf("IsTLSExempt(%s) = %v", test.addr, got)
		}
		if got, want := IsPublic(a), test.class == ClassPublic; got != want {
			t.Errorf("IsPublic(%s) = %v", test.addr, got)
		}
	}
	if got := Classify(netip.Addr{}); got != ClassReserved {
		t.Errorf("Classify of no address = %v", got)
	}
}

// decisions.md 29, 40.
func TestIsPermitted(t *testing.T) {
	for _, test := range []struct {
		kind         Kind
		addr         string
		allowPrivate bool
		want         bool
	}{
		{KindRoute, "1.1.1.1", false, true},
		{KindRoute, "127.0.0.1", false, false},
		{KindRoute, "127.0.0.1", true, true},
		{KindRoute, "fe80::1", true, true},
		{KindRoute, "::", false, false},
		{KindRoute, "224.0.0.1", true, false},
		{KindDomain, "10.0.0.1", false, false},
		{KindDomain, "10.0.0.1", true, true},
		{KindDomain, "100.64.0.1", false, false},
		{KindDomain, "::ffff:10.0.0.1", false, false},
		{KindDomain, "64:ff9b::10.0.0.1", false, false},
		{KindBackend, "127.0.0.1", false, true},
		{KindBackend, "169.254.0.1", false, true},
	} {
		if got := IsPermitted(test.kind, netip.MustParseAddr(test.addr), test.allowPrivate); got != test.want {
			t.Errorf("IsPermitted(%v, %s, %v) = %v", test.kind, test.addr, test.allowPrivate, got)
		}
	}
}

func TestAddressEnums(t *testing.T) {
	if got := Class(99).String() + " " + ClassUniqueLocal.String(); got != "invalid unique-local" {
		t.Error(got)
	}
}
