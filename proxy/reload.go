package proxy

// Reconfigure takes the parts of a configuration that can change while the server runs; the others stay as they are, so that
// sessions keep what they were granted. It may be called from any goroutine.
func (g *Group) Reconfigure(cfg Config) {
	for _, s := range g.servers {
		s.Reconfigure(cfg)
	}
}

// Reconfigure is Group's for one loop. The tables in cfg must not change afterwards.
func (s *Server) Reconfigure(cfg Config) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		s.log.Error("the new configuration can't be used", "reason", err)
		return
	}
	s.loop.Post(func() { s.reconfigure(&cfg) })
}

func (s *Server) reconfigure(next *Config) {
	c := &s.cfg
	c.Backends, c.BackendInsecure, c.RootCAs = next.Backends, next.BackendInsecure, next.RootCAs
	c.BackendTLS, c.NoTLSDomains = next.BackendTLS, next.NoTLSDomains
	c.Firewall, c.RouteFilter = next.Firewall, next.RouteFilter
	c.AllowPrivateBackends, c.PrivateNetworks = next.AllowPrivateBackends, next.PrivateNetworks
	c.ConnectTimeout, c.DrainTimeout = next.ConnectTimeout, next.DrainTimeout
	c.HTTPIdleTimeout, c.HTTPHeadTimeout, c.HTTPBodyTimeout = next.HTTPIdleTimeout, next.HTTPHeadTimeout, next.HTTPBodyTimeout
	c.SystemInfoPassword = next.SystemInfoPassword
	c.Settings = next.Settings
	s.pages.info = nil // it shows them
	c.Logs = next.Logs
	c.SessionsPerAddress, c.ConnectionsPerAddress = next.SessionsPerAddress, next.ConnectionsPerAddress
	c.SessionsPerDomain, c.MemoryMax = next.SessionsPerDomain, next.MemoryMax
	c.MaxSessions = next.MaxSessions
}
