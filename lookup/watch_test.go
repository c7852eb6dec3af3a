package lookup

import (
	"fmt"
	"slices"
	"testing"
)

// Who watches is told of each question once, with the records as they came; the cache is nobody's answer.
func TestWatch(t *testing.T) {
	var got []string
	g := newRig(t, func(c *Config) {
		c.Watch = func(a Answer) {
			got = append(got, fmt.Sprint(a.Type, " ", a.Name, " ", a.Server, " ", a.Outcome, " ", a.Addrs, " ", a.Records, " ", a.TTL, " ", a.Took))
		}
	})
	g.serve = zone("_xmpp-client._tcp.example. 7200 IN SRV 10 5 5222 H.example.", "_xmpp-client._tcp.example. 7200 IN SRV 20 0 0 .",
		"h.example. 60 IN CNAME i.example.", "i.example. 90 IN A 192.0.2.10")
	g.r.Service(g.now, 1, "example")
	g.run()
	g.r.Addresses(g.now, 2, "h.example")
	g.run()
	g.r.Addresses(g.now, 3, "h.example") // from the cache
	want := []string{
		"SRV _xmpps-client._tcp.example 192.0.2.1:53 the name does not exist [] [] 0 0",
		"SRV _xmpp-client._tcp.example 192.0.2.1:53 found [] [{10 5 5222 h.example} {20 0 0 }] 7200000 0",
		"AAAA h.example 192.0.2.1:53 the name has no address [] [] 0 0",
		"A h.example 192.0.2.1:53 found [192.0.2.10] [] 60000 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("told\n%q\nwant\n%q", got, want)
	}
}
