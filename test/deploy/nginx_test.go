//go:build integration && linux

package deploy

import (
	"context"
	"fmt"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// nginxMain is the main file around ours, as a distribution has it.
const nginxMain = `
user %[2]s %[3]s;
worker_processes 1;
pid %[1]s/nginx.pid;
error_log stderr notice;
events { worker_connections 2048; }
http {
    access_log off;
    client_body_temp_path %[1]s/body;
    proxy_temp_path %[1]s/proxy;
    fastcgi_temp_path %[1]s/fastcgi;
    uwsgi_temp_path %[1]s/uwsgi;
    scgi_temp_path %[1]s/scgi;
    include %[1]s/bosh-server.conf;
}
`

// startNginx starts two nodes and nginx in front of them.
func startNginx(t *testing.T) *farm {
	t.Helper()
	parts.NeedProgram(t, "nginx")
	const name = "nginx/bosh-server.conf"
	text, dir := ship(t, name), t.TempDir()
	f := &farm{node1: startNode(t, "node1", text), node2: startNode(t, "node2", text)}
	crt, key, _, pool := certificate(t, dir)
	listen := freeAddress(t)
	write(t, filepath.Join(dir, "bosh-server.conf"), edited(t, name, text,
		"192.0.2.11:5280", f.node1.addr, "192.0.2.12:5280", f.node2.addr, "listen 443", "listen "+listen, "chat.example.org;", "localhost;",
		"/etc/letsencrypt/live/chat.example.org/fullchain.pem", crt, "/etc/letsencrypt/live/chat.example.org/privkey.pem", key))
	me, group := account(t)
	main := write(t, filepath.Join(dir, "nginx.conf"), fmt.Sprintf(nginxMain, dir, me, group))
	p := start(t, "nginx", exec.Command("nginx", "-p", dir, "-c", main, "-g", "daemon off;"))
	p.waitLine(t, regexp.MustCompile(`start worker process \d`))
	f.url, f.pool, f.authority = "https://"+listen+"/http-bind/", pool, crt
	return f
}

// account is who runs the test.
func account(t *testing.T) (name, group string) {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		t.Fatal(err)
	}
	return u.Username, g.Name
}

func TestNginx(t *testing.T) {
	t.Parallel()
	f := startNginx(t)
	clients := f.sticky(t)
	s := f.strophes(t)
	f.byPath(t)
	s.talk(t)
	f.drain(t, clients)
	s.wantMoved(t, f)
}

// byPath: clients without cookies stay with the node that their path names.
func (f *farm) byPath(t *testing.T) {
	t.Helper()
	var clients []*client
	for i := range 10 {
		c := newClient(t, strings.Replace(f.url, "/http-bind/", fmt.Sprintf("/node%d/http-bind/", i%2+1), 1), f.pool)
		c.Jar = nil
		clients = append(clients, c)
	}
	together(t, clients, func(ctx context.Context, c *client) error {
		if err := c.open(ctx); err != nil {
			return fmt.Errorf("%s: %w", c.domain, err)
		}
		return c.converse(ctx, c.domain+"-", 4, 0)
	})
	for i, c := range clients {
		if at, want := fmt.Sprint(f.visited(c)), fmt.Sprintf("[node%d]", i%2+1); at != want {
			t.Errorf("a client at %s came to %v, want %s", c.url, at, want)
		}
	}
}
