//go:build integration && linux

package deploy

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// units are the shipped ones, with the command and its settings where this machine has them.
func units(t *testing.T) (service, socket string) {
	t.Helper()
	dir := t.TempDir()
	config := write(t, filepath.Join(dir, "bosh-server.json"), `{"host": "127.0.0.1", "port": 0, "demo": true}`)
	const name = "systemd/bosh-server.service"
	// Nothing of it has to be edited, and a mark behind a command would be an argument of it: systemd has no comments there.
	here := strings.NewReplacer("/usr/local/bin/bosh-server", serverBinary, "/etc/bosh-server/bosh-server.json", config)
	service = write(t, filepath.Join(dir, "bosh-server.service"), here.Replace(ship(t, name)))
	return service, write(t, filepath.Join(dir, "bosh-server.socket"), ship(t, "systemd/bosh-server.socket"))
}

// TestSystemdUnits: systemd knows every line of them, and takes them for well shut in.
func TestSystemdUnits(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is missing: this machine has no systemd")
	}
	service, socket := units(t)
	if out, err := exec.Command("systemd-analyze", "verify", "--man=no", service, socket).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	if out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--threshold=20", service).CombinedOutput(); err != nil {
		t.Errorf("more is open than has to be: %v\n%s", err, out)
	}
}

// setting is the value of a setting of a unit.
func setting(t *testing.T, unit, name string) string {
	t.Helper()
	text, err := os.ReadFile(unit)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^` + name + `=(.*)$`).FindStringSubmatch(string(text))
	if m == nil {
		t.Fatalf("%s does not set %s", unit, name)
	}
	return m[1]
}

// TestSystemdService does with the unit's command what systemd does: it hands over the socket, awaits READY, signs of life and STOPPING, and a
// client that comes between two runs is served by the second one.
func TestSystemdService(t *testing.T) {
	t.Parallel()
	service, socket := units(t)
	if kind := setting(t, service, "Type"); kind != "notify" {
		t.Fatalf("Type=%s, want notify", kind)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	notify := filepath.Join(t.TempDir(), "notify")
	told, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: notify, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	run := func() *process {
		// LISTEN_PID is the server's own, which only a shell in its place knows before.
		cmd := exec.Command("sh", "-c", "LISTEN_PID=$$ exec "+setting(t, service, "ExecStart"))
		cmd.ExtraFiles = []*os.File{file}
		cmd.Env = append(cmd.Environ(), "LISTEN_FDS=1", "LISTEN_FDNAMES="+setting(t, socket, "FileDescriptorName"),
			"NOTIFY_SOCKET="+notify, "WATCHDOG_USEC=200000")
		p := start(t, "bosh-server", cmd)
		wantTold(t, told, "READY=1")
		wantTold(t, told, "WATCHDOG=1")
		return p
	}
	url := fmt.Sprintf("http://%s/http-bind/", listener.Addr())
	first := run()
	wantOK(t, url)
	ended := make(chan int)
	go func() { ended <- first.end() }()
	wantTold(t, told, "STOPPING=1")
	if code := <-ended; code != 0 {
		t.Errorf("it ended with %d, want 0", code)
	}
	waiting := make(chan struct{})
	go func() {
		defer close(waiting)
		wantOK(t, url)
	}()
	second := run()
	<-waiting
	if code := second.end(); code != 0 {
		t.Errorf("it ended with %d, want 0", code)
	}
}

// wantTold waits until systemd has been told something.
func wantTold(t *testing.T, c *net.UnixConn, what string) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	for b := make([]byte, 1024); ; {
		n, err := c.Read(b)
		if err != nil {
			t.Fatalf("systemd is not told %s: %v", what, err)
		}
		if strings.HasPrefix(string(b[:n]), what) {
			return
		}
	}
}

// wantOK asks for a page.
func wantOK(t *testing.T, url string) {
	t.Helper()
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(url)
	if err != nil {
		t.Error(err)
		return
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		t.Errorf("GET %s: %s", url, r.Status)
	}
}
