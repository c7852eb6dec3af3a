package proxy

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"go-xmpp-bosh/loop"
)

// inherited begins an address that is a socket of the process's own start.
const inherited = "fd/"

// InheritedAddress is how Config.Listen and ListenTLS name a listening socket that the process was started with, as by systemd.
func InheritedAddress(fd int) string { return inherited + strconv.Itoa(fd) }

// open listens on an address of either kind.
func (s *Server) open(addr string, accept func() (*loop.Conn, loop.Handler)) (*loop.Listener, error) {
	number, ok := strings.CutPrefix(addr, inherited)
	if !ok {
		return s.loop.Listen(addr, accept)
	}
	fd, err := strconv.Atoi(number)
	if err != nil {
		return nil, fmt.Errorf("%s is no descriptor", addr)
	}
	return s.loop.Inherit(fd, accept)
}

// again is where the further loops of a Group listen: at the same addresses with sockets of their own, but at an inherited socket all
// together, since nobody can bind beside it.
func again(configured []string, bound []netip.AddrPort) []string {
	if len(configured) > 0 && strings.HasPrefix(configured[0], inherited) {
		return configured
	}
	return texts(bound)
}
