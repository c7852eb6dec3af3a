package proxy

import (
	"net/netip"

	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/proxyproto"
	"go-xmpp-bosh/xmppconn"
)

// origin is who speaks on a connection: the client's address, and the one that it has connected to.
type origin struct {
	source, destination netip.AddrPort
}

// callers has what is known of clients beside their connections' own addresses, by slot: of HTTP connections, by the PROXY protocol;
// of WebSockets and of streams on the way to a server, where that wants it. All are empty unless the operator asked for one of
// the two, hence tables and no fields of every record.
type callers struct {
	clients, sockets, backends map[uint32]origin

	serving *client // whose request is being served
}

func put(m *map[uint32]origin, slot uint32, o origin) {
	if *m == nil {
		*m = map[uint32]origin{}
	}
	(*m)[slot] = o
}

// full is the origin of a request.
func (c *client) full(r *httpparse.Request) origin {
	o, ok := c.srv.callers.clients[c.slot]
	if !ok {
		o.destination = c.conn.LocalAddr()
	}
	o.source = c.origin(r)
	return o
}

// keep notes who opened a WebSocket, if some server wants to know.
func (t *callers) keep(c *client, socket uint32, r *httpparse.Request) {
	if c.srv.cfg.Backends.HasProxy() {
		put(&t.sockets, socket, c.full(r))
	}
}

// note notes for whom a stream is opened, if one of the servers that may be meant wants to know.
func (t *callers) note(s *Server, slot uint32, of ownerRef, targets []xmppconn.Target) {
	for i := range targets {
		switch {
		case !targets[i].Proxy:
			continue
		case of.kind == ownerSocket:
			put(&t.backends, slot, t.sockets[of.slot])
		case t.serving != nil:
			put(&t.backends, slot, t.serving.full(&s.request))
		}
		return
	}
}

// introduce tells the server for whom the connection is, before anything else goes over it.
func (b *backend) introduce() {
	s := b.srv
	o := s.callers.backends[b.slot] // none: a header of ours, for the server waits for one
	s.scratch = proxyproto.AppendV2(s.scratch[:0], o.source, o.destination)
	b.conn.Write(s.scratch)
}
