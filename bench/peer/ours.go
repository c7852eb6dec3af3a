package peer

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/proc"
)

// Ours is the name of the server that all of this is about.
const Ours = "bosh-server"

// startOurs starts bosh-server. What its command line doesn't know yet isn't measured.
func startOurs(cfg Setting) (*Server, error) {
	help, err := exec.Command(cfg.Binary, "--help").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s --help: %w", Ours, err)
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	// Idle connections stay for as long as HAProxy's and nginx's do: else strophe.js's second one would be opened anew in each round.
	args := []string{"--host=127.0.0.1", "--port=" + ports[0], "--backend=*=" + cfg.Backend.String(), "--logging=WARN", "--max-wait=600", "--http-idle-timeout=3600"}
	if cfg.Loops > 0 {
		args = append(args, "--loops="+strconv.Itoa(cfg.Loops))
	}
	plain := load.Target{Addr: local(ports[0]), Path: "/http-bind/"}
	s := &Server{Name: Ours, Pushes: true, Go: new(proc.Collections), lacking: map[key]string{}}
	s.targets = map[key]load.Target{{load.BOSH2, false}: plain, {load.BOSH1, false}: plain}
	ws := strings.Contains(string(help), "--ws") || strings.Contains(strings.ToLower(string(help)), "websocket")
	if ws {
		s.targets[key{load.WebSocket, false}] = load.Target{Addr: plain.Addr, Path: "/ws/"}
	}
	ready := []string{plain.Addr.String()}
	if strings.Contains(string(help), "--tls-port") {
		secure := load.Target{Addr: local(ports[1]), Path: plain.Path}
		args = append(args, "--tls-port="+ports[1], "--tls-cert="+cfg.Cert.Cert, "--tls-key="+cfg.Cert.Key)
		s.targets[key{load.BOSH2, true}], s.targets[key{load.BOSH1, true}] = secure, secure
		if ws {
			s.targets[key{load.WebSocket, true}] = load.Target{Addr: secure.Addr, Path: "/ws/"}
		}
		ready = append(ready, secure.Addr.String())
	}
	for _, t := range []load.Transport{load.BOSH2, load.BOSH1, load.WebSocket} {
		s.lacking[key{t, true}] = "this build has no --tls-port"
	}
	s.lacking[key{load.WebSocket, false}] = "this build has no WebSocket"
	return s, s.run(cfg, ready, s.Go, []string{"GODEBUG=gctrace=1", "GOTRACEBACK=all"}, cfg.Binary, args...)
}
