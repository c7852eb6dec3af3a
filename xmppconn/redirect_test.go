package xmppconn

import (
	"testing"

	"go-xmpp-bosh/xmlstream"
)

// RFC 6120 §4.9.3.19.
func TestSeeOtherHost(t *testing.T) {
	const ns = "urn:ietf:params:xml:ns:xmpp-streams"
	for _, test := range []struct{ in, want string }{
		{"<see-other-host xmlns='" + ns + "'>b.example:9222</see-other-host>", "xmpp:b.example:9222"},
		{"<see-other-host xmlns='" + ns + "'>b.example</see-other-host>", "xmpp:b.example:5222"},
		{"<see-other-host xmlns='" + ns + "'> [2001:db8::1]:9222\n</see-other-host>", "xmpp:[2001:db8::1]:9222"},
		{"<see-other-host xmlns='" + ns + "'>[2001:db8::1]</see-other-host>", "xmpp:[2001:db8::1]:5222"},
		{"<see-other-host xmlns='" + ns + "'>192.0.2.1</see-other-host>", "xmpp:192.0.2.1:5222"},
		{"<see-other-host xmlns='" + ns + "'></see-other-host>", ""},
		{"<see-other-host xmlns='" + ns + "'/>", ""},
		{"<see-other-host xmlns='" + ns + "'>a b</see-other-host>", ""},
		{"<see-other-host xmlns='" + ns + "'>a:0</see-other-host>", ""},
		{"<see-other-host>b.example</see-other-host>", ""},
		{"<host-gone xmlns='" + ns + "'/>", ""},
		{"", ""},
	} {
		b := []byte(serverHeader + "<stream:error>" + test.in + "</stream:error>")
		var scan xmlstream.Scanner
		var el xmlstream.Element
		scan.Reset(xmlstream.NewPool(), xmlstream.ModeStream, xmlstream.DefaultLimits)
		n, _ := scan.Next(b, &el)
		if _, ev := scan.Next(b[n:], &el); ev != xmlstream.Child {
			t.Fatalf("%s: %v", test.in, ev)
		}
		target, ok := SeeOtherHost(&el)
		if ok != (test.want != "") || ok && (target.String() != test.want || target.Kind != KindDomain) {
			t.Errorf("%s: got %v, %v, want %q", test.in, target, ok, test.want)
		}
	}
	if _, ok := SeeOtherHost(nil); ok {
		t.Error("a target from nothing")
	}
}
