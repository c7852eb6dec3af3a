package proxy

import (
	"errors"
	"fmt"
	"net/netip"
)

// LoopsMax is how many loops a Group may have: a sid names its loop.
const LoopsMax = 1 << (32 - slotBits)

// slotBits of a session's number name its slot, the others its loop. Numbers of the first loop are slots.
const (
	slotBits = 26
	slotMask = 1<<slotBits - 1
)

// Group is one server over several loops, each of which is a Server with a thread of its own. They listen on the same addresses (SO_REUSEPORT) and share
// nothing but what limits need: a request for another loop's session takes its connection there, where it stays (DESIGN.md, loop).
type Group struct {
	servers []*Server
}

// NewGroup makes a server of n loops; its limits are for all of them together.
func NewGroup(cfg Config, n int) (*Group, error) {
	if n < 1 || n > LoopsMax {
		return nil, fmt.Errorf("%d loops: from 1 to %d", n, LoopsMax)
	}
	g := new(Group)
	cfg.shared = newShared(n)
	for i := range n {
		c := cfg
		c.loops, c.loopIndex = n, i
		if i > 0 {
			c.Listen, c.ListenTLS = again(cfg.Listen, g.Addrs()), again(cfg.ListenTLS, g.TLSAddrs())
		}
		s, err := New(c)
		if err != nil {
			return nil, errors.Join(err, g.release())
		}
		g.servers = append(g.servers, s)
	}
	for _, s := range g.servers {
		s.peers = g.servers
	}
	return g, nil
}

func texts(addrs []netip.AddrPort) (list []string) {
	for _, a := range addrs {
		list = append(list, a.String())
	}
	return list
}

// release gives back what servers hold that are not run.
func (g *Group) release() (err error) {
	for _, s := range g.servers {
		s.loop.Stop()
		err = errors.Join(err, s.loop.Run())
	}
	return err
}

// Addrs has the addresses that HTTP is accepted on.
func (g *Group) Addrs() []netip.AddrPort { return g.servers[0].Addrs() }

// TLSAddrs has the addresses that HTTPS is accepted on.
func (g *Group) TLSAddrs() []netip.AddrPort { return g.servers[0].TLSAddrs() }

// Run serves until Shutdown or Stop. It is called once. If one loop fails, the others end too.
func (g *Group) Run() error {
	done := make(chan error)
	for i, s := range g.servers {
		go func() {
			if i == 0 {
				done <- s.Run()
				return
			}
			done <- s.run()
		}()
	}
	var err error
	for range g.servers {
		if e := <-done; e != nil {
			err = errors.Join(err, e)
			g.Stop()
		}
	}
	return err
}

// Shutdown ends every session and makes Run return nil. It may be called from any goroutine, and more than once.
func (g *Group) Shutdown() {
	for _, s := range g.servers {
		s.Shutdown()
	}
}

// Stop ends the server at once. It may be called from any goroutine.
func (g *Group) Stop() {
	for _, s := range g.servers {
		s.Stop()
	}
}

// Reload reads the certificates anew, which all loops share. It may be called from any goroutine.
func (g *Group) Reload() { g.servers[0].Reload() }
