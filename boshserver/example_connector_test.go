package boshserver_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"go-xmpp-bosh/boshserver"
)

// A backend that is no XMPP server: every message is a question to a web service, and what that says is the answer. It takes everybody (SASL ANONYMOUS) and gives each client
// an address, so any XMPP client can talk to it.
func ExampleConnector() {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "You said %q.", r.FormValue("q"))
	}))
	defer web.Close()

	server, err := boshserver.New(boshserver.Config{
		Listen:     []string{"127.0.0.1:0"},
		Connectors: map[string]boshserver.Connector{"oracle.example.org": oracle{web.URL}},
	})
	if err != nil {
		log.Fatal(err)
	}
	server.Start()

	client := newBrowser(server, "oracle.example.org", "")
	client.post("", `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>`)
	client.post(`xmpp:restart="true"`, "")
	client.post("", `<iq type="set" id="1"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>`)
	client.post("", `<message to="oracle.example.org"><body>Will it rain?</body></message>`)
	fmt.Println(client.text("body"))

	if err := server.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// You said "Will it rain?".
}

// oracle is the Connector: one for all clients.
type oracle struct{ url string }

func (o oracle) Open(st boshserver.Stream, r *boshserver.Request) boshserver.Backend {
	st.Added("", `<mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><mechanism>ANONYMOUS</mechanism></mechanisms>`)
	return &visitor{Stream: st, oracle: o, questions: make(chan struct{}, 8)}
}

// A visitor is the Backend of one client.
type visitor struct {
	boshserver.Stream
	oracle
	questions chan struct{} // one for each that is under way
}

// HandleStanza must not block: what asks the web service is a goroutine.
func (v *visitor) HandleStanza(st *boshserver.Stanza) {
	switch {
	case st.Name() == "auth":
		v.Respond(`<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>`)
	case st.Name() == "iq" && st.Child("bind") != nil:
		v.Respond(fmt.Sprintf(`<iq type="result" id="%s"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>%s@%s/web</jid></bind></iq>`,
			escape(st.Attr("id")), v.Session().ID(), v.Domain()))
	case st.Name() == "iq" && (st.Attr("type") == "get" || st.Attr("type") == "set"):
		v.Respond(fmt.Sprintf(`<iq type="error" id="%s"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
			escape(st.Attr("id"))))
	case st.Name() == "message" && st.Child("body") != nil:
		select {
		case v.questions <- struct{}{}:
			go v.ask(st.Child("body").Text())
		default: // too many at once
			v.End(boshserver.PolicyViolation)
		}
	}
}

// ask runs on a goroutine of its own. Respond may be called from anywhere.
func (v *visitor) ask(question string) {
	defer func() { <-v.questions }()
	answer := "I can't tell."
	if r, err := http.Get(v.url + "?q=" + url.QueryEscape(question)); err == nil {
		if b, err := io.ReadAll(io.LimitReader(r.Body, 10_000)); err == nil {
			answer = string(b)
		}
		r.Body.Close()
	}
	v.Respond(fmt.Sprintf(`<message from="%s" type="chat"><body>%s</body></message>`, v.Domain(), escape(answer)))
}

// HandleRestart comes after the log-in.
func (v *visitor) HandleRestart(*boshserver.Request) {
	v.Restarted("", `<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>`)
}

func (v *visitor) HandleTerminate(bool) {}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		log.Print(err)
	}
	return b.String()
}
