//go:build integration && linux

package integration

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// prosody is a running Prosody for the domain localhost, with the account alice.
type prosody struct {
	*process
	addr string // of its client port
}

const (
	aliceJID      = "alice@localhost"
	alicePassword = `s<e>c&r"e't`
)

// startProsody starts Prosody with data of its own; with certificates, STARTTLS is required of its clients.
func startProsody(t *testing.T, tls *certificates) *prosody {
	t.Helper()
	return startProsodyOn(t, "c2s", tls)
}

// startProsodyOn is startProsody with the service that has the client port: c2s, or c2s_direct_tls, where TLS begins
// with the connection (XEP-0368).
func startProsodyOn(t *testing.T, service string, tls *certificates) *prosody {
	t.Helper()
	parts.Need(t, parts.Has("prosody") && parts.Has("prosodyctl"), "prosody")
	dir := t.TempDir()
	// Somebody else can take a free port before Prosody does; then the next one is tried.
	for try := 0; ; try++ {
		addr := freeAddress(t)
		config := writeProsodyConfig(t, dir, addr, service, tls)
		if try == 0 {
			register := exec.Command("prosodyctl", "--config", config, "register", "alice", "localhost", alicePassword)
			if out, err := register.CombinedOutput(); err != nil {
				t.Fatalf("prosodyctl register: %v\n%s", err, out)
			}
		}
		p := &prosody{process: start(t, "prosody", exec.Command("prosody", "--config", config, "-F")), addr: addr}
		if m, _ := p.findLine(regexp.MustCompile(`Activated service '`+service+`' on (.*)`), patience); m != nil && strings.Contains(m[1], "]:") {
			return p
		}
		if try == 2 {
			t.Fatalf("prosody does not listen:\n%s", p.tail(60))
		}
		p.kill()
	}
}

func writeProsodyConfig(t *testing.T, dir, addr, service string, tls *certificates) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	tlsModule, certificates := "", data
	if tls != nil {
		tlsModule = `, "tls"`
		certificates = filepath.Dir(tls.crt) // where c2s_direct_tls looks for the domain's
	}
	// run_as_root is read only where the tests run as root, in a container mostly: everything that
	// Prosody touches is in the test's own folder.
	config := fmt.Sprintf(`
run_as_root = true
pidfile = %[1]q
data_path = %[2]q
certificates = %[6]q
log = { debug = "*console" }
interfaces = { "127.0.0.1" }
%[5]s_ports = { %[3]s }
modules_enabled = { "roster", "saslauth", "disco", "ping", "presence", "message", "iq", "smacks", "blocklist", "posix"%[4]s }
modules_disabled = { "s2s", "offline" }
authentication = "internal_hashed"
VirtualHost "localhost"
`, filepath.Join(dir, "prosody.pid"), data, port, tlsModule, service, certificates)
	if tls != nil {
		config += fmt.Sprintf("c2s_require_encryption = true\nssl = { certificate = %q, key = %q }\n", tls.crt, tls.key)
	} else {
		config += "c2s_require_encryption = false\nallow_unencrypted_plain_auth = true\n"
	}
	if service != "c2s" {
		config = "c2s_ports = { }\n" + config
	}
	path := filepath.Join(dir, "prosody.cfg.lua")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// freeAddress is an address of 127.0.0.1 on whose port nobody listens at the moment.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
