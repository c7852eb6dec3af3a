package doctor

import (
	"net/netip"
	"slices"
	"time"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/xmppconn"
)

// origins says where targets come from, by kind.
var origins = map[xmppconn.Kind]string{
	xmppconn.KindRoute: "the client's route", xmppconn.KindBackend: "--backend", xmppconn.KindDomain: "the domain itself",
}

const (
	fromSRV       = "SRV record"
	fromElsewhere = "see-other-host"
)

func (tr *trace) add(place xmppconn.Target, from string) *target {
	t := &target{place: place, dialed: map[netip.AddrPort]time.Time{}}
	t.Name, t.From, t.Addresses = place.String(), from, []*Address{}
	tr.targets = append(tr.targets, t)
	return t
}

// target finds the newest of that place: one that a server sends its clients to may have been tried before.
func (tr *trace) target(place xmppconn.Target) *target {
	for _, t := range slices.Backward(tr.targets) {
		if t.place == place {
			return t
		}
	}
	return tr.add(place, fromElsewhere)
}

// takeServices puts what the SRV records say in the place of the domain.
func (tr *trace) takeServices(services []lookup.Service, o lookup.Outcome) {
	tr.services = o
	if o != lookup.Found {
		tr.targets[0].Outcome = o.String()
		tr.targets[0].looked = true
		return
	}
	tr.targets = nil
	for _, s := range services {
		from := fromSRV
		if s.Fallback {
			from, tr.fallback = origins[xmppconn.KindDomain], true
		}
		tr.add(xmppconn.Target{Kind: xmppconn.KindDomain, DirectTLS: s.DirectTLS, Port: s.Port, Host: s.Host}, from)
	}
}

// takeAddresses puts the addresses that are left to try behind those that were.
func (tr *trace) takeAddresses(place xmppconn.Target, addrs []netip.Addr, o lookup.Outcome) {
	t := tr.target(place)
	t.looked = true
	if o != lookup.Found {
		t.Outcome = o.String()
	}
	t.Addresses = slices.DeleteFunc(t.Addresses, func(a *Address) bool { return !a.judged })
	for _, a := range addrs {
		t.Addresses = append(t.Addresses, newAddress(netip.AddrPortFrom(a, place.Port)))
	}
}

func newAddress(to netip.AddrPort) *Address {
	return &Address{Address: to.String(), Network: xmppconn.Classify(to.Addr()).String(), Unknown: true}
}

// address finds one of the target's.
func (t *target) address(to netip.AddrPort) *Address {
	for _, a := range t.Addresses {
		if a.Address == to.String() {
			return a
		}
	}
	a := newAddress(to)
	t.Addresses = append(t.Addresses, a)
	return a
}

// attempted is the address that a step of the race for a connection is about; what has become of it is known now.
func (tr *trace) attempted(st proxy.Step) *Address {
	a := tr.target(st.Target).address(st.To)
	a.judged, a.Unknown = true, false
	return a
}

func (tr *trace) takeDial(st proxy.Step) {
	tr.attempted(st).Unknown = true // until it fails or wins: another may win before
	tr.target(st.Target).dialed[st.To] = tr.now()
	tr.awaiting = awaitConnection
}

func (tr *trace) takeFailed(st proxy.Step) {
	a := tr.attempted(st)
	a.Connect, a.Error = since(tr.target(st.Target).dialed[st.To], tr.now()), "it ended"
	if st.Err != nil {
		a.Error = plainError(st.Err.Error())
	}
}

func (tr *trace) takeWon(st proxy.Step) {
	tr.since = tr.now()
	a := tr.attempted(st)
	a.Client, a.Connect = true, since(tr.target(st.Target).dialed[st.To], tr.since)
	if !st.Target.DirectTLS {
		a.Policy = st.Policy.String()
	}
	tr.at, tr.awaiting = a, awaitStream
}
