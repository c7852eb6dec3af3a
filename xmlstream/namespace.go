package xmlstream

// Namespaces that the packages above compare with.
const (
	NSXML             = "http://www.w3.org/XML/1998/namespace"
	NSXMLNS           = "http://www.w3.org/2000/xmlns/"
	NSClient          = "jabber:client"
	NSStreams         = "http://etherx.jabber.org/streams"
	NSBind            = "http://jabber.org/protocol/httpbind"
	NSXBosh           = "urn:xmpp:xbosh"
	NSFraming         = "urn:ietf:params:xml:ns:xmpp-framing"
	NSTLS             = "urn:ietf:params:xml:ns:xmpp-tls"
	NSSASL            = "urn:ietf:params:xml:ns:xmpp-sasl"
	NSSASL2           = "urn:xmpp:sasl:2"
	NSCompressFeature = "http://jabber.org/features/compress"
	NSCompress        = "http://jabber.org/protocol/compress"
	NSStreamErrors    = "urn:ietf:params:xml:ns:xmpp-streams"
	NSStanzaErrors    = "urn:ietf:params:xml:ns:xmpp-stanzas"
	NSSM              = "urn:xmpp:sm:3"
)
