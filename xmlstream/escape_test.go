package xmlstream

import "testing"

func TestAppendEscaped(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"plain", "plain"},
		{`<a b="c" d='e'>&`, "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;"},
		{"\t\r\n", "&#9;&#13;&#10;"},
		{"é漢😀\x7f\u0085", "é漢😀\x7f\u0085"},
		{"\x00\x1f\x0b", "\ufffd\ufffd\ufffd"},
		{"\xff\xc3\xed\xa0\x80x", "\ufffd\ufffd\ufffd\ufffd\ufffdx"},
		{"\ufffe\uffff", "\ufffd\ufffd"},
	} {
		if got := string(AppendEscaped([]byte("+"), []byte(test.text))); got != "+"+test.want {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
}

func TestAppendUnescaped(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		{"", ""},
		{"plain", "plain"},
		{"&lt;&gt;&amp;&apos;&quot;", `<>&'"`},
		{"&#65;&#x41;&#x1f600;&#x1F600;&#0000065;", "AA😀😀A"},
		{"&#9;&#10;&#13;", "\t\n\r"},
		{"a\tb\nc\rd\r\ne\n\rf", "a b c d e  f"},
		{"&amp;lt;", "&lt;"},
		// what no scanner lets through
		{"&", "&"},
		{"&;", "&;"},
		{"&x;", "&x;"},
		{"&lt", "&lt"},
		{"&#;&#x;&#xg;&#0;&#x110000;&#99999999999999999999;&#xd800;", "&#;&#x;&#xg;&#0;&#x110000;&#99999999999999999999;&#xd800;"},
		{"a & b; c", "a & b; c"},
	} {
		if got := string(AppendUnescaped([]byte("+"), []byte(test.raw))); got != "+"+test.want {
			t.Errorf("%q: %q, want %q", test.raw, got, test.want)
		}
	}
}
