package xmppconn

import "testing"

// The samples of RFC 3492 §7.1 that are lower case, and a few names in use.
func TestPunycode(t *testing.T) {
	for _, test := range []struct{ label, want string }{
		{"ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"},
		{"他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"},
		{"למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"},
		{"なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"},
		{"почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"},
		{"bücher", "bcher-kva"},
		{"münchen", "mnchen-3ya"},
		{"faß", "fa-hia"},
		{"例え", "r8jz45g"},
		{"😀", "e28h"},
	} {
		if got := punycode(test.label); got != test.want {
			t.Errorf("punycode(%q) = %q, want %q", test.label, got, test.want)
		}
	}
}
