//go:build integration && linux

package integration

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// browserOptions is what a browser client's script is told: a client and the one whom it talks to.
type browserOptions struct {
	clientOptions
	PeerJID      string `json:"peerJID"`
	PeerPassword string `json:"peerPassword"`
	Screenshot   string `json:"screenshot,omitempty"`
}

// browserResult is what a browser client's script prints.
type browserResult struct {
	clientResult
	Origin      string `json:"origin"`
	RosterAfter bool   `json:"rosterAfter"` // after the reload
}

// inBrowser are the servers that the browser clients are tried with.
var inBrowser = []string{"Prosody", "ejabberd"}

func needBrowser(t *testing.T, module string) {
	t.Helper()
	needModule(t, "playwright-core")
	needModule(t, module)
	parts.Need(t, parts.Has("/usr/bin/chromium"), "chromium")
}

// TestBrowser: clients in headless Chromium, on a page of another origin than bosh-server's.
func TestBrowser(t *testing.T) {
	t.Parallel()
	for _, x := range clientBackends {
		if !slices.Contains(inBrowser, x.name) {
			continue
		}
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			b := x.start(t)
			// One after the other: a Chromium keeps both cores busy.
			t.Run("strophe.js, reloaded", func(t *testing.T) { testReload(t, b) })
			t.Run("converse.js", func(t *testing.T) { testConverse(t, b, x.name) })
		})
	}
}

// testReload: what the peer sends while the page reloads arrives once, after restore(), and in order.
func testReload(t *testing.T, b *clientBackend) {
	needBrowser(t, "strophe.js")
	s := b.startServer(t)
	var r browserResult
	runClient(t, "client_strophe_browser.mjs", pair(wire(t, s)), &r)
	checkClient(t, r.clientResult, 50)
	if !r.RosterAfter {
		t.Error("no roster after the reload")
	}
	wantCrossOrigin(t, s, r.Origin)
	b.wantClosed(t, 2)
}

func testConverse(t *testing.T, b *clientBackend, backend string) {
	needBrowser(t, "converse.js")
	s := b.startServer(t)
	converse(t, b, s, wire(t, s), "converse-"+strings.ToLower(backend))
}

// converse runs converse.js and its peer on a service of s, with a screenshot of that name.
func converse(t *testing.T, b *clientBackend, s *server, service, screenshot string) {
	t.Helper()
	screenshots, err := filepath.Abs("../../build/screenshots")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(screenshots, 0o755); err != nil {
		t.Fatal(err)
	}
	o := pair(service)
	o.Screenshot = filepath.Join(screenshots, screenshot+".png")
	var r browserResult
	runClient(t, "client_converse.mjs", o, &r)
	checkClient(t, r.clientResult, 5)
	b.wantClosed(t, 2)
	wantCrossOrigin(t, s, r.Origin)
}

// wantCrossOrigin checks that the page was not bosh-server's own: then the browser has asked for leave before each
// kind of request (CORS), and let the page see no answer that didn't give it.
func wantCrossOrigin(t *testing.T, s *server, origin string) {
	t.Helper()
	if !strings.HasPrefix(origin, "http://127.0.0.1:") || origin == "http://"+s.addr {
		t.Errorf("the page is of the origin %q, bosh-server of http://%s", origin, s.addr)
	}
}
