package boshserver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"go-xmpp-bosh/boshserver"
	"go-xmpp-bosh/proxy"
)

// The address is the client's, which a trusted proxy in front tells; Config.Adjust has such settings.
func TestRemoteAddr(t *testing.T) {
	addrs := make(chan string, 2)
	s := start(t, boshserver.Config{
		Connectors: map[string]boshserver.Connector{"*": boshserver.ConnectorFunc(openEcho)},
		Hooks: boshserver.Hooks{StreamAdd: func(s boshserver.Session, _ *boshserver.Request) boshserver.Condition {
			addrs <- s.RemoteAddr().String() + " over " + s.Transport().String()
			return boshserver.None
		}},
		Adjust: func(c *proxy.Config) error {
			c.TrustedProxies = proxy.Networks{netip.MustParsePrefix("127.0.0.0/8")}
			return nil
		},
	})
	header := http.Header{"X-Forwarded-For": {"192.0.2.7"}}
	r, err := http.NewRequest(http.MethodPost, "http://"+s.Addr().String()+"/http-bind/",
		strings.NewReader("<body rid='1' to='example.org' wait='0' hold='0' ver='1.6' xmlns='http://jabber.org/protocol/httpbind'/>"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	if _, err := http.DefaultClient.Do(r); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, addrs, "192.0.2.7 over bosh")
	conn, _, _, err := ws.Dialer{Protocols: []string{"xmpp"}, Header: ws.HandshakeHeaderHTTP(header)}.Dial(context.Background(), "ws://"+s.Addr().String()+"/ws/")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := wsutil.WriteClientText(conn, []byte("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>")); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, addrs, "192.0.2.7 over websocket")
}

// A client that acknowledges has the answer before the one that its request answers to (XEP-0124 §9.2).
func TestResponseAcknowledged(t *testing.T) {
	calls := make(chan string, 10)
	s := start(t, boshserver.Config{
		Connectors: map[string]boshserver.Connector{"*": boshserver.ConnectorFunc(openEcho)},
		Hooks:      boshserver.Hooks{ResponseAcknowledged: func(_ boshserver.Session, rid uint64) { calls <- fmt.Sprint("rid ", rid) }},
	})
	c := connect(t, s, boshserver.BOSH, "example.org", "ack='1'")
	c.want("features")
	c.send("<message xmlns='jabber:client' id='1'/>")
	c.want("id='1'")
	c.send("<message xmlns='jabber:client' id='2'/>")
	wantCalls(t, calls, "rid 1", "rid 2")
}

// What is sent before the stream is open would take the place of its header and features.
func TestSendBeforeOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		asked := make(chan boshserver.Stream, 1)
		s := start(t, boshserver.Config{Connectors: map[string]boshserver.Connector{"*": boshserver.ConnectorFunc(
			func(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
				st.Session().Send("<message id='early'/>")
				asked <- st
				return echo{st}
			})}})
		go func() {
			st := <-asked
			st.Added("later", "<a xmlns='b'/>")
			st.Session().Send("<message id='late'/>")
		}()
		if text := connect(t, s, over, "example.org", "").want("features", "id='late'"); hasAll(text, []string{"id='early'"}) {
			t.Errorf("%q", text)
		}
	})
}
