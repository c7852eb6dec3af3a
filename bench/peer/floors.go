package peer

import (
	"fmt"
	"os"
	"path/filepath"

	"go-xmpp-bosh/bench/load"
)

// startHAProxy starts HAProxy as a relay of TCP in front of the null backend, with and without TLS at the client's side: what it costs to carry
// bytes without looking at them.
func startHAProxy(cfg Setting) (*Server, error) {
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf(`global
	nbthread 1
	maxconn 9900
	ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
	mode tcp
	timeout connect 10s
	timeout client 1h
	timeout server 1h
	no log
listen plain
	bind 127.0.0.1:%s
	server null %[3]s
listen secure
	bind 127.0.0.1:%[2]s ssl crt %[4]s
	server null %[3]s
`, ports[0], ports[1], cfg.Backend, cfg.Cert.Both)
	path := filepath.Join(cfg.Dir, "haproxy.cfg")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		return nil, fmt.Errorf("haproxy: %w", err)
	}
	s := &Server{Name: "haproxy", Version: version("haproxy", "-v"), Pushes: true, targets: map[key]load.Target{
		{load.Raw, false}: {Addr: local(ports[0])},
		{load.Raw, true}:  {Addr: local(ports[1])},
	}}
	return s, s.run(cfg, []string{"127.0.0.1:" + ports[0]}, nil, nil, "haproxy", "-db", "-f", path)
}

// startNginx starts nginx with one worker that answers every POST with an empty 200: what an HTTP exchange costs at the least.
func startNginx(cfg Setting) (*Server, error) {
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf(`daemon off;
worker_processes 1;
worker_rlimit_nofile 19000;
pid %[1]s/nginx.pid;
error_log stderr warn;
events { worker_connections 19000; multi_accept on; }
http {
	access_log off;
	keepalive_timeout 1h;
	keepalive_requests 1000000000;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	server {
		listen 127.0.0.1:%[2]s;
		listen 127.0.0.1:%[3]s ssl;
		ssl_certificate %[4]s;
		ssl_certificate_key %[5]s;
		location / { default_type text/xml; return 200 "<body xmlns='http://jabber.org/protocol/httpbind'/>"; }
	}
}
`, cfg.Dir, ports[0], ports[1], cfg.Cert.Cert, cfg.Cert.Key)
	path := filepath.Join(cfg.Dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		return nil, fmt.Errorf("nginx: %w", err)
	}
	s := &Server{Name: "nginx", Version: version("nginx", "-v"), targets: map[key]load.Target{
		{load.Static, false}: {Addr: local(ports[0]), Path: "/http-bind/"},
		{load.Static, true}:  {Addr: local(ports[1]), Path: "/http-bind/"},
	}}
	// The prefix keeps it from the machine's own log and library folders.
	return s, s.run(cfg, []string{"127.0.0.1:" + ports[0]}, nil, nil, "nginx", "-p", cfg.Dir, "-e", "stderr", "-c", path)
}
