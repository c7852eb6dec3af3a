//go:build integration && linux

package deploy

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startHAProxy starts two nodes and HAProxy in front of them.
func startHAProxy(t *testing.T) *farm {
	t.Helper()
	need(t, "haproxy")
	const name = "haproxy/haproxy.cfg"
	text, dir := ship(t, name), t.TempDir()
	f := &farm{node1: startNode(t, "node1", text), node2: startNode(t, "node2", text)}
	_, _, pem, pool := certificate(t, dir)
	listen := freeAddress(t)
	me, group := account(t)
	config := write(t, filepath.Join(dir, "haproxy.cfg"), edited(t, name, text,
		"192.0.2.11:5280", f.node1.addr, "192.0.2.12:5280", f.node2.addr, "bind :443", "bind "+listen, "user haproxy", "user "+me,
		"group haproxy", "group "+group, "/run/haproxy/admin.sock", filepath.Join(dir, "admin.sock"),
		"/etc/haproxy/certs/chat.example.org.pem", pem))
	ready, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	cmd := exec.Command("haproxy", "-Ws", "-f", config)
	cmd.Env = append(cmd.Environ(), "NOTIFY_SOCKET="+filepath.Join(dir, "notify"))
	start(t, "haproxy", cmd)
	if err := ready.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	for said := make([]byte, 1024); ; {
		n, err := ready.Read(said)
		if err != nil {
			t.Fatalf("haproxy is not ready: %v", err)
		}
		if strings.Contains(string(said[:n]), "READY=1") { // it says that it reloads first
			break
		}
	}
	f.url, f.pool = "https://"+listen+"/http-bind/", pool
	return f
}

func TestHAProxy(t *testing.T) {
	t.Parallel()
	f := startHAProxy(t)
	f.drain(t, f.sticky(t))
}
