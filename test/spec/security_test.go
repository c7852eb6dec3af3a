package spec

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go-xmpp-bosh/proxy"
)

// XEP-0124 §18 to §20: pipelining, encryption, names, the port.
var securityRows = []row{
	{name: "B100 pipelining isn't asked for, and does no harm", where: "SN §18.1", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("", "")) // held ...
		c.a.post(c.next("", message("1")))
		c.backend.want("id='1'/>") // ... and yet the second takes effect (clients.md)
		c.a.answer().empty()
		c.a.raw(postText(c.next("", message("2"))) + postText(c.next("", message("3"))))
		c.backend.want("id='3'/>")
		c.a.answer().empty()
		c.a.answer().empty()
		c.backend.send("<message id='4'/>")
		c.a.answer().holds("id='4'")
	}},
	{name: "B101 the way to the server is encrypted where it offers that", where: "S §19.2", test: func(t *testing.T) {
		s := serveWith(t, trusting)
		on := s.dial()
		on.post(create(usual))
		be := s.backend()
		be.offerTLS("proceed")
		secure, err := be.handshake()
		if err != nil {
			t.Fatal(err)
		}
		secure.open()
		on.outcome().holds("<stream:features")
		// A certificate that nobody vouches for, or TLS that fails: no connection, above all none in clear.
		s = serve(t)
		on = s.dial()
		on.post(create(usual))
		be = s.backend()
		be.offerTLS("proceed")
		if _, err := be.handshake(); err == nil {
			t.Error("the certificate was accepted")
		}
		on.outcome().ends("remote-connection-failed")
		on.post(create(usual))
		s.backend().offerTLS("failure")
		on.outcome().ends("remote-connection-failed")
	}},
	{name: "B102 a session that began encrypted stays so", where: "M §19.1", test: func(t *testing.T) {
		s := serveWith(t, func(cfg *proxy.Config) {
			if err := cfg.TrustedProxies.Add("127.0.0.1"); err != nil {
				t.Fatal(err)
			}
		})
		const tls = "X-Forwarded-Proto: https"
		on := s.dial()
		on.post(create(usual), tls)
		be := s.backend()
		be.open()
		created := on.answer().holds("<stream:features")
		next := func(rid int) string {
			return fmt.Sprintf("<body rid='%d' sid='%s'%s>%s</body>", rid, created.attr("sid"), namespaces, message(strconv.Itoa(rid)))
		}
		clear := s.dial()
		clear.post(next(firstRID + 1))
		clear.closed() // S: the connection is closed; SN: the session is not ended
		clear = s.dial()
		clear.post(fmt.Sprintf("<body rid='%d' sid='%s' type='terminate'%s/>", firstRID+1, created.attr("sid"), namespaces))
		clear.closed()
		on.post(next(firstRID+1), tls)
		be.want("id='1001'/>")
	}},
	{name: "B103 the same client certificate on all connections", where: "S §19.1", skip: "client certificates are not asked for"},
	{name: "B104 sids have at least 120 random bits", where: "M §19.3", test: func(t *testing.T) {
		uuid4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-`) // 122 of them
		s := serve(t)
		on := s.dial()
		var ones [36][16]bool // which digits have been seen where
		for range 200 {
			sid := on.ask(create(polling)).attr("sid")
			if !uuid4.MatchString(sid) {
				t.Fatalf("sid %q is no version 4 UUID and a number", sid)
			}
			for i := range 36 {
				if d := strings.IndexByte("0123456789abcdef", sid[i]); d >= 0 {
					ones[i][d] = true
				}
			}
		}
		for i, digits := range ones {
			n := 0
			for _, seen := range digits {
				if seen {
					n++
				}
			}
			if i != 8 && i != 13 && i != 14 && i != 18 && i != 19 && i != 23 && n < 12 {
				t.Errorf("digit %d takes only %d values", i, n)
			}
		}
	}},
	{name: "B105 the port is 5280 by convention", where: "§20", skip: "the command's default: cmd/bosh-server/flags_test.go asserts it"},
}
