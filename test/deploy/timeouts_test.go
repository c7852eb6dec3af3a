//go:build integration && linux

package deploy

import (
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// TestTimeouts: both proxies wait longer than we hold a request and than a WebSocket is silent, and give up idle connections before we do.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	settings, err := exec.Command(serverBinary, "--print-config").Output()
	if err != nil {
		t.Fatal(err)
	}
	ours := func(name string) int { return number(t, string(settings), `(?m)^`+name+`\s+(\d+)\s`) }
	wait, idle := max(ours("max_wait"), ours("websocket_ping_interval")), ours("http_idle_timeout")
	nginx, haproxy := ship(t, "nginx/bosh-server.conf"), ship(t, "haproxy/haproxy.cfg")
	for name, seconds := range map[string]int{
		"nginx's proxy_read_timeout": number(t, nginx, `proxy_read_timeout (\d+)s;`),
		"HAProxy's timeout server":   number(t, haproxy, `timeout server (\d+)s`),
		"HAProxy's timeout client":   number(t, haproxy, `timeout client (\d+)s`),
		"HAProxy's timeout tunnel":   number(t, haproxy, `timeout tunnel (\d+)s`),
	} {
		if seconds < wait+10 {
			t.Errorf("%s is %d s, and we may be silent for %d", name, seconds, wait)
		}
	}
	const nginxKeeps = 60 // keepalive_timeout of an upstream, unless it is set
	if regexp.MustCompile(`(?m)^\s*keepalive_timeout`).MatchString(nginx) || nginxKeeps >= idle {
		t.Errorf("nginx keeps connections for %d s, and we for %d", nginxKeeps, idle)
	}
}

// number is what a pattern finds in a text.
func number(t *testing.T, text, pattern string) int {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("nothing like %s", pattern)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
