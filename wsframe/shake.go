package wsframe

import (
	"crypto/sha1"
	"encoding/base64"

	"go-xmpp-bosh/httpparse"
)

// Options are what a server offers. Origins and paths are judged by others.
type Options struct {
	Subprotocol string // the one that is spoken: "xmpp" (RFC 7395 §3.1)
	Compress    bool   // permessage-deflate, if the client offers it
}

// Handshake is what a request for an upgrade led to. It owns its bytes.
type Handshake struct {
	Accept      [acceptBytes]byte // Sec-WebSocket-Accept
	Subprotocol bool              // the subprotocol was offered, and is selected
	Deflate     Deflate

	subprotocol string // the one selected, "" = none
	serverBits  uint8  // server_max_window_bits and client_max_window_bits of the answer; 0 = left out
	clientBits  uint8
}

const (
	acceptBytes = 28 // base64 of a SHA-1
	keyBytes    = 24 // base64 of a nonce
	nonceBytes  = 16
	version     = "13"
	keySuffix   = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" // RFC 6455 §1.3
)

// Shake judges a request that httpparse found whole and right. It returns 101 and the handshake; or 400 for what is no upgrade to WebSocket, has a
// broken field or offers other subprotocols only (decisions.md 17); or 426 for another version, to be answered with "Sec-WebSocket-Version: 13"
// (RFC 6455 §4.4). The conditions are those of RFC 6455 §4.2.1.
func Shake(r *httpparse.Request, o *Options, h *Handshake) (status int) {
	*h = Handshake{}
	if r.Method != httpparse.GET || !r.Upgrade || !r.HeaderToken("Upgrade", "websocket") {
		return httpparse.StatusBadRequest
	}
	s := shake{options: o, handshake: h}
	for i := range r.Fields {
		if !s.readField(r.Fields[i].Name, r.Fields[i].Value) {
			return httpparse.StatusBadRequest
		}
	}
	switch {
	case s.versions != 1:
		return httpparse.StatusBadRequest // RFC 6455 §11.3.5
	case !s.isVersion:
		return httpparse.StatusUpgradeRequired
	case s.keys != 1:
		return httpparse.StatusBadRequest // RFC 6455 §11.3.1
	case s.offersOthers && !h.Subprotocol:
		return httpparse.StatusBadRequest
	}
	return httpparse.StatusSwitchingProtocols
}

// shake is a handshake being read.
type shake struct {
	options        *Options
	handshake      *Handshake
	keys, versions int
	isVersion      bool // the one we speak
	offersOthers   bool // a subprotocol that isn't ours
}

// readField reads one field of the request. It is false if the request is to be refused for it.
func (s *shake) readField(name, value []byte) bool {
	switch {
	case isFold(name, "Sec-WebSocket-Key"):
		s.keys++
		return s.handshake.accepts(value)
	case isFold(name, "Sec-WebSocket-Version"):
		s.versions++
		s.isVersion = string(value) == version
	case isFold(name, "Sec-WebSocket-Protocol"):
		return s.readSubprotocols(value)
	case isFold(name, "Sec-WebSocket-Extensions") && s.options.Compress:
		return s.handshake.negotiate(value)
	}
	return true
}

// readSubprotocols reads one field of subprotocols. They are compared as they are: the client compares the answer so.
func (s *shake) readSubprotocols(field []byte) bool {
	l := list{b: field}
	for l.next() {
		token := l.token()
		if l.end(); l.isBad {
			return false
		}
		if string(token) != s.options.Subprotocol {
			s.offersOthers = true
			continue
		}
		s.handshake.Subprotocol, s.handshake.subprotocol = true, s.options.Subprotocol
	}
	return true
}

// accepts makes the answer to a key. It is false if the key isn't 16 bytes in base64 (RFC 6455 §4.2.1).
func (h *Handshake) accepts(key []byte) bool {
	var nonce [nonceBytes + 2]byte // as much as Decode may write
	if len(key) != keyBytes {
		return false
	}
	if n, err := base64.StdEncoding.Decode(nonce[:], key); err != nil || n != nonceBytes {
		return false
	}
	var text [keyBytes + len(keySuffix)]byte
	copy(text[copy(text[:], key):], keySuffix)
	sum := sha1.Sum(text[:])
	base64.StdEncoding.Encode(h.Accept[:], sum[:])
	return true
}
