package wire

import (
	"encoding/xml"
	"strings"
	"testing"
)

func TestStepsReached(t *testing.T) {
	for _, test := range []struct {
		step Step
		in   string
		want bool
	}{
		{StepMechanisms, "<stream:features><mechanisms><mechanism>PLAIN</mechanism>", true},
		{StepMechanisms, "<stream:stream>", false},
		{StepSuccess, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", true},
		{StepBind, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>", true},
		{StepBound, "<jid>a@b/c</jid>", true},
		{StepReady, "<jid>", false},
	} {
		if got := test.step.Reached([]byte(test.in)); got != test.want {
			t.Errorf("%s, %s: %v", test.step, test.in, got)
		}
	}
}

func TestBoundJID(t *testing.T) {
	if jid, ok := BoundJID([]byte("<iq><bind><jid>a@b/c</jid></bind></iq>")); !ok || string(jid) != "a@b/c" {
		t.Errorf("%q, %v", jid, ok)
	}
	if jid, ok := BoundJID([]byte("<iq><bind><jid>a@b")); ok {
		t.Errorf("%q from half an answer", jid)
	}
}

func TestRefusedAndEnded(t *testing.T) {
	if !Refused([]byte("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")) || Refused([]byte("<success/>")) {
		t.Error("a failure isn't told from a success")
	}
	if !EndsStream([]byte(FramedClose)) || !EndsStream([]byte("x"+StreamEnd)) || EndsStream([]byte("<message/>")) {
		t.Error("the end of a stream isn't told from a message")
	}
}

func TestElementsAreXML(t *testing.T) {
	for _, el := range []string{BindRequest, Plain("u"), Anonymous, FramedOpen("localhost"), FramedClose, StreamHeader("localhost", "xmpp:a:1") + StreamEnd} {
		d := xml.NewDecoder(strings.NewReader(el))
		for {
			if _, err := d.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v", el, err)
				}
				break
			}
		}
	}
}
