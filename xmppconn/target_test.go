package xmppconn

import (
	"slices"
	"testing"
)

func mustTable(t *testing.T, lines ...string) *Table {
	t.Helper()
	table := new(Table)
	for _, line := range lines {
		if err := table.Add(line); err != nil {
			t.Fatalf("Add(%q): %v", line, err)
		}
	}
	return table
}

func TestTargets(t *testing.T) {
	table := mustTable(t,
		"own.example=10.0.0.1:5222",
		"own.example=xmpps:10.0.0.2:5223",
		"own.example=10.0.0.1:5222", // said twice, tried once
		"*.wild.example=wild.internal:5222",
		"*.deep.wild.example=[2001:db8::1]:5222",
		"bücher.example=books.internal:5222",
		"local.example=localhost:5333",
		"test.invalid=127.0.0.1:5222",
	)
	const no = ReasonNone
	for _, test := range []struct {
		domain, route string
		want          []string
		kind          Kind
		reason        Reason
	}{
		// The domain itself, when nothing else is said.
		{"example.org", "", []string{"xmpp:example.org:5222"}, KindDomain, no},
		{"Example.ORG.", "", []string{"xmpp:example.org:5222"}, KindDomain, no},
		{"例え.テスト", "", []string{"xmpp:xn--r8jz45g.xn--zckzah:5222"}, KindDomain, no},
		{"192.0.2.7", "", []string{"xmpp:192.0.2.7:5222"}, KindDomain, no},
		{"[2001:db8::7]", "", []string{"xmpp:[2001:db8::7]:5222"}, KindDomain, no},

		// The table.
		{"own.example", "", []string{"xmpp:10.0.0.1:5222", "xmpps:10.0.0.2:5223"}, KindBackend, no},
		{"OWN.example", "", []string{"xmpp:10.0.0.1:5222", "xmpps:10.0.0.2:5223"}, KindBackend, no},
		{"a.wild.example", "", []string{"xmpp:wild.internal:5222"}, KindBackend, no},
		{"a.b.wild.example", "", []string{"xmpp:wild.internal:5222"}, KindBackend, no},
		{"a.deep.wild.example", "", []string{"xmpp:[2001:db8::1]:5222"}, KindBackend, no},
		{"wild.example", "", []string{"xmpp:wild.example:5222"}, KindDomain, no},
		{"xn--bcher-kva.example", "", []string{"xmpp:books.internal:5222"}, KindBackend, no},
		{"local.example", "", []string{"xmpp:127.0.0.1:5333", "xmpp:[::1]:5333"}, KindBackend, no},
		{"test.invalid", "", []string{"xmpp:127.0.0.1:5222"}, KindBackend, no},

		// A route comes first, and nothing after it.
		{"own.example", "xmpp:other.example:5222", []string{"xmpp:other.example:5222"}, KindRoute, no},
		{"own.example", "xmpps:other.example:443", []string{"xmpps:other.example:443"}, KindRoute, no},
		{"example.org", "xmpp:[::1]:5222", []string{"xmpp:[::1]:5222"}, KindRoute, no},
		{"example.org", "xmpp:localhost:5222", []string{"xmpp:127.0.0.1:5222", "xmpp:[::1]:5222"}, KindRoute, no},

		// decisions.md 39: one that names the domain itself is none, whatever its port.
		{"own.example", "xmpp:own.example:5222", []string{"xmpp:10.0.0.1:5222", "xmpps:10.0.0.2:5223"}, KindBackend, no},
		{"example.org", "xmpp:EXAMPLE.org.:22", []string{"xmpp:example.org:5222"}, KindDomain, no},
		{"bücher.example", "xmpp:xn--bcher-kva.example:5222", []string{"xmpp:books.internal:5222"}, KindBackend, no},
		{"example.org", "xmpp:example.org", []string{"xmpp:example.org:5222"}, KindDomain, no},
		{"example.org", "gibberish", []string{"xmpp:example.org:5222"}, KindDomain, no},

		// decisions.md 39: ports.
		{"example.org", "xmpp:other.example:443", []string{"xmpp:other.example:443"}, KindRoute, no},
		{"example.org", "xmpp:other.example:1024", []string{"xmpp:other.example:1024"}, KindRoute, no},
		{"example.org", "xmpp:other.example:1023", nil, 0, ReasonPolicyViolation},
		{"example.org", "xmpp:other.example:25", nil, 0, ReasonPolicyViolation},

		// RFC 6761, decisions.md 38.
		{"localhost", "", []string{"xmpp:127.0.0.1:5222", "xmpp:[::1]:5222"}, KindDomain, no},
		{"a.localhost", "", []string{"xmpp:127.0.0.1:5222", "xmpp:[::1]:5222"}, KindDomain, no},
		{"notlocalhost", "", []string{"xmpp:notlocalhost:5222"}, KindDomain, no},
		{"invalid", "", nil, 0, ReasonHostUnknown},
		{"a.Invalid.", "", nil, 0, ReasonHostUnknown},
		{"notinvalid", "", []string{"xmpp:notinvalid:5222"}, KindDomain, no},
		{"example.org", "xmpp:a.invalid:5222", nil, 0, ReasonConnectionFailed},
		{"", "", nil, 0, ReasonImproperAddressing},
		{"user@example.org", "xmpp:other.example:5222", nil, 0, ReasonImproperAddressing},
	} {
		targets, reason := Targets(test.domain, test.route, table)
		var got []string
		for _, target := range targets {
			got = append(got, target.String())
			if target.Kind != test.kind {
				t.Errorf("Targets(%q, %q): %v is a %v, want %v", test.domain, test.route, target, target.Kind, test.kind)
			}
		}
		if reason != test.reason || !slices.Equal(got, test.want) {
			t.Errorf("Targets(%q, %q) = %v, %v, want %v, %v", test.domain, test.route, got, reason, test.want, test.reason)
		}
	}
}

func TestTargetsWithoutTable(t *testing.T) {
	if targets, reason := Targets("example.org", "", nil); len(targets) != 1 || reason != ReasonNone {
		t.Errorf("got %v, %v", targets, reason)
	}
	table := mustTable(t, "*=127.0.0.1:1")
	for _, domain := range []string{"localhost", "a.example", "[::1]", "1.2.3.4"} {
		if targets, _ := Targets(domain, "", table); len(targets) != 1 || targets[0].String() != "xmpp:127.0.0.1:1" {
			t.Errorf("%s: got %v, want the line for every domain", domain, targets)
		}
	}
}

func TestParseRoute(t *testing.T) {
	for _, test := range []struct{ route, want string }{
		{"xmpp:example.org:5222", "xmpp:example.org:5222"},
		{"XMPP:Example.org:5222", "xmpp:example.org:5222"},
		{"xmpps:example.org:5223", "xmpps:example.org:5223"},
		{"xmpp:[2001:db8::1]:5222", "xmpp:[2001:db8::1]:5222"},
		{"xmpp:10.1.2.3:5222", "xmpp:10.1.2.3:5222"},
		{"xmpp:bücher.example:5222", "xmpp:xn--bcher-kva.example:5222"},
		{"xmpp:a:65535", "xmpp:a:65535"},
		{"xmpp:a:05222", "xmpp:a:5222"},
		{"", ""},
		{"xmpp", ""},
		{"xmpp:", ""},
		{"xmpp:example.org", ""},
		{"xmpp:example.org:", ""},
		{"xmpp::5222", ""},
		{"xmpp:a:0", ""},
		{"xmpp:a:65536", ""},
		{"xmpp:a:+5", ""},
		{"xmpp:a:-5", ""},
		{"xmpp:a:5222x", ""},
		{"xmpp:a:99999999999999999999", ""},
		{"xmpp:2001:db8::1:5222", ""},
		{"xmpp:[2001:db8::1:5222", ""},
		{"xmpp:[fe80::1%eth0]:5222", ""},
		{"xmpp://a:5222", ""},
		{"http:a:5222", ""},
		{"xmpp:user@a:5222", ""},
		{"xmpp:127.1:5222", ""},
		{" xmpp:a:5222", ""},
	} {
		target, ok := ParseRoute(test.route)
		if ok != (test.want != "") || ok && (target.String() != test.want || target.Kind != KindRoute) {
			t.Errorf("ParseRoute(%q) = %v, %v, want %q", test.route, target, ok, test.want)
		}
	}
}

func TestTableAdd(t *testing.T) {
	for _, line := range []string{
		"", "a", "=", "a=", "=b:1", "a=b", "a=b:", "a=b:0", "a=b:70000", "a=b:c", "a=::1:5222", "a=[::1]", "a@b=c:1", "*.=c:1", "*a=c:1",
		"a.*=c:1", "a=xmpps:5223", "a=http://c:1",
	} {
		if err := new(Table).Add(line); err == nil {
			t.Errorf("Add(%q) succeeds", line)
		}
	}
	table := mustTable(t, "a=xmpp:5222", "b=XMPPS:[::1]:5223", "c=xmpp:d:5222", "[::1]=e:5222")
	for _, test := range []struct{ domain, want string }{
		{"a", "xmpp:xmpp:5222"}, // a host named xmpp
		{"b", "xmpps:[::1]:5223"},
		{"c", "xmpp:d:5222"},
		{"[::1]", "xmpp:e:5222"},
	} {
		if targets, _ := Targets(test.domain, "", table); len(targets) != 1 || targets[0].String() != test.want {
			t.Errorf("%s: got %v, want %s", test.domain, targets, test.want)
		}
	}
}

func TestKindString(t *testing.T) {
	if got := KindBackend.String() + " " + Kind(9).String(); got != "backend invalid" {
		t.Error(got)
	}
}

func TestTableProxy(t *testing.T) {
	var table Table
	if table.HasProxy() || (*Table)(nil).HasProxy() {
		t.Error("an empty table has one")
	}
	for _, line := range []string{"a.example=127.0.0.1:1", "b.example=xmpps:[::1]:2,proxy"} {
		if err := table.Add(line); err != nil {
			t.Fatal(err)
		}
	}
	for domain, want := range map[string]Target{
		"a.example": {Kind: KindBackend, Host: "127.0.0.1", Port: 1},
		"b.example": {Kind: KindBackend, Host: "::1", Port: 2, DirectTLS: true, Proxy: true},
	} {
		if got := table.find(domain); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %+v", domain, got)
		}
	}
	if !table.HasProxy() {
		t.Error("the table has none")
	}
	for _, line := range []string{"a.example=127.0.0.1:1,", "a.example=127.0.0.1:1,Proxy", "a.example=127.0.0.1:1,proxy,proxy", "a.example=127.0.0.1,proxy"} {
		if err := table.Add(line); err == nil {
			t.Errorf("%s was taken", line)
		}
	}
}
