package main

import (
	"fmt"
	"net/netip"

	"go-xmpp-bosh/demo"
	"go-xmpp-bosh/demo/page"
	"go-xmpp-bosh/proxy"
)

// demoDomain is the domain of the embedded XMPP server.
const demoDomain = "localhost"

// startDemo starts the embedded XMPP server, and has the proxy serve its domain and the page with a client.
func (p *process) startDemo(cfg *proxy.Config) (stop func(), err error) {
	s := p.settings
	d, err := demo.Start(demo.Config{Domain: demoDomain, Password: s.demoPassword, Logger: p.log})
	if err != nil {
		return nil, fmt.Errorf("starting the embedded XMPP server: %w", err)
	}
	stop = func() { d.Close() }
	p.demo = demoDomain + "=" + d.Addr().String()
	if err := cfg.Backends.Add(p.demo); err != nil {
		stop()
		return nil, err
	}
	o := page.Options{Domain: demoDomain, BOSH: cfg.Path, WebSocket: cfg.Path, Password: s.demoPassword != "", Version: version}
	if len(cfg.WebSocketPaths) > 0 {
		o.WebSocket = cfg.WebSocketPaths[0]
	}
	cfg.Files = page.Files(o)
	return stop, nil
}

// announceDemo says where the demo is, once it is known which port the server has.
func (p *process) announceDemo(addrs []netip.AddrPort) {
	takes := "any user name and password"
	if p.settings.demoPassword != "" {
		takes = "any user name with the password of --demo-password"
	}
	p.log.Info("demo: open the page in a browser", "page", pageURL(addrs[0]), "domain", demoDomain, "takes", takes)
}

// pageURL is the address of the demo's page as a person types it.
func pageURL(at netip.AddrPort) string {
	host := at.String()
	if a := at.Addr(); a.IsLoopback() || a.IsUnspecified() {
		host = fmt.Sprintf("localhost:%d", at.Port())
	}
	return "http://" + host + "/"
}
