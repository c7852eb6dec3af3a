//go:build integration && linux

package integration

import (
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// startReverseProxy puts an HTTP proxy before the server that says of each request, over either transport, whom it is from.
func startReverseProxy(t *testing.T, s *server, from string) *url.URL {
	t.Helper()
	target := &url.URL{Scheme: "http", Host: s.addr}
	p := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Set("X-Forwarded-For", from)
		},
		ErrorLog: log.New(io.Discard, "", 0), // clients leave with a request held
	})
	t.Cleanup(func() {
		p.CloseClientConnections()
		p.Close()
	})
	u, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestReachProxyProtocol has ejabberd require a PROXY protocol header: the address that it has for each session is its
// client's, as the HTTP proxy in front of bosh-server tells it; not what a client claims to whom no proxy is trusted.
func TestReachProxyProtocol(t *testing.T) {
	t.Parallel()
	needStrophe(t)
	e := startEjabberdWith(t, "use_proxy_protocol", nil)
	for _, test := range []struct {
		name, forwarded, trusted string
		from                     string // the address in ejabberd's log
		webSocket                bool
	}{
		{"BOSH, IPv4", "10.9.8.7, 203.0.113.7", "127.0.0.1", "203.0.113.7", false},
		{"WebSocket, IPv6", "2001:db8::9", "127.0.0.0/8", "2001:db8::9", true},
		{"BOSH, not trusted", "203.0.113.10", "192.0.2.1", "127.0.0.1", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--backend=localhost="+e.addr+",proxy", "--trusted-proxies="+test.trusted)
			p := startReverseProxy(t, s, test.forwarded)
			if test.webSocket {
				var r clientResult
				runClient(t, "client_ws_strophe.mjs", pair("ws://"+p.Host+webSocketPath), &r)
				checkClient(t, r, 50)
			} else {
				r := strophe(t, stropheOptions{Service: "http://" + p.Host + s.path, JID: aliceJID, Password: ptr(alicePassword), Steps: []string{"roster"}})
				if r.Outcome != "CONNECTED" || !strings.HasPrefix(r.Mechanism, "SCRAM-") {
					t.Errorf("the log-in: %+v", r)
				}
			}
			e.waitLine(t, regexp.MustCompile(`Accepted c2s .*authentication for alice@localhost .* from `+regexp.QuoteMeta(test.from)+`\b`))
			if strings.Contains(e.output(), "203.0.113.10") || strings.Contains(e.output(), "10.9.8.7") {
				t.Error("ejabberd was told an address that only the client claims")
			}
		})
	}
}
