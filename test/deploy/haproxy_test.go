//go:build integration && linux

package deploy

import (
	"context"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/test/parts"
)

// startHAProxy starts two nodes and HAProxy in front of them; admin is its socket for commands.
func startHAProxy(t *testing.T) (f *farm, admin string) {
	t.Helper()
	parts.NeedProgram(t, "haproxy")
	const name = "haproxy/haproxy.cfg"
	text, dir := ship(t, name), t.TempDir()
	f = &farm{node1: startNode(t, "node1", text), node2: startNode(t, "node2", text)}
	crt, _, pem, pool := certificate(t, dir)
	listen := freeAddress(t)
	admin = filepath.Join(dir, "admin.sock")
	me, group := account(t)
	config := write(t, filepath.Join(dir, "haproxy.cfg"), edited(t, name, text,
		"192.0.2.11:5280", f.node1.addr, "192.0.2.12:5280", f.node2.addr, "bind :443", "bind "+listen, "user haproxy", "user "+me,
		"group haproxy", "group "+group, "/run/haproxy/admin.sock", admin,
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
	f.url, f.pool, f.authority = "https://"+listen+"/http-bind/", pool, crt
	return f, admin
}

func TestHAProxy(t *testing.T) {
	t.Parallel()
	f, admin := startHAProxy(t)
	clients := f.sticky(t)
	s := f.strophes(t)
	f.takeOut(t, admin)
	s.talk(t)
	f.drain(t, clients)
	s.wantMoved(t, f)
}

// takeOut does what the shipped file says about taking a node out: new clients come to the other one.
func (f *farm) takeOut(t *testing.T, admin string) {
	t.Helper()
	conn, err := net.Dial("unix", admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "set server bosh/node1 state drain\n"); err != nil {
		t.Fatal(err)
	}
	if said, err := io.ReadAll(conn); err != nil || strings.TrimSpace(string(said)) != "" {
		t.Fatalf("haproxy says %q, %v", said, err)
	}
	clients := make([]*client, 6)
	for i := range clients {
		clients[i] = newClient(t, f.url, f.pool)
	}
	together(t, clients, func(ctx context.Context, c *client) error {
		if err := c.open(ctx); err != nil {
			return fmt.Errorf("%s: %w", c.domain, err)
		}
		return c.converse(ctx, c.domain+"-", 1, 0)
	})
	for _, c := range clients {
		if at := fmt.Sprint(f.visited(c)); at != "[node2]" {
			t.Errorf("a new client came to %s, want node2", at)
		}
	}
}
