package proxy

import (
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/timer"
)

// HTTP is the part of a Config about HTTP connections. The zero value is usable: a time of 0 is the default. Times are in milliseconds.
type HTTP struct {
	// HTTPIdleTimeout is how long a connection may be without a request, 75 s by default: above nginx's 60 s and browsers' own.
	HTTPIdleTimeout timer.Time

	// HTTPHeadTimeout is how long a request's head may take from its first byte, 10 s by default, and HTTPBodyTimeout its body behind it, 30 s.
	HTTPHeadTimeout, HTTPBodyTimeout timer.Time

	// HTTPKeepAlive is for how long a connection may be silent until the kernel asks whether its client is there, 60 s by default; negative: it
	// never asks.
	HTTPKeepAlive timer.Time

	// HTTPHeaders are fields of every answer, beside those that the server sets itself; see AddHeader.
	HTTPHeaders []Header
}

// Header is a field of HTTP answers.
type Header struct{ Name, Value string }

// headersBytesMax bounds what is added to every answer.
const headersBytesMax = 4096

// ownHeaders are the fields that the server sets itself, with what to do instead.
var ownHeaders = []struct{ name, instead string }{
	{"Access-Control-Allow-Origin", "--allow-origin names origins"},
	{"Access-Control-Allow-Credentials", "--allow-origin with the origin's name permits them"},
	{"Access-Control-Allow-Methods", "all that are served are named"},
	{"Access-Control-Allow-Headers", "a script may send what it asks for"},
	{"Access-Control-Max-Age", ""},
	{"Allow", ""},
	{"Connection", "--http-idle-timeout bounds connections"},
	{"Content-Encoding", ""},
	{"Content-Length", ""},
	{"Content-Type", "a session may ask for its own with the content attribute"},
	{"Date", ""},
	{"Keep-Alive", "--http-idle-timeout bounds connections"},
	{"Retry-After", ""},
	{"Sec-Websocket-Accept", ""},
	{"Sec-Websocket-Extensions", "--websocket-compress governs them"},
	{"Sec-Websocket-Protocol", ""},
	{"Sec-Websocket-Version", ""},
	{"Trailer", ""},
	{"Transfer-Encoding", ""},
	{"Upgrade", ""},
	{"Vary", ""},
	{"Www-Authenticate", ""},
}

// AddHeader adds a field to every answer.
func (c *HTTP) AddHeader(name, value string) error {
	value = strings.Trim(value, " \t")
	switch {
	case !isToken(name):
		return fmt.Errorf("%q is no field name", name)
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return errors.New("a field's value has no line ends and no control characters")
	}
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	for _, own := range ownHeaders {
		if own.name != canonical {
			continue
		}
		if own.instead != "" {
			return fmt.Errorf("the server sets %s itself: %s", name, own.instead)
		}
		return fmt.Errorf("the server sets %s itself", name)
	}
	size := len(name) + len(value) + len(": \r\n")
	for _, h := range c.HTTPHeaders {
		size += len(h.Name) + len(h.Value) + len(": \r\n")
	}
	if size > headersBytesMax {
		return fmt.Errorf("more than %d bytes of fields in every answer", headersBytesMax)
	}
	c.HTTPHeaders = append(c.HTTPHeaders, Header{name, value})
	return nil
}

// isToken reports whether name is one (RFC 9110 §5.6.2).
func isToken(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

func (c *HTTP) setDefaults() {
	for _, d := range []struct {
		field *timer.Time
		value timer.Time
	}{
		{&c.HTTPIdleTimeout, 75 * timer.Second},
		{&c.HTTPHeadTimeout, 10 * timer.Second},
		{&c.HTTPBodyTimeout, 30 * timer.Second},
		{&c.HTTPKeepAlive, 60 * timer.Second},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	c.HTTPHeaders = slices.Clip(c.HTTPHeaders)
}

// headersBytes is the room that the operator's fields take in a head.
func (c *HTTP) headersBytes() (n int) {
	for _, h := range c.HTTPHeaders {
		n += len(h.Name) + len(h.Value) + len(": \r\n")
	}
	return n
}

// fields are the operator's, for an answer that is not made with a Head.
func (c *HTTP) fields() []httpparse.Field {
	var list []httpparse.Field
	for _, h := range c.HTTPHeaders {
		list = append(list, field(h.Name, h.Value))
	}
	return list
}
