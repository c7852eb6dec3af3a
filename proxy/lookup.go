package proxy

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net/netip"
	"os"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmppconn"
)

// names is the Server's DNS client: the machine, its timer, and its sockets. It is the machine's Output.
type names struct {
	srv     *Server
	machine *lookup.Resolver
	timer   timer.Node
	sockets map[lookup.Try]*nameSocket
}

// Where the system says who is asked, and who is not.
const (
	resolvConf = "/etc/resolv.conf"
	hostsFile  = "/etc/hosts"
)

// startNames reads what the system says, where the configuration does not. A file that cannot be read is as one that is empty.
func (s *Server) startNames() {
	servers, hosts := s.cfg.resolvers(), s.cfg.Hosts
	if hosts == nil {
		b, _ := os.ReadFile(hostsFile)
		hosts = lookup.ParseHosts(b)
	}
	n := &s.names
	n.srv, n.sockets = s, map[lookup.Try]*nameSocket{}
	n.timer.Key = uint64(keyNames) << 32
	n.machine = lookup.New(lookup.Config{Servers: servers, Hosts: hosts, Random: randomBits, Watch: s.cfg.answers}, n)
}

// randomBits cannot be foreseen, which is what makes answers of the DNS hard to forge.
func randomBits() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it does not fail
	return binary.LittleEndian.Uint64(b[:])
}

func (n *names) addresses(t lookup.Ticket, host string) {
	n.machine.Addresses(n.srv.now(), t, host)
	n.rest()
}

func (n *names) service(t lookup.Ticket, domain string) {
	n.machine.Service(n.srv.now(), t, domain)
	n.rest()
}

func (n *names) cancel(t lookup.Ticket) {
	n.machine.Cancel(t)
	n.rest()
}

// handleTimer is called when the machine's deadline has come.
func (n *names) handleTimer() {
	n.machine.HandleTimeout(n.srv.now())
	n.rest()
}

// Deadline follows the machine's deadline when it moves earlier.
func (n *names) Deadline() { n.srv.loop.SetTimer(&n.timer, n.machine.Deadline()) }

// rest lets a server sleep that asks nobody.
func (n *names) rest() {
	if n.machine.Deadline() == 0 {
		n.srv.loop.CancelTimer(&n.timer)
	}
}

// Addresses takes addresses of a search's target.
func (n *names) Addresses(t lookup.Ticket, addrs []netip.Addr, o lookup.Outcome, last bool) {
	b := n.of(t)
	if b == nil {
		return
	}
	d := b.dialing
	d.looking = !last
	d.addrs = lookup.Interleave(append(append([]netip.Addr(nil), d.addrs...), addrs...), d.v6)
	b.tell(Step{Kind: StepAddresses, Target: d.target, Addrs: d.addrs, Outcome: o, Last: last})
	if o != lookup.Found {
		n.missed(b, o, d.itself)
	}
	n.srv.put(task{do: taskConnect, backend: b.slot})
}

// Service takes the hosts that serve a search's domain.
func (n *names) Service(t lookup.Ticket, hosts []lookup.Service, o lookup.Outcome) {
	b := n.of(t)
	if b == nil {
		return
	}
	d := b.dialing
	d.looking = false
	b.tell(Step{Kind: StepServices, Services: hosts, Outcome: o})
	if o != lookup.Found {
		n.missed(b, o, true)
	}
	for _, h := range hosts {
		d.itself = h.Fallback
		d.targets = append(d.targets, xmppconn.Target{Kind: xmppconn.KindDomain, DirectTLS: h.DirectTLS, Port: h.Port, Host: h.Host})
	}
	n.srv.put(task{do: taskConnect, backend: b.slot})
}

// of is the backend whose search has asked.
func (n *names) of(t lookup.Ticket) *backend { return n.srv.searching(uint32(t>>32), uint32(t)) }

// missed notes why there is no address; domain: of the domain itself. What does not exist is unknown, be it the domain or the one host that the operator
// has named for it; a route or a record that names such a host leads to a server that cannot be reached.
func (n *names) missed(b *backend, o lookup.Outcome, domain bool) {
	d, s := b.dialing, n.srv
	d.failed, d.err = xmppconn.ReasonConnectionFailed, errors.New(o.String())
	switch o {
	case lookup.NoName:
		if domain || d.target.Kind == xmppconn.KindBackend && d.tried == 0 {
			d.failed = xmppconn.ReasonHostUnknown
		}
	case lookup.Failed, lookup.TimedOut, lookup.Busy:
		d.told = true
		s.complain.warn(s.log, s.now(), "cannot look up the XMPP server of a domain; are the DNS resolvers up, and is --dns right?",
			b.about("domain", b.xmpp.Domain(), "name", d.target.Host, "reason", o.String())...)
	case lookup.Found, lookup.NoData, lookup.NoService:
	}
}
