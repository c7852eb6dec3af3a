package demo

import (
	"slices"
	"strings"
	"testing"
)

func TestMechanisms(t *testing.T) {
	for password, want := range map[string][]string{
		"":  {"PLAIN", "ANONYMOUS"},
		"x": {"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"},
	} {
		f := dial(t, start(t, Config{Password: password})).open()
		var got []string
		for _, m := range f.child(nsSASL, "mechanisms").children() {
			got = append(got, m.text())
		}
		if !slices.Equal(got, want) {
			t.Errorf("with password %q: %v, want %v", password, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	const tooLong = 1024
	for _, tt := range []struct {
		password, data string
		fails          string // "": succeeds
	}{
		{"", b64("\x00alice\x00whatever"), ""},
		{"", b64("alice@localhost\x00alice\x00x"), ""},
		{"", b64("Alice@Localhost\x00aLice\x00x"), ""},
		{"", b64("bob@localhost\x00alice\x00x"), "invalid-authzid"},
		{"", b64("alice@localhost/r\x00alice\x00x"), "invalid-authzid"},
		{"", b64("alice\x00alice\x00x"), "invalid-authzid"},
		{"", b64("\x00alice@localhost\x00x"), "not-authorized"},
		{"", b64("\x00al ice\x00x"), "not-authorized"},
		{"", b64("\x00al\xffice\x00x"), "not-authorized"},
		{"", b64("\x00" + strings.Repeat("a", tooLong) + "\x00x"), "not-authorized"},
		{"", b64("\x00\x00x"), "malformed-request"},
		{"", b64("\x00alice\x00"), "malformed-request"},
		{"", b64("alice\x00x"), "malformed-request"},
		{"", b64("\x00alice\x00x\x00y"), "malformed-request"},
		{"", "=", "malformed-request"},
		{"", "*", "incorrect-encoding"},
		{"", "AGFsaWNlAHg", "incorrect-encoding"},
		{"", " " + b64("\x00alice\x00x"), "incorrect-encoding"},
		{"secret", b64("\x00alice\x00secret"), ""},
		{"secret", b64("\x00bob\x00secret"), ""},
		{"secret", b64("\x00alice\x00Secret"), "not-authorized"},
		{"secret", b64("\x00alice\x00secrets"), "not-authorized"},
		{"sëcret😀", b64("\x00alice\x00sëcret😀"), ""},
	} {
		c := dial(t, start(t, Config{Password: tt.password}))
		c.open()
		c.auth("PLAIN", tt.data)
		if tt.fails == "" {
			c.want(nsSASL, "success")
			c.bind("")
		} else {
			c.wantFailure(tt.fails)
		}
	}
}

// RFC 6120 §6.4.2: without an initial response the server asks for it.
func TestPlainWithoutInitialResponse(t *testing.T) {
	c := dial(t, start(t, Config{}))
	c.open()
	c.auth("PLAIN", "")
	if el := c.want(nsSASL, "challenge"); el.text() != "" {
		t.Errorf("challenge %s", el.xml())
	}
	c.send("<response xmlns='%s'>%s</response>", nsSASL, b64("\x00alice\x00x"))
	c.want(nsSASL, "success")
	c.bind("r")
}

func TestAnonymous(t *testing.T) {
	s := start(t, Config{})
	var users []string
	for _, trace := range []string{"", "=", b64("somebody")} {
		c := dial(t, s)
		c.open()
		c.auth("ANONYMOUS", trace)
		c.want(nsSASL, "success")
		c.bind("")
		users = append(users, c.user)
		c.ask("set", "", "<query xmlns='jabber:iq:roster'><item jid='bob@localhost'/></query>")
		c.ask("set", "", "<vCard xmlns='vcard-temp'><FN>N. N.</FN></vCard>")
		other := login(t, s, "bob", "")
		other.send("<presence type='subscribe' to='%s'/></stream:stream>", c.bare())
		other.wantEnd()
		c.send("</stream:stream>")
		c.wantEnd()
	}
	if users[0] == users[1] || users[1] == users[2] {
		t.Errorf("users %v", users)
	}
	wantStored(t, s)
	if len(s.accounts) != 1 { // that of bob, who keeps contacts
		t.Errorf("%d accounts are left", len(s.accounts))
	}
	c := dial(t, start(t, Config{Password: "x"}))
	c.open()
	c.auth("ANONYMOUS", "")
	c.wantFailure("invalid-mechanism")
}

func TestSASLAttempts(t *testing.T) {
	s := start(t, Config{})
	c := dial(t, s)
	c.open()
	c.auth("DIGEST-MD5", "")
	c.wantFailure("invalid-mechanism")
	c.auth("PLAIN", "")
	c.want(nsSASL, "challenge")
	c.send("<abort xmlns='%s'/>", nsSASL)
	c.wantFailure("aborted")
	c.auth("PLAIN", b64("\x00alice\x00x"))
	c.want(nsSASL, "success")

	c = dial(t, s)
	c.open()
	for range saslTriesMax {
		c.auth("PLAIN", "")
		c.want(nsSASL, "challenge")
		c.send("<message/>")
		c.wantFailure("malformed-request")
	}
	c.wantStreamError("policy-violation")
}
