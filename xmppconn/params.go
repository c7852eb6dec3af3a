package xmppconn

// Policy says what is done about TLS on a connection that begins in clear.
type Policy uint8

const (
	// TLSOff asks for TLS only when the server has no stream without it (node-xmpp-bosh's no_tls_domains).
	TLSOff Policy = iota
	// TLSOffer asks for TLS when the server offers it.
	TLSOffer
	// TLSRequire ends the stream when the server does not offer TLS; but for its header nothing is sent in clear.
	TLSRequire
)

var policyNames = [...]string{TLSOff: "off", TLSOffer: "offer", TLSRequire: "require"}

func (p Policy) String() string {
	if int(p) < len(policyNames) {
		return policyNames[p]
	}
	return "invalid"
}

// Params is what a stream is opened with.
type Params struct {
	// Domain is the stream's `to`: a domain that ParseDomain accepts, as the client wrote it.
	Domain string
	// From is the client's own address for the header, unescaped; empty: none. It is never sent in clear where TLS may
	// follow (RFC 6120 §4.7.1). What cannot stand in a header is left out.
	From string
	// Lang is the header's xml:lang; empty: none. What is no language tag is left out.
	Lang string
	// Version is the client's xmpp:version (XEP-0206 §3); empty, or below 1.0: 1.0 (see headerVersion).
	Version string
	// TLS may also be set later, by SetTLS, when the address to be connected to is known.
	TLS Policy
	// MaxBytes lowers the <max-bytes/> that the server's features name (XEP-0478) to what we take from this client;
	// 0: it is passed on untouched (decisions.md 44).
	MaxBytes uint32
	// Tag is the driver's own, see Stream.Tag.
	Tag uint32
}

// Restart is what a client's restart request says (XEP-0206 §5). All bytes are borrowed, and unescaped; what is empty stays
// as it was. A To that is another domain stays on the same server; whether its client may name it is the driver's to know.
type Restart struct {
	To, From, Lang []byte
	// Attrs are further attributes of the new header (stream_attrs). They stay for later restarts, until others are given.
	// Those that would break the header, or bind its namespaces anew, are left out; to, from, version and xml:lang
	// stand for the header's own.
	Attrs []Attr
}

// Attr is an attribute, its value unescaped. Both are borrowed.
type Attr struct {
	Name, Value []byte
}

// Header is what the server's stream header says, unescaped; what is missing is empty. All bytes are borrowed.
type Header struct {
	ID, From, Lang, Version []byte
}

// HasFeatures reports whether features follow a server's header (RFC 6120 §4.7.5).
func HasFeatures(h *Header) bool { return isVersion1(h.Version) }
