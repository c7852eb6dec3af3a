package bosh

import (
	"bytes"

	"go-xmpp-bosh/xmlstream"
)

// Parser reads request bodies. One serves a whole loop; the zero value is ready.
type Parser struct {
	scan  xmlstream.Scanner
	pool  *xmlstream.Pool
	body  Body
	el    xmlstream.Element
	texts []byte // decoded attributes of the body at hand
}

// elementsKept is how many elements' room a Parser keeps from one body to the next.
const elementsKept = 256

// Parse reads one complete document. Nothing of it takes effect before all of it was checked; a document that is refused
// leaves every session alone, the one that it names included (decisions.md 10). The error is a ParseError.
func (p *Parser) Parse(raw []byte) (*Body, error) {
	b := p.begin(raw)
	p.scan.Reset(p.pool, xmlstream.ModeBody, xmlstream.DefaultLimits)
	for {
		n, ev := p.scan.Next(raw, &p.el)
		raw = raw[n:]
		switch ev {
		case xmlstream.Header:
			b.header = p.el
			if err := p.readHeader(b); err != 0 {
				return nil, err
			}
		case xmlstream.Child:
			b.elements = append(b.elements, p.el)
		case xmlstream.End:
			if n, ev := p.scan.Next(raw, &p.el); ev == xmlstream.Bad || n < len(raw) {
				return nil, p.refused()
			}
			return b, nil
		case xmlstream.NeedMore: // the document ends too soon
			return nil, ParseError(xmlstream.ErrNotWellFormed)
		case xmlstream.Bad:
			return nil, p.refused()
		}
	}
}

// begin makes the body ready for a document.
func (p *Parser) begin(raw []byte) *Body {
	p.scanPool()
	b := &p.body
	kept := b.elements[:0]
	if cap(kept) > elementsKept {
		kept = nil
	}
	*b = Body{raw: raw, elements: kept, slot: noSlot}
	p.texts = p.texts[:0]
	return b
}

func (p *Parser) scanPool() *xmlstream.Pool {
	if p.pool == nil {
		p.pool = xmlstream.NewPool()
	}
	return p.pool
}

func (p *Parser) refused() error {
	err := ParseError(p.scan.Err())
	if err == 0 {
		err = ParseError(xmlstream.ErrNotWellFormed)
	}
	return err
}

// readHeader takes the attributes over. It allows what clients.md demands: a <body/> in no namespace, if it has a sid.
func (p *Parser) readHeader(b *Body) ParseError {
	if string(b.header.Local()) != "body" {
		return errNotBody
	}
	b.header.Attrs(func(space, local, raw []byte) bool {
		if v := b.attrs.field(space, local); v != nil {
			*v = p.decode(raw)
		}
		return true
	})
	switch string(b.header.Space()) {
	case xmlstream.NSBind:
	case "": // COMPAT: dojox.xmpp terminates so.
		if b.attrs.sid == nil {
			return errNotBody
		}
	default:
		return errNotBody
	}
	if b.attrs.rid != nil {
		b.rid, _ = parseRID(b.attrs.rid)
	}
	if slot, ok := ParseSID(b.attrs.sid); ok {
		b.slot = slot
	}
	return 0
}

// decode gives an attribute's value. It isn't nil, since the attribute is there.
func (p *Parser) decode(raw []byte) []byte {
	if len(raw) == 0 {
		return emptyValue
	}
	if bytes.IndexByte(raw, '&') < 0 && bytes.IndexByte(raw, '\t') < 0 && bytes.IndexByte(raw, '\n') < 0 && bytes.IndexByte(raw, '\r') < 0 {
		return raw
	}
	start := len(p.texts)
	p.texts = xmlstream.AppendUnescaped(p.texts, raw)
	return p.texts[start:len(p.texts):len(p.texts)]
}

var emptyValue = []byte{}

// field is where an attribute belongs; nil when it means nothing here.
func (a *attrs) field(space, local []byte) *[]byte {
	switch string(space) {
	case "":
		return a.ownField(local)
	case xmlstream.NSXML:
		if string(local) == "lang" {
			return &a.lang
		}
	case xmlstream.NSXBosh:
		switch string(local) {
		case "version":
			return &a.xmppVersion
		case "restart":
			return &a.restart
		}
	}
	return nil
}

func (a *attrs) ownField(local []byte) *[]byte {
	switch string(local) {
	case "rid":
		return &a.rid
	case "sid":
		return &a.sid
	case "to":
		return &a.to
	case "from":
		return &a.from
	case "route":
		return &a.route
	case "ver":
		return &a.ver
	case "wait":
		return &a.wait
	case "hold":
		return &a.hold
	case "content":
		return &a.content
	case "ack":
		return &a.ack
	case "inactivity":
		return &a.inactivity
	case "type":
		return &a.kind
	case "pause":
		return &a.pause
	case "stream":
		return &a.stream
	case "stream_attrs":
		return &a.streamAttrs
	case "key":
		return &a.key
	case "newkey":
		return &a.newkey
	}
	return nil
}

// ParseError says why a document is no request: an xmlstream.Error, or that its root isn't a <body/>.
type ParseError uint8

const errNotBody = ^ParseError(0)

func (e ParseError) Error() string {
	if e == errNotBody {
		return "not a body element"
	}
	return xmlstream.Error(e).Error()
}

// String is Error.
func (e ParseError) String() string { return e.Error() }

// Condition is what the sender is told (decisions.md 10 and 27).
func (e ParseError) Condition() Condition {
	if e == ParseError(xmlstream.ErrLimit) || e == ParseError(xmlstream.ErrTooBig) {
		return CondPolicyViolation
	}
	return CondBadRequest
}

// ConditionOf is the condition for an error of Parse's: answer TerminateBody(ConditionOf(err)).
func ConditionOf(err error) Condition {
	if e, ok := err.(ParseError); ok {
		return e.Condition()
	}
	return CondBadRequest
}
