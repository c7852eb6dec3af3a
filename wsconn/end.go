package wsconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

// farewell is how a session ends that can still say so.
type farewell struct {
	cond  Condition
	el    *xmlstream.Element // the server's own stream error, said instead of cond
	uri   string             // where to go instead (RFC 7395 §3.6.1)
	code  wsframe.CloseCode  // 0: as cond and the framing have it
	clean bool               // the client has closed the stream itself
	mute  bool               // nothing is said in XMPP
	deaf  bool               // what the client sends can't be read any more: its close is not waited for
}

// refuse ends the session because of what the client sent.
func (s *Session) refuse(now timer.Time, cond Condition) { s.end(now, farewell{cond: cond}) }

// HandleShutdown ends the session from our side. uri: where the client is to go instead; "": it is told of the shutdown.
func (s *Session) HandleShutdown(now timer.Time, uri string) {
	if !s.state.isLive() {
		return
	}
	f := farewell{cond: CondSystemShutdown}
	switch {
	case s.framing == framingUnknown: // it has asked for nothing
		f.mute = true
	case uri != "" && s.framing == framingRFC7395:
		f.cond, f.uri = CondSeeOtherURI, uri
	}
	s.end(now, f)
}

// end says goodbye: in XMPP first, then WebSocket's own close at once (decisions.md 26), whose answer is waited for.
func (s *Session) end(now timer.Time, f farewell) {
	if !f.mute {
		s.sayGoodbye(&f)
	}
	code := f.code
	if code == 0 {
		code = f.cond.closeCode()
	}
	if code == wsframe.CloseNormal && s.framing == framingOlder {
		code = wsframe.CloseNone // draft-moffitt-xmpp-over-websocket: the close has no body
	}
	s.sendClose(code)
	s.become(stateClosing)
	s.leave(f.clean)
	if f.cond != CondNone {
		s.env.Out.Error(s, f.cond)
	}
	if f.deaf || s.env.Config.CloseMax <= 0 {
		s.closeSocket(now)
		return
	}
	s.bound(now, s.env.Config.CloseMax)
}

// sayGoodbye ends the XMPP stream towards the client: the header that is owed, the error, the close (RFC 7395 §3.4 to §3.6,
// decisions.md 25). To who has not shown a framing, RFC 7395's is spoken.
func (s *Session) sayGoodbye(f *farewell) {
	if f.cond != CondNone && f.uri == "" {
		if s.owed || !s.headed {
			s.sendHeader(&StreamHeader{})
		}
		if f.el != nil {
			s.sendStreamElement(f.el)
		} else {
			s.sendError(f.cond)
		}
	}
	s.sendStreamClose(f.uri)
}

// leave ends the stream from the client's side, if there still is one.
func (s *Session) leave(clean bool) {
	if s.streaming {
		s.streaming = false
		s.env.Out.StreamTerminate(s, clean)
	}
}

// closeSocket closes the socket behind what was sent.
func (s *Session) closeSocket(now timer.Time) {
	s.become(stateClosed)
	s.env.Out.CloseSocket(s)
	s.bound(now, s.env.Config.CloseMax)
}

// die drops a connection that nobody is at the other end of.
func (s *Session) die(cond Condition) {
	s.become(stateClosed)
	s.setDeadline()
	s.leave(false)
	s.env.Out.Error(s, cond)
	s.env.Out.AbortSocket(s)
}
