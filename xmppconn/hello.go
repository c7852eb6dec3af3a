package xmppconn

import (
	"bytes"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// handleHeader takes the server's stream header (RFC 6120 §4.7).
func (st *Stream) handleHeader(now timer.Time, el *xmlstream.Element) {
	if !el.Is(xmlstream.NSStreams, "stream") {
		st.end(now, ReasonNotXMPP, "invalid-namespace")
		return
	}
	st.headed = true
	if st.stage == stageClosing {
		return
	}
	version, _ := el.Attr("", "version")
	st.keepHello(el)
	st.become(stageFeatures)
	if isVersion1(version) {
		return
	}
	// RFC 6120 §4.7.5: a server older than 1.0 has no features, hence no STARTTLS.
	if !st.maySpeak() {
		st.fail(now, ReasonTLSRequired)
		return
	}
	st.become(stageOpen)
	st.announce()
	st.flush(now)
}

// keepHello keeps what the header says until the features show that it is the one that counts: STARTTLS brings another.
// The four values follow one another, each with a NUL behind it, which no XML has.
func (st *Stream) keepHello(el *xmlstream.Element) {
	hello := st.env.Buffers.Get(0)
	for _, name := range [...]struct{ space, local string }{{"", "id"}, {"", "from"}, {xmlstream.NSXML, "lang"}, {"", "version"}} {
		raw, _ := el.Attr(name.space, name.local)
		if len(raw) <= jidBytesMax {
			hello = st.env.Buffers.Grow(hello, len(raw)+1)
			hello = xmlstream.AppendUnescaped(hello, raw)
		}
		hello = st.env.Buffers.Append(hello, 0)
	}
	st.env.Buffers.Put(st.hello)
	st.hello = hello
}

// announce tells the client's session of the stream, or of the restarted one.
func (st *Stream) announce() {
	h, rest := &st.env.hdr, st.hello
	for _, value := range [...]*[]byte{&h.ID, &h.From, &h.Lang, &h.Version} {
		*value, rest, _ = bytes.Cut(rest, []byte{0})
	}
	if st.opened {
		st.env.Out.StreamRestarted(st, h)
	} else {
		st.opened = true
		st.env.Out.StreamAdded(st, h)
	}
	*h = Header{}
	st.env.Buffers.Put(st.hello)
	st.hello = nil
}
