package boshserver_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"go-xmpp-bosh/boshserver"
)

// A browser is the client of the examples: it speaks BOSH, one request after the other.
type browser struct {
	url, sid string
	rid      int
	last     string // what came last
}

func newBrowser(s *boshserver.Server, domain, attrs string) *browser {
	b := &browser{url: "http://" + s.Addr().String() + "/http-bind/"}
	b.post(fmt.Sprintf("to='%s' wait='30' hold='1' ver='1.6' xmpp:version='1.0' %s", domain, attrs), "")
	var body struct {
		SID string `xml:"sid,attr"`
	}
	if err := xml.Unmarshal([]byte(b.last), &body); err != nil {
		log.Fatal(err)
	}
	b.sid = fmt.Sprintf("sid='%s' ", body.SID)
	return b
}

// post sends a request, and waits for its answer.
func (b *browser) post(attrs, payload string) {
	b.rid++
	if payload != "" {
		payload = strings.NewReplacer("<message", "<message xmlns='jabber:client'", "<iq", "<iq xmlns='jabber:client'").Replace(payload)
	}
	r, err := http.Post(b.url, "text/xml", strings.NewReader(fmt.Sprintf(
		"<body rid='%d' %s%s xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'>%s</body>", b.rid, b.sid, attrs, payload)))
	if err != nil {
		log.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		log.Fatal(err)
	}
	b.last = string(text)
}

func (b *browser) has(text string) bool { return strings.Contains(b.last, text) }

// text is what stands in the innermost element of that name.
func (b *browser) text(name string) string {
	_, after, _ := strings.Cut(b.last[1:], "<"+name+">")
	before, _, _ := strings.Cut(after, "</"+name+">")
	return strings.NewReplacer("&#34;", `"`, "&quot;", `"`).Replace(before)
}
