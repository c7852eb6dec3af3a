//go:build integration && linux

package integration

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// TestDemoListensOnLoopbackOnly: the embedded server takes any password, so with --demo and no --host nobody but
// this machine may reach it.
func TestDemoListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	s := startServerAsIs(t, nil, "--demo")
	host, _, err := net.SplitHostPort(s.addr)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		t.Errorf("it says that it listens on %s", s.addr)
	}
	addresses := listeners(t, s.cmd.Process.Pid)
	if len(addresses) == 0 {
		t.Fatal("no listening socket found")
	}
	for _, a := range addresses {
		if !a.IP.IsLoopback() {
			t.Errorf("it listens on %v", a)
		}
	}
	wantAlive(t, s)
}

// listeners are the addresses that a process listens on, as the kernel lists them.
func listeners(t *testing.T, pid int) []net.TCPAddr {
	t.Helper()
	inodes := map[string]bool{}
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	fds, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if target, err := os.Readlink(dir + "/" + fd.Name()); err == nil {
			if inode, ok := strings.CutPrefix(target, "socket:["); ok {
				inodes[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	var found []net.TCPAddr
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(table)
		if err != nil {
			continue // no IPv6 here
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			const listening = "0A"
			if w := strings.Fields(lines.Text()); len(w) > 9 && w[3] == listening && inodes[w[9]] {
				found = append(found, kernelAddress(t, w[1]))
			}
		}
	}
	return found
}

// kernelAddress reads "0100007F:14A0": 32-bit words in the machine's order (little-endian where this runs), in hex.
func kernelAddress(t *testing.T, s string) net.TCPAddr {
	t.Helper()
	ip, port, _ := strings.Cut(s, ":")
	b, err := hex.DecodeString(ip)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+4 <= len(b); i += 4 {
		b[i], b[i+1], b[i+2], b[i+3] = b[i+3], b[i+2], b[i+1], b[i]
	}
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	return net.TCPAddr{IP: b, Port: int(n)}
}

// TestCommandLine: help is help, and a wrong flag ends the command at once with a word about it.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() }) // after the subtests, which run in parallel
	_, port, err := net.SplitHostPort(taken.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		fail bool
		says string
	}{
		{[]string{"--help"}, false, "--backend"},
		{[]string{"--no-such-flag"}, true, "no-such-flag"},
		{[]string{"--port=99999"}, true, "--port"},
		{[]string{"--backend=nonsense"}, true, "nonsense"},
		{[]string{"--backend=example.test=127.0.0.1:0"}, true, "127.0.0.1:0"},
		{[]string{"--path=http-bind"}, true, "--path"},
		{[]string{"--logging=LOUD"}, true, "LOUD"},
		{[]string{"--max-data-held=0"}, true, "--max-data-held"},
		{[]string{"--max-xmpp-stanza-size=-1"}, true, "--max-xmpp-stanza-size"},
		{[]string{"--demo-password=x"}, true, "--demo"},
		{[]string{"--host=127.0.0.1", "--port=" + port}, true, port},
		{[]string{"--host=not.an.address.invalid", "--port=0"}, true, "not.an.address.invalid"},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			p := start(t, "bosh-server", exec.Command(serverBinary, test.args...))
			if code := p.wait(t); (code != 0) != test.fail || code < 0 {
				t.Errorf("exit status %d", code)
			}
			if out := p.output(); !strings.Contains(out, test.says) || strings.Contains(out, "panic:") || strings.Contains(out, "\ngoroutine ") {
				t.Errorf("it printed %q, want a word about %s", out, test.says)
			}
		})
	}
}

// TestOtherPath: --path moves the endpoint.
func TestOtherPath(t *testing.T) {
	t.Parallel()
	s := startServer(t, startBackend(t, "example.test").flag(), "--path=/bosh/")
	if s.path != "/bosh/" {
		t.Errorf("the listening line says %s", s.url)
	}
	wantAlive(t, s)
	c := s.dial(t)
	c.post(t, "/http-bind/", "<body/>")
	if r := c.read(t); r.status != 404 {
		t.Errorf("the default path is answered with %d, want 404", r.status)
	}
}

// TestLogKeepsSecrets: whatever the level, no password and no SASL payload is in the log below TRACE.
func TestLogKeepsSecrets(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag(), "--logging=DEBUG")
	x, peer := createSession(t, s, b)
	c, d := s.dial(t), s.dial(t)
	c.post(t, s.path, x.next("<message xmlns='jabber:client'><body>between us</body></message>"))
	peer.expect(t, "between us")
	d.post(t, s.path, x.next("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldABzZWNyZXQ=</auth>"))
	peer.expect(t, "AGp1bGlldABzZWNyZXQ=")
	wantEmpty(t, c.read(t))
	peer.send(t, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>c2VjcmV0LXN1Y2Nlc3M=</success>")
	if r := parseBody(t, d.read(t)); len(r.Elements) != 1 || r.Elements[0].XMLName.Local != "success" {
		t.Errorf("got %s, want the success", r.raw)
	}
	for _, secret := range []string{"AGp1bGlldABzZWNyZXQ=", "c2VjcmV0LXN1Y2Nlc3M=", "between us"} {
		if strings.Contains(s.output(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
