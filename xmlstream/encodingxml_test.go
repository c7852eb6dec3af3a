package xmlstream

import "testing"

// Where encoding/xml and we differ, so that the lists in fuzz_test.go are no hearsay.
func TestEncodingXML(t *testing.T) {
	for _, doc := range []string{ // it accepts what we refuse
		"<a b='c'd='e'/>",
		"<a b='c' b='d'/>",
		"<a xmlns='u' xmlns='v'/>",
		"<a/><b/>",
		"text<a/>text",
		"",
		"<a>&#xD800;</a>",
		"<p:a/>",
		"<:a/>",
		"<a:/>",
		"<a xmlns:p=''/>",
		"<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
		"<a><!-- --></a>",
		"<a><?b?></a>",
		"<!DOCTYPE a><a/>",
		"<a/><?xml version='1.0'?>",
		"<?xml version='1.0' nonsense?><a/>",
	} {
		if err := encodingXML([]byte(doc)); err != nil {
			t.Errorf("%q: encoding/xml refuses it: %v", doc, err)
		}
		if drive(NewPool(), ModeMessage, unlimited, []byte(doc)).accepted([]byte(doc)) || reference(doc, ModeMessage) == nil {
			t.Errorf("%q: we accept it", doc)
		}
	}
	for _, doc := range []string{"<𐀀/>", "<a b\u2070='c'/>", "<a\u203f/>"} { // it refuses what we accept
		if err := encodingXML([]byte(doc)); err == nil || !isQuirk(err) {
			t.Errorf("%q: encoding/xml says %v", doc, err)
		}
		checkElement(t, doc, ErrNone)
	}
}
