package boshserver_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"go-xmpp-bosh/boshserver"
)

// A filter of what clients send: it drops one kind of message, and changes another.
func ExampleHooks_filter() {
	filter := func(s boshserver.Session, st *boshserver.Stanza) {
		if st.Name() != "message" {
			return
		}
		if st.Attr("type") == "headline" {
			st.Drop()
			return
		}
		// What goes on instead is checked: no filter can break a stream.
		if err := st.Replace(strings.ReplaceAll(st.String(), "damn", "d…n")); err != nil {
			log.Print(err)
		}
	}
	server, err := boshserver.New(boshserver.Config{
		Listen:     []string{"127.0.0.1:0"},
		Connectors: map[string]boshserver.Connector{"example.org": boshserver.ConnectorFunc(openPrinter)},
		Hooks:      boshserver.Hooks{FromClient: filter},
	})
	if err != nil {
		log.Fatal(err)
	}
	server.Start()

	client := newBrowser(server, "example.org", "")
	client.post("", `<message type="headline"><body>Buy now</body></message>`+
		`<message to="a@example.org"><body>damn good coffee</body></message>`)

	if err := server.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// the backend got: d…n good coffee
}

// A printer stands for whatever is behind the server.
type printer struct{ boshserver.Stream }

func openPrinter(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
	st.Added("", "")
	return printer{st}
}

func (p printer) HandleStanza(st *boshserver.Stanza) {
	fmt.Println("the backend got:", st.Child("body").Text())
	p.Respond("<presence/>") // so that the client's request is answered
}

func (p printer) HandleRestart(*boshserver.Request) {}
func (p printer) HandleTerminate(bool)              {}
