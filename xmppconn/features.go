package xmppconn

import (
	"bytes"
	"strconv"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// nsLimits is XEP-0478's.
const nsLimits = "urn:xmpp:stream-limits:0"

// handleFeatures takes the first features of a stream, or of a restarted one: TLS by policy, else the client's turn.
func (st *Stream) handleFeatures(now timer.Time, el *xmlstream.Element) {
	if st.env.Watch != nil {
		st.env.Watch(st, el)
	}
	has := st.env.offersOf(el)
	if !st.opened && !st.secure {
		if has&offerTLS != 0 && (st.tls != TLSOff || has&offerTLSRequired != 0) {
			st.become(stageStartTLS)
			st.send("<starttls xmlns='" + xmlstream.NSTLS + "'/>")
			st.setDeadline(now, st.env.StageMax)
			return
		}
		if st.tls == TLSRequire { // a stripped offer must not leak what the client says next
			st.fail(now, ReasonTLSRequired)
			return
		}
	}
	st.become(stageOpen)
	st.announce()
	shown := st.presentable(el, has)
	if len(st.pending) == 0 && has&offerSASL != 0 {
		st.hello = shown.AppendStreamTo(st.env.Buffers.Get(len(shown.Raw)+shown.AppendSize()), xmlstream.NSClient, true)
	}
	st.env.Out.Response(st, shown)
	st.flush(now)
}

// offers are what features have that matters to us.
type offers uint8

const (
	offerTLS         offers = 1 << iota
	offerTLSRequired        // the server demands it (RFC 6120 §5.4.1)
	offerCompression
	offerLimits
	offerSASL
)

// offersOf looks at the children of features.
func (env *Env) offersOf(features *xmlstream.Element) (has offers) {
	features.Children(env.Scan, func(c *xmlstream.Element) bool {
		switch string(c.Space()) {
		case xmlstream.NSTLS:
			if string(c.Local()) == "starttls" && has&offerTLS == 0 {
				has |= offerTLS | env.requires(c)
			}
		case xmlstream.NSCompressFeature:
			if string(c.Local()) == "compression" {
				has |= offerCompression
			}
		case nsLimits:
			if string(c.Local()) == "limits" {
				has |= offerLimits
			}
		case xmlstream.NSSASL:
			if string(c.Local()) == "mechanisms" {
				has |= offerSASL
			}
		}
		return true
	})
	return has
}

// requires is offerTLSRequired if this <starttls/> says so.
func (env *Env) requires(startTLS *xmlstream.Element) (has offers) {
	startTLS.Children(env.Scan, func(c *xmlstream.Element) bool {
		if c.Is(xmlstream.NSTLS, "required") {
			has = offerTLSRequired
		}
		return has == 0
	})
	return has
}

// isFresh reports whether a restart asks for what is there already, or on its way: a stream on which the client has said
// nothing, and which would be the same again. One that is open counts only where the server offers SASL: there a second
// header would be an error.
//
// COMPAT: node-xmpp-client 3 asks for a restart as soon as it has a session.
func (st *Stream) isFresh(r *Restart) bool {
	silent := st.stage == stageOpen && st.hello != nil || st.stage != stageOpen && !st.opened && len(st.pending) == 0 && st.restartAt < 0
	return silent && r.Attrs == nil && isSame(r.To, st.head.domain) && isSame(r.From, st.head.from) && isSame(r.Lang, st.head.lang)
}

// isSame reports whether an attribute of a restart leaves the header as it is.
func isSame(attr []byte, in string) bool { return len(attr) == 0 || string(attr) == in }

// repeatFeatures gives the client the features again.
func (st *Stream) repeatFeatures() {
	env := st.env
	var scan xmlstream.Scanner
	scan.Reset(env.Scan, xmlstream.ModeMessage, xmlstream.DefaultLimits)
	if _, ev := scan.Next(st.hello, &env.el); ev == xmlstream.Child {
		env.Out.Response(st, &env.el)
	}
	scan.Reset(env.Scan, xmlstream.ModeMessage, xmlstream.DefaultLimits)
}

// forgetFeatures: the client has spoken.
func (st *Stream) forgetFeatures() {
	st.env.Buffers.Put(st.hello)
	st.hello = nil
}

// handleTLSAnswer takes the server's answer to <starttls/> (RFC 6120 §5.4.2). more: bytes came behind it.
func (st *Stream) handleTLSAnswer(now timer.Time, el *xmlstream.Element, more bool) {
	switch {
	case el.Is(xmlstream.NSStreams, "error"):
		st.answerEnd(now, ReasonStreamError, el)
	case !el.Is(xmlstream.NSTLS, "proceed"), more: // decisions.md 41: whoever put bytes there is outside TLS
		st.fail(now, ReasonTLSFailed)
	default:
		st.become(stageTLS)
		st.scan.Reset(st.env.Scan, xmlstream.ModeStream, st.limits())
		st.env.Out.StartTLS(st)
		st.setDeadline(now, st.env.StageMax)
	}
}

// presentable gives the features as the client may see them: without STARTTLS and compression, which are between us and the
// server (XEP-0206 §4, RFC 7395 §3.9), and with a size limit that holds for our part of the way too (decisions.md 44). All
// else is passed on as it is, SASL mechanisms and channel bindings above all (decisions.md 43). The element is borrowed.
func (st *Stream) presentable(el *xmlstream.Element, has offers) *xmlstream.Element {
	if has&(offerTLS|offerCompression) == 0 && (st.maxBytes == 0 || has&offerLimits == 0) {
		return el
	}
	env := st.env
	out, done := env.edited[:0], 0
	el.Children(env.Scan, func(c *xmlstream.Element) bool {
		at := cap(el.Raw) - cap(c.Raw)
		out = append(out, el.Raw[done:at]...)
		done = at + len(c.Raw)
		switch {
		case c.Is(xmlstream.NSTLS, "starttls"), c.Is(xmlstream.NSCompressFeature, "compression"):
		case c.Is(nsLimits, "limits") && st.maxBytes > 0:
			out = env.appendLimits(out, c, st.maxBytes)
		default:
			out = append(out, c.Raw...)
		}
		return true
	})
	out = append(out, el.Raw[done:]...)
	if cap(out) <= editedKept {
		env.edited = out
	}
	shown, ok := el.Edited(env.Scan, out)
	if !ok {
		return el
	}
	env.shown = shown
	return &env.shown
}

// editedKept is the most room that is kept for editing features, in bytes.
const editedKept = 4096

// appendLimits writes <limits/> with each <max-bytes/> at most max. One that is no number is none of ours.
func (env *Env) appendLimits(dst []byte, limits *xmlstream.Element, max uint32) []byte {
	done := 0
	limits.Children(env.Scan, func(c *xmlstream.Element) bool {
		if text := c.Content(); c.Is(nsLimits, "max-bytes") && isAbove(text, max) {
			at := cap(limits.Raw) - cap(text)
			dst = append(dst, limits.Raw[done:at]...)
			dst = strconv.AppendUint(dst, uint64(max), 10)
			done = at + len(text)
		}
		return true
	})
	return append(dst, limits.Raw[done:]...)
}

// isAbove reports whether text is an integer above max; it may be longer than any integer type.
func isAbove(text []byte, max uint32) bool {
	number := string(bytes.TrimSpace(text))
	if !isDigits(number) {
		return false
	}
	n, err := strconv.ParseUint(number, 10, 32)
	return err != nil || n > uint64(max)
}
