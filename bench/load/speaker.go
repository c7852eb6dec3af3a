package load

// speaker is a transport: it turns a session's steps into bytes, and bytes into payloads. It keeps no state of its own; what it needs is in the session.
type speaker interface {
	// begin says the first thing on a session's first connection, which stands.
	begin(g *Generator, s *session) error
	// restart opens the stream anew after SASL.
	restart(g *Generator, s *session) error
	// say sends one stanza, or one element of the log-in.
	say(g *Generator, s *session, payload []byte) error
	// canSay: say would find a way now.
	canSay(g *Generator, s *session) bool
	// settle does what the transport needs to hear from its server: BOSH polls.
	settle(g *Generator, s *session) error
	// receive takes what came, hands payloads to g.payload, and says how much it consumed.
	receive(g *Generator, l *link, b []byte) (consumed int, err error)
	// end closes the session properly; g.over follows when the server has agreed.
	end(g *Generator, s *session) error
	// linkEnded: a connection was closed by the server, at a moment that may be all right.
	linkEnded(g *Generator, l *link) error
}

func speakerFor(t *Target) speaker {
	switch t.Transport {
	case BOSH2, BOSH1:
		return newBOSH(t)
	case WebSocket, Framed:
		return newWebSocket(t)
	case Raw:
		return newRaw(t)
	case Static:
		return newStatic(t)
	}
	return nil
}
