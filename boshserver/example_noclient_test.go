package boshserver_test

import (
	"context"
	"fmt"
	"log"

	"go-xmpp-bosh/boshserver"
)

// A message that its client did not fetch is mailed to it.
func ExampleHooks_noClient() {
	mails, mailed := make(chan *boshserver.Stanza, 100), make(chan struct{})
	go func() { // the mailer, which takes its time
		defer close(mailed)
		for st := range mails {
			fmt.Printf("To: %s\nSubject: A message from %s\n\n%s\n", st.Attr("to"), st.Attr("from"), st.Child("body").Text())
		}
	}()

	sessions := make(chan boshserver.Session, 1)
	server, err := boshserver.New(boshserver.Config{
		Listen:     []string{"127.0.0.1:0"},
		Connectors: map[string]boshserver.Connector{"example.org": boshserver.ConnectorFunc(openPrinter)},
		Hooks: boshserver.Hooks{
			StreamAdded: func(s boshserver.Session, _ string) { sessions <- s },
			NoClient: func(_ boshserver.Session, st *boshserver.Stanza) (handled bool) {
				if st.Name() != "message" || st.Child("body") == nil {
					return false
				}
				select {
				case mails <- st.Clone(): // the stanza is borrowed
					return true
				default:
					return false // the mailer is busy: let the sender know
				}
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	server.Start()

	newBrowser(server, "example.org", "") // and it does not ask again
	session := <-sessions
	session.Send(`<message from="juliet@example.org" to="romeo@example.org"><body>Art thou not there?</body></message>`)
	session.Terminate(boshserver.None) // or, after a minute of silence, by itself

	if err := server.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
	close(mails) // no handler is called after Shutdown
	<-mailed
	// Output:
	// To: romeo@example.org
	// Subject: A message from juliet@example.org
	//
	// Art thou not there?
}
