//go:build integration && linux

package integration

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// ejabberd is a running ejabberd for the domain localhost, with the accounts alice and bob.
type ejabberd struct {
	*process
	addr string // of its client port
}

const (
	bobJID      = "bob@localhost"
	bobPassword = "b<o>b&'s \"password\""
)

// ejabberdEval is what the node runs once it has started: the accounts, without a second node that would have to
// find this one through epmd.
const ejabberdEval = `io:format("accounts: ~p ~p~n", [` +
	`ejabberd_auth:try_register(<<"alice">>, <<"localhost">>, list_to_binary(os:getenv("ALICE_PASSWORD"))),` +
	`ejabberd_auth:try_register(<<"bob">>, <<"localhost">>, list_to_binary(os:getenv("BOB_PASSWORD")))]).`

var ejabberdReady = regexp.MustCompile(`accounts: ok ok`)

// startEjabberd starts ejabberd with data of its own; with certificates, STARTTLS is required of its clients.
func startEjabberd(t *testing.T, tls *certificates) *ejabberd {
	t.Helper()
	if tls == nil {
		return startEjabberdWith(t, "", nil)
	}
	return startEjabberdWith(t, "starttls_required", tls)
}

// startEjabberdWith is startEjabberd with an option of its client port turned on; "" is none.
//
// It is the Erlang runtime that is started, not ejabberdctl: that changes to another user, and names the node,
// which would start an epmd for the whole machine and leave it behind. A node without a name is one process, and
// writes and listens nowhere but where this says.
func startEjabberdWith(t *testing.T, option string, tls *certificates) *ejabberd {
	t.Helper()
	parts.Need(t, parts.Has("ejabberdctl") && parts.Has("erl"), "ejabberd")
	dir := t.TempDir()
	// Somebody else can take a free port before ejabberd does; then the next one is tried.
	for try := 0; ; try++ {
		addr := freeAddress(t)
		config := writeEjabberdConfig(t, dir, addr, option, tls)
		data := filepath.Join(dir, fmt.Sprintf("data%d", try))
		// +S: two schedulers, as many as the smallest machine has cores. +sbwt none: they don't spin.
		cmd := exec.Command("erl", "-noinput", "+S", "2", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none",
			"-mnesia", "dir", fmt.Sprintf("%q", data), "-s", "ejabberd", "-eval", ejabberdEval)
		cmd.Env = append(cmd.Environ(), "HOME="+dir, "ERL_LIBS="+erlangLibraries(t), "ERL_CRASH_DUMP=/dev/null",
			"EJABBERD_CONFIG_PATH="+config, "EJABBERD_LOG_PATH="+filepath.Join(dir, "ejabberd.log"),
			"ALICE_PASSWORD="+alicePassword, "BOB_PASSWORD="+bobPassword)
		e := &ejabberd{process: start(t, "ejabberd", cmd), addr: addr}
		if _, err := e.findLine(ejabberdReady, 2*patience); err == nil && e.listening() {
			return e
		}
		if try == 2 {
			t.Fatalf("ejabberd does not start:\n%s", e.tail(60))
		}
		e.kill()
	}
}

// erlangLibraries is the folder in which Debian has ejabberd and the libraries that it needs.
func erlangLibraries(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/*/ejabberd-*")
	if err != nil || len(found) == 0 {
		t.Fatalf("no ejabberd below /usr/lib: %v", err)
	}
	return filepath.Dir(found[0])
}

// listening: ejabberd says that it has started even when another has its port.
func (e *ejabberd) listening() bool {
	c, err := net.DialTimeout("tcp", e.addr, patience)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

func writeEjabberdConfig(t *testing.T, dir, addr, option string, tls *certificates) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf(`
hosts: [localhost]
loglevel: info
auth_password_format: scram
listen:
  - port: %s
    ip: "127.0.0.1"
    module: ejabberd_c2s
    shaper: none
`, port)
	if option != "" {
		config += "    " + option + ": true\n"
	}
	if tls != nil {
		// ejabberd wants the key and the chain in files that it may read together.
		config += fmt.Sprintf("certfiles: [%q, %q, %q]\n", tls.crt, tls.key, tls.ca)
	}
	config += `
shaper: {}
modules:
  mod_blocking: {}
  mod_caps: {}
  mod_disco: {}
  mod_ping: {}
  mod_privacy: {}
  mod_roster: {}
  mod_stream_mgmt: {}
`
	path := filepath.Join(dir, "ejabberd.yml")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
