package bosh

import (
	"strconv"

	"go-xmpp-bosh/timer"
)

// Bounds of what a creation request may have us keep.
const (
	toBytesMax   = 1023 // a domainpart (RFC 7622 §3.2)
	fromBytesMax = 3071 // a whole JID (RFC 7622 §3.1)
)

// terms are what a session is granted (XEP-0124 §7.2).
type terms struct {
	ver        version
	wait       timer.Time
	hold       int
	inactivity timer.Time // 0: unlimited
}

// negotiate reads what the client asks for. Nothing is granted above what was asked.
func (c *Config) negotiate(b *Body) (t terms, cond Condition) {
	wait, ok := countOr(b.attrs.wait, int(c.WaitMax/timer.Second))
	if !ok {
		return t, CondBadRequest
	}
	hold, ok := countOr(b.attrs.hold, 1)
	if !ok {
		return t, CondBadRequest
	}
	t.wait = min(timer.Time(wait)*timer.Second, c.WaitMax)
	t.hold = c.hold(hold)
	t.ver = ownVersion
	if v, ok := parseVersion(b.attrs.ver); ok {
		t.ver = v.lower(ownVersion)
	}
	t.inactivity = c.InactivityDefault
	if t.hold == 0 || t.wait == 0 {
		// XEP-0124 §12: higher than normal, by more than the polling interval.
		t.inactivity += 2*c.Polling + timer.Second
	}
	if n, ok := parseCount(b.attrs.inactivity); ok && n > 0 {
		t.inactivity = timer.Time(n) * timer.Second // node-xmpp-bosh's extension
	}
	if c.InactivityMax > 0 {
		t.inactivity = min(t.inactivity, c.InactivityMax)
	}
	if c.InactivityDefault == 0 {
		t.inactivity = 0
	}
	return t, CondNone
}

// countOr reads a number that may be absent.
func countOr(v []byte, absent int) (n int, ok bool) {
	if v == nil {
		return absent, true
	}
	return parseCount(v)
}

// Create opens the session that b asks for; h is answered when the server's features are here, or soon without them. sid and
// stream are random, and nobody else's. What can't be granted is answered at once, and the session is over when Create returns.
func (s *Session) Create(now timer.Time, env *Env, slot uint32, sid, stream [16]byte, h Handle, b *Body) {
	*s = Session{env: env, slot: slot, sid: sid}
	cfg := env.Config
	t, cond := cfg.negotiate(b)
	switch {
	case b.rid == 0: // decisions.md 1
		cond = CondBadRequest
	case b.isTerminate(): // of a session that it doesn't name
		cond = CondItemNotFound
	case len(b.attrs.to) == 0 || len(b.attrs.to) > toBytesMax:
		cond = CondImproperAddressing
	case !s.startKeys(b):
		cond = CondBadRequest
	}
	if cond != CondNone {
		s.refuse(h, cond)
		return
	}
	s.setState(now, stateOpen)
	s.creating = true
	s.legacy = b.attrs.ver == nil
	s.acks = len(b.attrs.ack) > 0 && string(b.attrs.ack) != "0" // COMPAT: gloox says 0
	s.polls = t.hold == 0 || t.wait == 0
	s.requests = uint8(cfg.requests(t.hold))
	if !s.polls {
		s.hold = uint8(t.hold)
	}
	s.wait, s.inactivity = uint32(t.wait), uint32(t.inactivity)
	s.rid, s.answered, s.floor, s.acked = b.rid, b.rid-1, b.rid, b.rid-1
	s.openRing()
	*s.at(s.rid) = open{handle: h, until: now + s.introDelay()}
	s.arrived = now
	s.domain = hashDomain(b.attrs.to)
	if t := contentTypeOf(b.attrs.content); t != nil {
		s.own().contentType = t
	}
	s.first.name = stream
	s.first.attrs = s.appendIntro(env.Buffers.Get(introBytes+2*len(b.attrs.to)+len(b.attrs.from)), &t, b)
	s.first.hasXBosh = true

	env.Out.StreamAdd(s, 0, b)
	s.forward(now, b)
	s.settle(now)
}

// refuse answers a creation that comes to nothing. It belongs to no session, hence status 200 (decisions.md 11).
func (s *Session) refuse(h Handle, cond Condition) {
	r := &s.env.response
	*r = Response{Status: statusOK, Body: TerminateBody(cond)}
	s.env.Out.Respond(h, r)
	s.env.Out.End(s)
}

// introDelay is how long the creation answer waits for the features.
func (s *Session) introDelay() timer.Time {
	wait := timer.Time(s.wait)
	if s.env.Config.PidginCompatible {
		return wait
	}
	return min(s.env.Config.FeaturesDelay, wait)
}

// introBytes is about the size of a creation answer's attributes.
const introBytes = 448

// appendIntro appends the attributes of the creation answer (XEP-0124 §7.2, XEP-0206 §4). The stream's id follows when its
// header comes in time.
func (s *Session) appendIntro(dst []byte, t *terms, b *Body) []byte {
	cfg := s.env.Config
	dst = append(dst, " sid='"...)
	dst = s.appendSID(dst)
	dst = append(dst, '\'')
	dst = appendSeconds(dst, "wait", t.wait)
	dst = appendNumber(dst, "requests", uint64(s.requests))
	dst = appendNumber(dst, "hold", uint64(t.hold))
	dst = append(dst, " ver='"...)
	dst = strconv.AppendUint(dst, uint64(t.ver.major), 10)
	dst = append(dst, '.')
	dst = strconv.AppendUint(dst, uint64(t.ver.minor), 10)
	dst = append(dst, '\'')
	if t.inactivity > 0 { // §10: saying nothing means there is no limit
		dst = appendSeconds(dst, "inactivity", t.inactivity)
	}
	if cfg.Polling > 0 { // §11 and §12: so here
		dst = appendSeconds(dst, "polling", cfg.Polling)
	}
	if cfg.PauseMax > 0 {
		dst = appendSeconds(dst, "maxpause", cfg.PauseMax)
	}
	if s.acks { // §9.1: here, and then throughout
		dst = appendNumber(dst, "ack", b.rid)
	}
	if cfg.Accept != "" {
		dst = appendAttr(dst, "accept", []byte(cfg.Accept))
	}
	if cfg.streams() > 1 { // §16.2
		dst = append(dst, " stream='"...)
		dst = appendUUID(dst, s.first.name)
		dst = append(dst, '\'')
	}
	dst = appendNumber(dst, "window", uint64(s.requests)) // node-xmpp-bosh's
	dst = appendAttr(dst, "from", b.attrs.to)
	if n := len(b.attrs.from); n > 0 && n <= fromBytesMax {
		dst = appendAttr(dst, "to", b.attrs.from)
	}
	return append(dst, " xmpp:version='1.0' xmpp:restartlogic='true'"...)
}
