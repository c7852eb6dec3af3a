package wire

import (
	"encoding/xml"
	"testing"
)

func TestBodiesAreXML(t *testing.T) {
	for _, b := range [][]byte{
		AppendCreation(nil, 1, "localhost", " route='xmpp:a:1'"),
		AppendBody(nil, 2, "s", nil),
		AppendBody(nil, 3, "s", []byte("<message/>")),
		AppendRestart(nil, 4, "s", "localhost"),
		AppendTerminate(nil, 5, "s"),
	} {
		var v struct {
			XMLName xml.Name
			RID     uint64 `xml:"rid,attr"`
		}
		if err := xml.Unmarshal(b, &v); err != nil || v.RID == 0 || v.XMLName.Space != "http://jabber.org/protocol/httpbind" {
			t.Errorf("%s: %+v, %v", b, v, err)
		}
	}
}

func TestBodyAttributes(t *testing.T) {
	if sid, ok := BodySID([]byte(`<body wait="5" authid='no' sid="abc" xmlns='x'><x sid='y'/></body>`)); !ok || string(sid) != "abc" {
		t.Errorf("sid %q, %v", sid, ok)
	}
	if sid, ok := BodySID([]byte(`<body wait='5'><x sid='y'/></body>`)); ok {
		t.Errorf("sid %q of a payload", sid)
	}
	if cond, over := BodyTerminates([]byte(`<body type='terminate' condition='item-not-found'/>`)); !over || string(cond) != "item-not-found" {
		t.Errorf("%q, %v", cond, over)
	}
	if _, over := BodyTerminates([]byte(`<body><message type='terminate'/></body>`)); over {
		t.Error("a message's type ends the session")
	}
}
