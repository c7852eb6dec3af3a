//go:build integration && linux

package boshserver_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/boshserver"
)

// startProsody runs Prosody for the domain localhost, which takes everybody, and gives its address.
func startProsody(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("prosody"); err != nil {
		t.Skip("prosody is missing: run test/install.sh")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(addr)
	dir := t.TempDir()
	config := filepath.Join(dir, "prosody.cfg.lua")
	text := fmt.Sprintf(`
run_as_root = true
pidfile = %q
data_path = %q
log = { info = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { %s }
modules_enabled = { "saslauth", "presence", "message", "iq", "smacks", "posix" }
modules_disabled = { "s2s", "tls", "offline" }
authentication = "anonymous"
c2s_require_encryption = false
VirtualHost "localhost"
`, filepath.Join(dir, "prosody.pid"), dir, port)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("prosody", "--config", config, "-F")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for late := time.After(patience); ; {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-late:
			t.Fatal("prosody does not listen")
		}
	}
}

// A filter that drops stanzas of a client with stream management (XEP-0198) leaves the counts as they are: a real server and its client agree on them.
func TestCountsWithProsody(t *testing.T) {
	addr := startProsody(t)
	drop := func(_ boshserver.Session, st *boshserver.Stanza) {
		if b := st.Child("body"); b != nil && (b.Text() == "never sent" && st.Attr("from") == "" || b.Text() == "never received" && st.Attr("from") != "") {
			st.Drop()
		}
	}
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		s := start(t, boshserver.Config{Backends: []string{"localhost=" + addr}, Hooks: boshserver.Hooks{FromClient: drop, FromServer: drop}})
		c := connect(t, s, over, "localhost", "")
		c.want("ANONYMOUS")
		c.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
		c.want("<success")
		c.restart("localhost")
		c.want("xmpp-bind")
		c.send("<iq xmlns='jabber:client' type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
		_, jid, _ := strings.Cut(c.want("<jid>"), "<jid>")
		jid, _, _ = strings.Cut(jid, "</jid>")
		c.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
		c.want("<enabled")
		for _, text := range []string{"one", "never sent", "never received", "two"} {
			c.send(fmt.Sprintf("<message xmlns='jabber:client' to='%s' type='chat'><body>%s</body></message>", jid, text))
		}
		text := c.want("<body>one</body>", "<body>two</body>", "id='filtered'")
		if strings.Contains(text, "never") {
			t.Errorf("the client got %q", text)
		}
		// Prosody has counted four from the client, and sent it three.
		c.send("<r xmlns='urn:xmpp:sm:3'/>")
		c.want("<a ", " h='4'")
		if n := strings.Count(text, "<message") + strings.Count(text, "<iq"); n != 3 {
			t.Fatalf("the client has counted %d: %q", n, text)
		}
		c.send("<a xmlns='urn:xmpp:sm:3' h='3'/>")
		// A count that is too high ends the stream, so who is still there agrees.
		c.send(fmt.Sprintf("<message xmlns='jabber:client' to='%s' type='chat'><body>three</body></message>", jid))
		c.want("<body>three</body>")
		c.send("<a xmlns='urn:xmpp:sm:3' h='99'/>")
		c.wantEnd("remote-stream-error", "stream:error")
	})
}
