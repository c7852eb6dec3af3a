package boshserver_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"go-xmpp-bosh/boshserver"
	"go-xmpp-bosh/demo"
)

// A server inside a program, before an XMPP server: here that of package demo.
func Example() {
	xmpp, err := demo.Start(demo.Config{Domain: "localhost"})
	if err != nil {
		log.Fatal(err)
	}
	defer xmpp.Close()

	server, err := boshserver.New(boshserver.Config{
		Listen:   []string{"127.0.0.1:0"}, // any port that is free
		Backends: []string{"localhost=" + xmpp.Addr().String()},
		Hooks: boshserver.Hooks{
			StreamAdd: func(s boshserver.Session, r *boshserver.Request) boshserver.Condition {
				fmt.Printf("%s asks for %s over %s\n", s.UA(), r.Domain, s.Transport())
				return boshserver.None
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	server.Start()

	client := newBrowser(server, "localhost", "ua='My App 1.0'")
	fmt.Println("features came:", client.has("<mechanisms"))

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	// Output:
	// My App 1.0 asks for localhost over bosh
	// features came: true
}
