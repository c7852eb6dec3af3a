package proxy

import (
	"strings"
	"testing"
)

func TestStreamAttrs(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"b":"1","a":"x'\u00e9"}`, "a=x'é b=1"},
		{`{"n":5,"t":true,"null":null,"o":{},"l":[1]}`, "n=5 t=true"},
		{`{}`, ""},
		{`[]`, ""},
		{`nonsense`, ""},
		{``, ""},
	} {
		var got []string
		for _, a := range streamAttrs([]byte(c.text)) {
			got = append(got, string(a.Name)+"="+string(a.Value))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.text, s, c.want)
		}
	}
	if streamAttrs(nil) != nil {
		t.Error("no stream_attrs is not the same as none in it")
	}
	if streamAttrs([]byte("{}")) == nil {
		t.Error("an empty object takes the attributes of earlier restarts away")
	}
}

func TestRestartWithStreamAttrs(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next(`xmpp:restart='1' stream_attrs='{"from":"me@example.org","x":"1&lt;","xmlns":"evil","bad name":"2"}'`, ""))
	header := ts.peer.want("<stream:stream")
	header += ts.peer.want(">")
	wantContains(t, header, "from='me@example.org'", " x='1&lt;'")
	if strings.Contains(header, "evil") || strings.Contains(header, "bad") {
		t.Fatalf("header %q", header)
	}
	ts.peer.send(peerHeader + peerFeatures)
	ts.poll.body()
}
