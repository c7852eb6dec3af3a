package xmppconn

import (
	"slices"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
)

// What a fuzzer's bytes stand for: whole things, so that it gets somewhere, beside the bytes themselves.
var (
	fuzzServer = []string{
		serverHeader, serverFeatures, saslSuccess, serverHeader + serverFeatures, " \n", "</stream:stream>",
		"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>1000</max-bytes></limits></stream:features>",
		"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
		"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
		"<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
		"<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns:p='urn:p' xmlns='jabber:client'>",
		"<success xmlns='urn:xmpp:sasl:2'><resumed xmlns='urn:xmpp:sm:3'/></success>",
		"<enabled xmlns='urn:xmpp:sm:3' resume='true'/>",
		"<message from='a'><body>&lt;x</body></message>", "<p:a/>",
		"<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
		"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>b.example</see-other-host></stream:error>",
	}
	fuzzClient = []string{
		"<message to='a'><body>b</body></message>", saslAuth, "<authenticate xmlns='urn:xmpp:sasl:2'/>", "<a xmlns='urn:a'/>",
		"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<compress xmlns='http://jabber.org/protocol/compress'/>",
		"<error xmlns='http://etherx.jabber.org/streams'/>", "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
		"<body xmlns='http://jabber.org/protocol/httpbind' xmlns:p='urn:p'><message/><p:a p:b='c'/><iq><p:d/></iq></body>",
	}
	fuzzBounce = []string{"<message from='a\"' to=\"b'\" id='&lt;'/>", "<iq type='get'/>", "<iq type='result'/>", "<"}
)

// playFuzz plays a fuzzer's bytes: an input in the high half of one, its argument in the low half; text goes to the next NUL.
func playFuzz(r *rig, script []byte, p Params) {
	r.env.StanzaBytesMax = 600
	r.env.PendingBytesMax = 300
	r.hops = 2
	r.open(p)
	next := func() []byte {
		i := slices.Index(script, 0)
		if i < 0 {
			i = len(script)
		}
		b := script[:i]
		script = script[min(i+1, len(script)):]
		return b
	}
	for len(script) > 0 {
		op, arg := script[0]>>4, int(script[0]&15)
		script = script[1:]
		switch op {
		case 0:
			r.connect()
		case 1:
			if r.maySecure() {
				r.handleSecure()
			}
		case 2, 3, 4:
			r.server([]byte(fuzzServer[arg%len(fuzzServer)]))
		case 5:
			r.server(next())
		case 6, 7:
			r.client([]byte(fuzzClient[arg%len(fuzzClient)]))
		case 8:
			r.client(next())
		case 9:
			r.restart(Restart{})
		case 10:
			r.restart(Restart{To: next(), From: next(), Lang: next(), Attrs: []Attr{{next(), next()}, {next(), next()}}})
		case 11:
			if arg&1 == 0 {
				r.terminate(arg&2 == 0)
			} else {
				r.after([]timer.Time{1, 2000, 15000, 60000}[arg>>2])
			}
		case 12:
			r.bounce([]byte(fuzzBounce[arg%len(fuzzBounce)]))
		case 13:
			r.bounce(next())
		case 14:
			r.eof()
		case 15:
			r.handleClosed(Reason(arg))
		}
	}
	r.handleClosed(ReasonNone)
	if r.env.Scan == nil || r.st.stage != stageEnded {
		r.errorf("the stream outlives its connection")
	}
}

// FuzzStream holds (*rig).check after each input, from both sides, and that it does not matter how the server's bytes are cut.
func FuzzStream(f *testing.F) {
	for _, script := range []string{
		"\x00\x20\x21\x61\x22\x90\x23\x60\xb0\x25",
		"\x00\x20\x26\x60\x27\x10\x23\x2d\x2c\xb2",
		"\x00\x2a\x2d\x2e\x5f<message/>\x00\x8f<iq/>\x00\xc0\xe0",
		"\x60\x61\x90\x60\x00\x23\x22\x23\xaf\xb0example.org\x00a\x00b\x00c\x00d\x00e\x00f\x00\xf3",
		"\x00\x23\x2b\xb2", "\x00\x23\x64\x65\x66", "\x00\x23\x2f", "\x00\x20\xb9\xb9\xbd", "\x10\x20\x26\x68\xd0<message from='a'/>",
	} {
		for mode := range uint8(6) {
			f.Add([]byte(script), mode)
		}
	}
	f.Fuzz(func(t *testing.T, script []byte, mode uint8) {
		p := Params{Domain: "example.org", From: "a@b", Lang: "en", TLS: Policy(mode % 3), MaxBytes: uint32(mode/3%2) * 500}
		whole, cut := newRig(t), newRig(t)
		cut.byte = true
		playFuzz(whole, script, p)
		playFuzz(cut, script, p)
		if slices.Equal(whole.log, cut.log) {
			return
		}
		// Bytes behind <proceed/> in one read: then the handshake is not even begun, and later input finds another state.
		if slices.Contains(cut.log, "starttls") && slices.Contains(whole.log, "end tls-failed") {
			return
		}
		t.Errorf("in one piece:\n%s\nbyte by byte:\n%s", strings.Join(whole.log, "\n"), strings.Join(cut.log, "\n"))
	})
}

// FuzzHead: a header is a header whatever a client calls itself.
func FuzzHead(f *testing.F) {
	f.Add("example.org", "a@b", "en", "1.0", "a", "b")
	f.Add("bücher.example", "a'b\"c&d<e>\t\n", "e'n", "1.0'", "xmlns:p", "urn:p'")
	f.Add("[::1]", "\xff", "", "", "p:q", "\x00")
	f.Fuzz(func(t *testing.T, domain, from, lang, version, name, value string) {
		r := newRig(t)
		if _, ok := ParseDomain(domain); !ok {
			return
		}
		h := newHead(&Params{Domain: domain, From: from, Lang: lang, Version: version})
		h = h.with(&Restart{Attrs: []Attr{{[]byte("xmlns:z"), []byte("urn:z")}, {[]byte(name), []byte(value)}}}, &r.env)
		b, _ := h.append(nil, nil, true)
		if !isStreamPrefix(b) {
			t.Errorf("no header: %q", b)
		}
		if !h.isHeader(&r.env) {
			t.Errorf("not taken for a header: %q", b)
		}
	})
}
