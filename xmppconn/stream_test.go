package xmppconn

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"go-xmpp-bosh/xmlstream"
)

// TestZeroStream: the zero value is a stream that has ended.
func TestZeroStream(t *testing.T) {
	var st Stream
	if n := st.HandleData(1, []byte("<a/>")); n != 4 {
		t.Errorf("consumed %d bytes, want all", n)
	}
	st.HandleConnect(1)
	st.HandleSecure(1)
	st.HandleEOF(1)
	st.HandleClosed(1, ReasonTimeout)
	st.HandleTimeout(1)
	st.HandleStanza(1, &xmlstream.Element{})
	st.HandleRestart(1, Restart{To: []byte("@")})
	st.HandleTerminate(1, true)
	st.Bounce(1, []byte("<message/>"))
	st.SetTLS(TLSRequire)
	if st.Deadline() != 0 || st.Domain() != "" || st.IsOpened() || st.IsSecure() || st.IsResumable() {
		t.Errorf("not the zero value any more: %+v", st)
	}
}

// TestReuse: a record that is opened again knows nothing of its former life.
func TestReuse(t *testing.T) {
	r := newOpenRig(t)
	r.server([]byte("<enabled xmlns='urn:xmpp:sm:3' resume='true'/>"))
	r.handleClosed(ReasonNone)
	r.open(Params{Domain: "other.example", Tag: 7})
	if st := &r.st; st.Tag != 7 || st.Domain() != "other.example" || st.IsOpened() || st.IsResumable() || st.told || st.managed {
		t.Errorf("remembers: %+v", st)
	}
}

func TestSetTLS(t *testing.T) {
	r := newRig(t)
	r.open(Params{Domain: "example.org"})
	r.st.SetTLS(TLSRequire)
	r.connect()
	r.st.SetTLS(TLSOff)
	if r.st.tls != TLSRequire {
		t.Errorf("the policy is %v", r.st.tls)
	}
}

// TestWatch: what the driver may ask.
func TestWatch(t *testing.T) {
	r := newRig(t)
	r.open(Params{Domain: "example.org", TLS: TLSRequire})
	if r.handleSecure(); !r.st.IsSecure() || r.st.IsOpened() {
		t.Error("want a secure stream that is not open yet")
	}
	r.server([]byte(serverHeader))
	if r.st.IsOpened() {
		t.Error("open before its features")
	}
	r.server([]byte(serverFeatures + "<enabled xmlns='urn:xmpp:sm:3' resume='true'/>"))
	if !r.st.IsOpened() || !r.st.IsResumable() {
		t.Error("want an open, resumable stream")
	}
}

// TestSentIsXML asks encoding/xml about what was sent.
func TestSentIsXML(t *testing.T) {
	r := newOpenRig(t)
	r.client([]byte("<body xmlns='http://jabber.org/protocol/httpbind' xmlns:p='urn:&amp;p'><message p:a='\"'/><p:x><y/></p:x></body>"))
	r.bounce([]byte(`<message from="o'neill@example.org" to='a&amp;"b@example.org' id="1"/>`))
	r.terminate(true)
	d := xml.NewDecoder(strings.NewReader(string(r.level)))
	var names []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, r.level)
		}
		if start, ok := token.(xml.StartElement); ok {
			names = append(names, start.Name.Space+" "+start.Name.Local)
		}
	}
	want := "http://etherx.jabber.org/streams stream, jabber:client message, urn:&p x, jabber:client y, jabber:client message, " +
		"jabber:client error, urn:ietf:params:xml:ns:xmpp-stanzas recipient-unavailable"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestStreamEnums(t *testing.T) {
	for _, test := range []struct {
		name func(uint8) string
		n    uint8
	}{
		{func(i uint8) string { return Reason(i).String() }, uint8(len(reasonNames))},
		{func(i uint8) string { return Policy(i).String() }, uint8(len(policyNames))},
		{func(i uint8) string { return stage(i).String() }, uint8(len(stageNames))},
	} {
		seen := map[string]bool{}
		for i := range test.n {
			if s := test.name(i); s == "" || s == "invalid" || seen[s] {
				t.Errorf("%d is called %q", i, s)
			} else {
				seen[s] = true
			}
		}
		if s := test.name(test.n); s != "invalid" {
			t.Errorf("%d is called %q", test.n, s)
		}
	}
}
