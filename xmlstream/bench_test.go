package xmlstream

import (
	"bytes"
	"strings"
	"testing"
)

// stanza256 is a message of 256 bytes as chat clients send it.
var stanza256 = func() string {
	const before = "<message xmlns='jabber:client' to='juliet@capulet.example/balcony' type='chat' id='c2s-4711'><body>"
	const after = "</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>"
	text := "Wherefore art thou, Romeo? Deny thy father &amp; refuse thy name; or, if thou wilt not, be but sworn my love"
	return before + (text + strings.Repeat(" x", 50))[:256-len(before)-len(after)] + after
}()

// benchmark scans a document over and over, in one scanner.
func benchmark(b *testing.B, m Mode, doc string) {
	var (
		p   = NewPool()
		s   Scanner
		el  Element
		all = []byte(doc)
	)
	b.SetBytes(int64(len(all)))
	b.ReportAllocs()
	for b.Loop() {
		s.Reset(p, m, DefaultLimits)
		scanAll(b, &s, all, &el)
	}
}

func scanAll(t testing.TB, s *Scanner, all []byte, el *Element) {
	for len(all) > 0 {
		n, ev := s.Next(all, el)
		if ev == Bad {
			t.Fatal(s.Err())
		}
		all = all[n:]
	}
}

func BenchmarkBody256(b *testing.B)    { benchmark(b, ModeBody, bodyOpen+stanza256+"</body>") }
func BenchmarkMessage256(b *testing.B) { benchmark(b, ModeMessage, stanza256) }

func BenchmarkText60K(b *testing.B) {
	benchmark(b, ModeMessage, "<message><body>"+strings.Repeat("All the world's a stage, and all the men and women merely players. ", 900)+"</body></message>")
}

func BenchmarkTextLines60K(b *testing.B) {
	benchmark(b, ModeMessage, "<iq><data>"+strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 780)+"</data></iq>")
}

func BenchmarkTextCyrillic60K(b *testing.B) {
	benchmark(b, ModeMessage, "<message><body>"+strings.Repeat("Весь мир театр, а люди в нём актёры. ", 900)+"</body></message>")
}

func BenchmarkTextJapanese60K(b *testing.B) {
	benchmark(b, ModeMessage, "<message><body>"+strings.Repeat("この世は舞台、人はみな役者。", 1400)+"</body></message>")
}

func BenchmarkAttribute60K(b *testing.B) {
	benchmark(b, ModeMessage, "<message><body v='"+strings.Repeat("All the world is a stage, and all the men and women merely players. ", 900)+"'/></message>")
}

func BenchmarkCDATA60K(b *testing.B) {
	benchmark(b, ModeMessage, "<message><body><![CDATA["+strings.Repeat("All the world's a stage, and all the men and women merely players. ", 900)+"]]></body></message>")
}

// A server's stream of small stanzas, read in large pieces.
func BenchmarkStreamSmall(b *testing.B) {
	var (
		p     = NewPool()
		s     Scanner
		el    Element
		batch = []byte(strings.Repeat("<presence from='a@b.example/c'><show>away</show></presence><r xmlns='urn:xmpp:sm:3'/><iq type='result' id='7' to='a@b.example'/>\n", 100))
	)
	s.Reset(p, ModeStream, DefaultLimits)
	s.Next([]byte(streamOpen), &el)
	b.SetBytes(int64(len(batch)))
	b.ReportAllocs()
	for b.Loop() {
		scanAll(b, &s, batch, &el)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/300, "ns/stanza")
}

// The same stanza, byte by byte: what a slow peer costs.
func BenchmarkDrip256(b *testing.B) {
	var (
		p   = NewPool()
		s   Scanner
		el  Element
		all = []byte(stanza256)
	)
	b.SetBytes(int64(len(all)))
	b.ReportAllocs()
	for b.Loop() {
		s.Reset(p, ModeMessage, DefaultLimits)
		for i := range all {
			if _, ev := s.Next(all[:i+1], &el); ev == Bad {
				b.Fatal(s.Err())
			}
		}
	}
}

func BenchmarkAppendTo(b *testing.B) {
	el := mustScan(b, ModeBody, bodyOpen+"<message to='a@b'><body>"+strings.Repeat("x", 200)+"</body></message></body>")
	dst := make([]byte, 0, 1024)
	b.SetBytes(int64(len(el.Raw)))
	b.ReportAllocs()
	for b.Loop() {
		dst = el.AppendTo(dst[:0], NSBind)
	}
}

func BenchmarkAttr(b *testing.B) {
	el := mustScan(b, ModeMessage, stanza256)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := el.Attr("", "type"); !ok {
			b.Fatal("no type")
		}
	}
}

func BenchmarkAppendEscaped(b *testing.B) {
	text := bytes.Repeat([]byte("All the world's a stage. "), 40)
	dst := make([]byte, 0, 4096)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		dst = AppendEscaped(dst[:0], text)
	}
}

// What hostile peers send: the work per byte stays of one order.
func BenchmarkHostile(b *testing.B) {
	root := "<s" + attributes(" xmlns:p%d='u'", declsMax) + ">"
	for _, test := range []struct{ name, doc string }{
		{"attributes", "<a>" + strings.Repeat("<b"+attributes(" a%03da=''", 256)+"/>", 40) + "</a>"},
		{"prefixes", root + "<a>" + strings.Repeat("<p127:b/>", 5000) + "</a></s>"},
		{"expanded names", root + "<a>" + strings.Repeat("<b"+attributes(" xmlns:q%[1]d='v%[1]d' q%[1]d:x=''", 100)+"/>", 20) + "</a></s>"},
		{"declarations", "<a>" + strings.Repeat("<b"+attributes(" xmlns:q%d='v'", 100)+">", 50) + strings.Repeat("<q99:b/>", 3000) + strings.Repeat("</b>", 50) + "</a>"},
		{"depth", strings.Repeat(strings.Repeat("<a>", 250)+strings.Repeat("</a>", 250), 1)},
		{"references", "<a>" + strings.Repeat("&lt;", 20000) + "</a>"},
		{"line ends", "<a>" + strings.Repeat("\n", 60000) + "</a>"},
	} {
		m := ModeMessage
		if test.doc[1] == 's' {
			m = ModeStream
		}
		b.Run(test.name, func(b *testing.B) { benchmark(b, m, test.doc) })
	}
}
