package peer

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"go-xmpp-bosh/bench/load"
)

// The last node-xmpp-bosh. Its own node-expat doesn't compile for any Node.js that is still to be had; 2.4.1 has the same interface.
const (
	nxbVersion   = "0.7.10"
	expatVersion = "2.4.1"
)

// COMPAT: node-xmpp-bosh 0.7.10 calls hasOwnProperty on the parsed query, which has had no prototype since Node 6. And it takes only the presence of a
// route, not its port, for which the preload leads port 5222 to the null backend. Idle connections stay as they do with the other servers: Node.js
// would close strophe.js's second one after five seconds, in the midst of its next request when that comes just then.
const nxbPreload = `
const net = require('net'), connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (port, host, ...rest) {
  if (port === 5222) [port, host] = [Number(process.env.BENCH_BACKEND_PORT), '127.0.0.1'];
  return connect.call(this, port, host, ...rest);
};
const http = require('http'), listen = http.Server.prototype.listen;
http.Server.prototype.listen = function () {
  this.keepAliveTimeout = 3600e3;
  return listen.apply(this, arguments);
};
const url = require('url'), parse = url.parse;
url.parse = function () {
  const u = parse.apply(this, arguments);
  if (u.query && typeof u.query === 'object') u.query = Object.assign({}, u.query);
  return u;
};
`

const nxbPackage = `{"name": "bench-peer", "version": "1.0.0", "private": true, "license": "MIT",
 "dependencies": {"node-xmpp-bosh": "` + nxbVersion + `"}, "overrides": {"node-expat": "` + expatVersion + `"}}
`

// installPatience is how long npm may take; node-expat is compiled.
const installPatience = 5 * time.Minute

// installNodeXMPPBosh puts it into the tools folder when it isn't there.
func installNodeXMPPBosh(tools string) (dir string, err error) {
	dir = filepath.Join(tools, "node-xmpp-bosh-"+nxbVersion)
	built := filepath.Join(dir, "node_modules", "node-expat", "build", "Release", "node_expat.node")
	if _, err := os.Stat(built); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("node-xmpp-bosh: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(nxbPackage), 0o644); err != nil {
		return "", fmt.Errorf("node-xmpp-bosh: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), installPatience)
	defer cancel()
	// Scripts are run for the one package that has to be compiled, and for no other.
	for _, args := range [][]string{{"install", "--ignore-scripts", "--no-audit", "--no-fund"}, {"rebuild", "node-expat"}} {
		cmd := exec.CommandContext(ctx, "npm", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("node-xmpp-bosh: npm %s: %w\n%s", args[0], err, out)
		}
	}
	if _, err := os.Stat(built); err != nil {
		return "", fmt.Errorf("node-xmpp-bosh: node-expat was not built: %w", err)
	}
	return dir, nil
}

// startNodeXMPPBosh starts it before the null backend, which its clients name in their route.
func startNodeXMPPBosh(cfg Setting) (*Server, error) {
	dir, err := installNodeXMPPBosh(cfg.Tools)
	if err != nil {
		return nil, err
	}
	preload := filepath.Join(cfg.Dir, "preload.js")
	if err := os.WriteFile(preload, []byte(nxbPreload), 0o600); err != nil {
		return nil, fmt.Errorf("node-xmpp-bosh: %w", err)
	}
	ports, err := freePorts(1)
	if err != nil {
		return nil, err
	}
	t := load.Target{Addr: local(ports[0]), Path: "/http-bind/", Route: cfg.Backend.String()}
	s := &Server{Name: "node-xmpp-bosh", Version: nxbVersion + ", Node.js " + version("node", "--version"), Pushes: true}
	s.targets = map[key]load.Target{{load.BOSH2, false}: t, {load.BOSH1, false}: t, {load.Framed, false}: t}
	s.lacking = map[key]string{
		{load.WebSocket, false}: "speaks only the framing before RFC 7395",
	}
	return s, s.run(cfg, []string{"127.0.0.1:" + ports[0]}, nil, []string{"BENCH_BACKEND_PORT=" + strconv.Itoa(int(cfg.Backend.Port()))}, "node", "--require", preload,
		filepath.Join(dir, "node_modules", "node-xmpp-bosh", "run-server.js"), "--host=127.0.0.1", "--port="+ports[0], "--logging=FATAL")
}
