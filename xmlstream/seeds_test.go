package xmlstream

// elements are what fuzzing begins with; the tests of rendering use them too.
var elements = []string{
	"<message/>",
	"<message to='a@b' id=\"1\"><body>hi &amp; &#x1F600; 😀</body></message>",
	"<message xmlns='jabber:client'><x xmlns='u'/></message>",
	"<message xmlns=''><x/><y xmlns='u'><z xmlns=''/></y></message>",
	"<p:a xmlns:p='u'><b/></p:a>",
	"<p:a/>",
	"<a p:b='c' q:b='d'/>",
	"<a><b><p:c q:d=''/></b></a>",
	"<a xmlns:p='v'><p:b/></a>",
	"<a><b xmlns:p='v'><p:c/></b><p:c/></a>",
	"<p:a xmlns='w'><b/></p:a>",
	"<p:a xmlns=''><b/></p:a>",
	"<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
	"<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><stream:x/></stream:error>",
	"<s:features xmlns:s='http://etherx.jabber.org/streams'><s:x/><y/></s:features>",
	"<features xmlns='http://etherx.jabber.org/streams'><x/></features>",
	"<s:features xmlns:s='http://etherx.jabber.org/streams' xmlns:stream='other'><stream:x/></s:features>",
	"<s:features xmlns:s='http://etherx.jabber.org/streams' xmlns:stream='http://etherx.jabber.org/streams' stream:a='b' />",
	"<features/>",
	"<a>x<![CDATA[<b>&]]]]>y<b/>\r\nz</a>",
	"<a xml:lang='en' b='\t\n&#9;'/>",
	"<xml:a/>",
	"<a><xmlns/></a>",
	"<a b='' c='' d='' e='' f='' g='' h='' i='' j='' p:b='' xml:b=''/>",
	"<a xmlns:r='u' p:b='' r:b='' c='' d='' e='' f='' g='' h='' i='' j=''/>",
}

// seeds are whole documents, good and bad.
var seeds = append([]string{
	"<?xml version='1.0' encoding='utf-8'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features/> <a/></stream:stream>",
	"<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' rid='1' xmpp:version='1.0'><message/><p xmlns=''/></body>\n",
	"\ufeff<a><b></b ></a\n>",
	"<é:à xmlns:é='ü'>\u0300</é:à>",
	"<a b='1'c='2'/>",
	"<a>]]></a>",
	"<a xmlns:a='u' xmlns:b='u' a:x='' b:x=''/>",
	"<a:b:c/>",
	"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
	"<a><!-- --></a>",
	"<a><?b?></a>",
	"<a/><a/>",
	"<a>&#xD800;</a>",
	"<a>\xed\xa0\x80</a>",
}, elements...)
