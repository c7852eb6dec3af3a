package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// HandleRestart is the client's wish for a new stream on the same connection (XEP-0206 §5, RFC 7395 §3.7). It takes its
// turn behind what the client sent before it, and waits for the end of SASL (decisions.md 36).
func (st *Stream) HandleRestart(now timer.Time, r Restart) {
	if st.stage.isOver() {
		return
	}
	if len(r.To) > 0 && string(r.To) != st.head.domain {
		if _, ok := ParseDomain(string(r.To)); !ok {
			st.end(now, ReasonImproperAddressing, "")
			return
		}
	}
	if st.isFresh(&r) {
		if st.stage == stageOpen { // else they are still to come
			st.repeatFeatures()
		}
		return
	}
	if st.restartAt >= 0 {
		if len(st.pending) > int(st.restartAt) { // a second one behind the first: no client needs it
			st.end(now, ReasonPolicyViolation, "")
			return
		}
		st.next = st.env.keepHead(st.next.with(&r, st.env))
		return
	}
	st.next = st.env.keepHead(st.head.with(&r, st.env))
	st.restartAt = int32(len(st.pending))
	switch {
	case st.stage != stageOpen:
	case st.sasl:
		st.setDeadline(now, st.env.StageMax)
	default:
		st.restart(now)
	}
}

// HandleRefusal ends the stream because its client asked for what the driver does not permit.
func (st *Stream) HandleRefusal(now timer.Time, why Reason) {
	if !st.stage.isOver() {
		st.end(now, why, "")
	}
}

// restart gives the stream up and opens a new one on its connection. What waits stays for it.
func (st *Stream) restart(now timer.Time) {
	st.head, st.next = st.next, nil
	st.restartAt = -1
	st.sasl, st.saslNext = st.saslNext, false
	st.managed, st.resumable = false, false
	st.sendHeader(now)
}

// with gives the head after a restart: what it names changes.
func (h *head) with(r *Restart, env *Env) head {
	next := *h
	next.setTo(r.To)
	next.setFrom(r.From)
	next.setLang(r.Lang)
	if r.Attrs != nil {
		next.setAttrs(r.Attrs, env)
	}
	return next
}

func (h *head) setTo(to []byte) {
	if len(to) > 0 && string(to) != h.domain {
		h.domain = string(to)
	}
}

func (h *head) setFrom(from []byte) {
	if string(from) == h.from {
		return
	}
	if s := string(from); s != "" && isText(s, jidBytesMax) {
		h.from = s
	}
}

func (h *head) setLang(lang []byte) {
	if string(lang) == h.lang {
		return
	}
	if s := string(lang); isLang(s) {
		h.lang = s
	}
}

// setAttrs takes further attributes: those with which the header still is one, and the same (node-xmpp-bosh's stream_attrs).
func (h *head) setAttrs(attrs []Attr, env *Env) {
	h.attrs = ""
	for _, a := range attrs[:min(len(attrs), attrsMax)] {
		switch string(a.Name) {
		case "to":
			if _, ok := ParseDomain(string(a.Value)); ok {
				h.setTo(a.Value)
			}
			continue
		case "from":
			h.setFrom(a.Value)
			continue
		case "xml:lang":
			h.setLang(a.Value)
			continue
		case "version":
			h.version = headerVersion(string(a.Value))
			continue
		}
		if !isAttrName(a.Name) || !isText(string(a.Value), attrsBytesMax) {
			continue
		}
		var one []byte
		one, env.text = appendAttr(nil, env.text, string(a.Name), string(a.Value))
		tried := *h
		tried.from, tried.lang = "a", "a"
		tried.attrs += string(one)
		if len(tried.attrs) <= attrsBytesMax && tried.isHeader(env) {
			h.attrs = tried.attrs
		}
	}
}

// isAttrName excludes what would end a name; whether it is one is the scanner's to say.
func isAttrName(name []byte) bool {
	for _, c := range name {
		switch {
		case c <= ' ', c == '\'', c == '"', c == '=', c == '<', c == '>', c == '/', c == '&':
			return false
		}
	}
	return len(name) > 0
}

// isHeader reports whether h is rendered as one stream header.
func (h *head) isHeader(env *Env) bool {
	env.scratch, env.text = h.append(env.scratch[:0], env.text, true)
	var scan xmlstream.Scanner
	var el xmlstream.Element
	scan.Reset(env.Scan, xmlstream.ModeStream, xmlstream.DefaultLimits)
	n, ev := scan.Next(env.scratch, &el)
	ok := ev == xmlstream.Header && n == len(env.scratch) && el.Is(xmlstream.NSStreams, "stream") && !el.SelfClosed
	scan.Reset(env.Scan, xmlstream.ModeStream, xmlstream.DefaultLimits)
	return ok
}
