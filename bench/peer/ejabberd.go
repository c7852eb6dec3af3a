package peer

import (
	"fmt"
	"os"
	"path/filepath"

	"go-xmpp-bosh/bench/load"
)

// startEjabberd starts ejabberd, which is XMPP server and connection manager in one, like Prosody.
//
// It is the Erlang runtime that is started, not ejabberdctl: that would change the user, and name the node, for which it needs a daemon (epmd) that
// stays behind. Two schedulers would be as many as there are cores; it is pinned to one and gets one.
func startEjabberd(cfg Setting) (*Server, error) {
	libraries, err := filepath.Glob("/usr/lib/*/ejabberd-*")
	if err != nil || len(libraries) == 0 {
		return nil, fmt.Errorf("ejabberd: its Erlang libraries are not where Debian has them")
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf(`
hosts: [localhost]
loglevel: warning
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
listen:
  - port: %[1]s
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers: {"/bosh": mod_bosh, "/ws": ejabberd_http_ws}
  - port: %[2]s
    ip: "127.0.0.1"
    module: ejabberd_http
    tls: true
    request_handlers: {"/bosh": mod_bosh, "/ws": ejabberd_http_ws}
certfiles: [%[3]q]
shaper: {}
shaper_rules: {}
modules:
  mod_bosh: {max_inactivity: 120}
  mod_disco: {}
  mod_ping: {}
`, ports[0], ports[1], cfg.Cert.Both)
	path := filepath.Join(cfg.Dir, "ejabberd.yml")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		return nil, fmt.Errorf("ejabberd: %w", err)
	}
	s := &Server{Name: "ejabberd", Version: packageVersion("ejabberd"), targets: ownServer(ports[0], ports[1], "/bosh", "/ws")}
	s.restrain()
	env := []string{
		"HOME=" + cfg.Dir, "ERL_LIBS=" + filepath.Dir(libraries[0]), "ERL_CRASH_DUMP=/dev/null",
		"EJABBERD_CONFIG_PATH=" + path, "EJABBERD_LOG_PATH=" + filepath.Join(cfg.Dir, "ejabberd.log"),
	}
	return s, s.run(cfg, []string{"127.0.0.1:" + ports[0]}, nil, env, "erl", "-noinput", "+S", "1", "+K", "true", "+P", "1000000", "+Q", "65536",
		"+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none", "-mnesia", "dir", fmt.Sprintf("%q", filepath.Join(cfg.Dir, "data")), "-s", "ejabberd")
}

// restrain keeps the load within what ejabberd bears. Seen with 23.01: of two requests of a session under way at once, on their two connections,
// sometimes neither is ever answered.
func (s *Server) restrain() {
	for _, tls := range []bool{false, true} {
		delete(s.targets, key{load.BOSH2, tls})
		single := s.targets[key{load.BOSH1, tls}]
		single.Unheld = true
		s.targets[key{load.BOSH1, tls}] = single
	}
	s.lacking = map[key]string{{load.BOSH2, false}: "with two requests of a session under way it sometimes answers neither"}
}
