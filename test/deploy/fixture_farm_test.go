//go:build integration && linux

package deploy

import (
	"crypto/x509"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// node is a bosh-server with an XMPP server of its own, so that what arrives there has gone through this node.
type node struct {
	*process
	name string
	addr string
	xmpp *xmppServer
}

// farm is two nodes behind a proxy.
type farm struct {
	node1, node2 *node
	url          string // of BOSH, through the proxy
	pool         *x509.CertPool
	authority    string // the file of the certificate in pool
}

var listeningLine = regexp.MustCompile(`msg=listening .*?address="?(http://[^\s"]+)`)

// startedLine is the same in either form of the log.
var startedLine = regexp.MustCompile(`listening.*http://`)

// startNode starts a node with the flags that a shipped file asks for.
func startNode(t *testing.T, name, shipped string) *node {
	t.Helper()
	x := startXMPP(t, name)
	args := append(nodeFlags(t, shipped, name), "--host=127.0.0.1", "--port=0", "--backend=*="+x.addr+",proxy")
	p := start(t, name, exec.Command(serverBinary, args...))
	u, err := url.Parse(p.waitLine(t, listeningLine)[1])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if code := p.end(); code != 0 {
			t.Errorf("%s ended with %d, want 0", name, code)
		}
		if out := strings.Join(p.tail(1<<20), "\n"); strings.Contains(out, "DATA RACE") || strings.Contains(out, "panic") {
			t.Errorf("%s printed:\n%s", name, out)
		}
	})
	return &node{p, name, u.Host, x}
}

// nodes are both.
func (f *farm) nodes() []*node { return []*node{f.node1, f.node2} }

// visited names the nodes at which messages of a client have arrived.
func (f *farm) visited(c *client) (names []string) {
	for _, n := range f.nodes() {
		n.xmpp.mu.Lock()
		for id := range n.xmpp.got {
			if strings.HasPrefix(id, c.domain+"-") && !slices.Contains(names, n.name) {
				names = append(names, n.name)
			}
		}
		n.xmpp.mu.Unlock()
	}
	return names
}
