package doctor

import "go-xmpp-bosh/proxy"

// What the connection that the stream has comes to. There is none once the server has sent its client elsewhere, until the next one is up.

func (tr *trace) takeSecure(st proxy.Step) {
	tr.shook(ofState(st.TLS, tr.verify))
	tr.awaiting = awaitStream
}

func (tr *trace) takeLost(st proxy.Step) {
	switch {
	case tr.at == nil:
	case tr.shaking:
		tr.shook(ofFailure(st.Err))
	default:
		tr.stream().Error = "the connection ended"
	}
}

// shook notes how a handshake went. With STARTTLS there was a stream before it.
func (tr *trace) shook(t *TLS) {
	now := tr.now()
	t.Direct, t.Milliseconds = tr.at.Stream == nil, since(tr.since, now)
	tr.at.TLS = t
	tr.shaking, tr.since = false, now
}

func (tr *trace) takeFeatures(st proxy.Step) {
	s := tr.stream()
	s.Milliseconds = since(tr.since, tr.now())
	if st.Secure {
		s.Inside = featuresOf(st.Element)
	} else {
		s.Clear = featuresOf(st.Element)
	}
}

func (tr *trace) takeElsewhere(st proxy.Step) {
	tr.at.Elsewhere = st.Target.String()
	tr.at, tr.awaiting = nil, awaitDNS
	tr.add(st.Target, fromElsewhere)
}

func (tr *trace) takeShown(st proxy.Step) {
	tr.shown = true
	if st.Element == nil {
		return
	}
	s := tr.stream()
	s.Shown = featuresOf(st.Element)
	if sent := s.sent(); sent != nil {
		s.Hidden = sent.without(s.Shown)
	}
}

func (tr *trace) takeEnd(st proxy.Step) {
	tr.reason, tr.failure = st.Reason, streamError(st.Element)
	if a := tr.at; a != nil && (a.TLS == nil || a.TLS.Error == "") && tr.stream().Error == "" {
		a.Stream.Error = "ended: " + join(st.Reason.String(), ", ", tr.failure)
	}
}

// timeOut notes on the connection at hand, if there is one, that there was no time left.
func (tr *trace) timeOut() {
	const why = "nothing came in time"
	switch {
	case tr.at == nil:
	case tr.shaking:
		tr.shook(&TLS{Error: why})
	default:
		tr.stream().Error = why
	}
}

func (tr *trace) stream() *Stream {
	if tr.at.Stream == nil {
		tr.at.Stream = new(Stream)
	}
	return tr.at.Stream
}

// sent are the features that the client's were made of.
func (s *Stream) sent() *Features {
	if s.Inside != nil {
		return s.Inside
	}
	return s.Clear
}
