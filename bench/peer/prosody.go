package peer

import (
	"fmt"
	"os"
	"path/filepath"

	"go-xmpp-bosh/bench/load"
)

// startProsody starts Prosody, which is XMPP server and connection manager in one: what is measured is both, and a message is routed to its sender.
func startProsody(cfg Setting) (*Server, error) {
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	// run_as_root is read only where the harness runs as root, in a container mostly; everything Prosody touches is in its own folder.
	config := fmt.Sprintf(`
run_as_root = true
pidfile = %[1]q
data_path = %[2]q
certificates = %[2]q
log = { warn = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = {}
http_ports = { %[3]s }
http_interfaces = { "127.0.0.1" }
https_ports = { %[4]s }
https_interfaces = { "127.0.0.1" }
https_ssl = { certificate = %[5]q, key = %[6]q }
modules_enabled = { "saslauth", "disco", "ping", "presence", "message", "iq", "posix", "bosh", "websocket" }
modules_disabled = { "s2s", "offline", "limits" }
consider_bosh_secure = true
consider_websocket_secure = true
bosh_max_inactivity = 120
bosh_max_wait = 600
limits_user = "root"
storage = "memory"
VirtualHost "localhost"
	authentication = "anonymous"
	allow_anonymous_s2s = false
`, filepath.Join(cfg.Dir, "prosody.pid"), cfg.Dir, ports[0], ports[1], cfg.Cert.Cert, cfg.Cert.Key)
	path := filepath.Join(cfg.Dir, "prosody.cfg.lua")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		return nil, fmt.Errorf("prosody: %w", err)
	}
	s := &Server{Name: "prosody", Version: packageVersion("prosody"), targets: ownServer(ports[0], ports[1], "/http-bind", "/xmpp-websocket")}
	return s, s.run(cfg, []string{"127.0.0.1:" + ports[0]}, nil, nil, "prosody", "--config", path, "-F")
}

// ownServer is how to reach a server that has the XMPP side inside; log-in is anonymous, so that no accounts have to be made.
func ownServer(plain, secure, bosh, websocket string) map[key]load.Target {
	targets := map[key]load.Target{}
	for tls, port := range map[bool]string{false: plain, true: secure} {
		t := load.Target{Addr: local(port), Anonymous: true, Path: bosh}
		targets[key{load.BOSH2, tls}], targets[key{load.BOSH1, tls}] = t, t
		t.Path = websocket
		targets[key{load.WebSocket, tls}] = t
	}
	return targets
}
