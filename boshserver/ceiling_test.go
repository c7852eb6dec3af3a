//go:build !race

package boshserver

import (
	"testing"

	"go-xmpp-bosh/proxy"
)

// A filter that lets a stanza pass costs one allocation: the Stanza.
func TestFilterAllocations(t *testing.T) {
	el, err := proxy.ParseElement("<message to='a'><body>b</body></message>", 0)
	if err != nil {
		t.Fatal(err)
	}
	pass := filter(func(_ Session, st *Stanza) {
		if st.IsStanza() && st.Name() == "presence" {
			st.Drop()
		}
	})
	ref := new(proxy.SessionRef)
	if n := testing.AllocsPerRun(1000, func() { pass(ref, "example.org", el) }); n > 1 {
		t.Errorf("%v allocations per stanza, at most 1", n)
	}
}
