package bosh

import "go-xmpp-bosh/xmlstream"

// bounce reports the stanzas that were pending for the client and are given up (XEP-0206 §7): those of the streams that are open, whose
// servers can still be told, or all.
func (s *Session) bounce(all bool) {
	for i := range s.streams() {
		st := s.stream(StreamID(i))
		if !all && st.ended {
			continue
		}
		if len(st.pending) > 0 {
			// Written as an answer, it can be read like one.
			head := append(s.env.scratch[:0], bodyStart+bodyNS+streamNS...)
			s.env.scratch = head
			buf, off := s.assemble(head, st)
			s.bounceBody(StreamID(i), buf[off:])
			s.env.Buffers.Put(buf)
		}
		s.freeStream(st)
	}
}

// bounceUnacknowledged reports what was answered and, by the client's own word, has not arrived (XEP-0124 §9.2).
func (s *Session) bounceUnacknowledged() {
	if !s.acks {
		return
	}
	for i := range s.replay {
		if a := &s.replay[i]; a.rid > s.acked && a.buf != nil {
			s.bounceBody(a.stream, a.body())
		}
	}
}

// bounceBody reports each stanza in an answer. Features, stream errors and what is ours are none.
func (s *Session) bounceBody(id StreamID, body []byte) {
	var (
		scan xmlstream.Scanner
		el   xmlstream.Element
	)
	scan.Reset(s.env.Parser.scanPool(), xmlstream.ModeBody, xmlstream.DefaultLimits)
	for {
		n, ev := scan.Next(body, &el)
		body = body[n:]
		switch ev {
		case xmlstream.Child:
			s.noClient(id, &el)
		case xmlstream.Header:
		case xmlstream.NeedMore, xmlstream.End, xmlstream.Bad:
			return
		}
	}
}

// noClient reports one element.
func (s *Session) noClient(id StreamID, el *xmlstream.Element) {
	if space := string(el.Space()); space == xmlstream.NSStreams || space == xmlstream.NSBind {
		return
	}
	buf := s.env.Buffers.Get(len(el.Raw) + el.AppendSize())
	buf = el.AppendTo(buf, "")
	s.env.Out.NoClient(s, id, buf)
	s.env.Buffers.Put(buf)
}
