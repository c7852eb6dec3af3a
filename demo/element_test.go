package demo

import "testing"

func TestWith(t *testing.T) {
	e := &element{space: nsClient, local: "iq", attrs: []attr{{"", "id", "1"}, {nsXML, "id", "2"}}}
	if got := e.with("id", "3").xml(); got != "<iq xml:id='2' id='3'/>" {
		t.Error(got)
	}
	if got := e.with("id", "").xml(); got != "<iq xml:id='2'/>" {
		t.Error(got)
	}
	if got := e.xml(); got != "<iq id='1' xml:id='2'/>" {
		t.Errorf("with changed its element: %s", got)
	}
}

func TestLookups(t *testing.T) {
	e := parse(t, "<iq a='1' xml:b='2'>x<y xmlns='u'>no</y>z<y xmlns='v'/></iq>")
	if e.attr("a") != "1" || e.attr("b") != "" || e.text() != "xz" || len(e.children()) != 2 {
		t.Errorf("%#v", e)
	}
	if y := e.child("v", "y"); y == nil || y.text() != "" {
		t.Errorf("child is %#v", y)
	}
	if e.child("w", "y").text() != "" {
		t.Error("no element has text")
	}
}
