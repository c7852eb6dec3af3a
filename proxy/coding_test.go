package proxy

import (
	"testing"

	"go-xmpp-bosh/httpparse"
)

// RFC 9110 §12.5.3; read for every request, so it allocates nothing.
func TestAcceptsGzip(t *testing.T) {
	for value, want := range map[string]bool{
		"gzip":                    true,
		"gzip, deflate, br, zstd": true,
		"br , GZIP ; Q=0.001":     true,
		"gzip;q=1":                true,
		"gzip;q=0":                false,
		"gzip; q=0.000":           false,
		"gzip;q=":                 false,
		"gzip;x":                  false,
		"xgzip":                   false,
		"br":                      false,
		"":                        false,
	} {
		r := httpparse.Request{Fields: []httpparse.Field{field("Accept-Encoding", value)}}
		if got := acceptsGzip(&r); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
		if n := testing.AllocsPerRun(10, func() { acceptsGzip(&r) }); n != 0 {
			t.Errorf("%q: %v allocations", value, n)
		}
	}
	if acceptsGzip(&httpparse.Request{}) {
		t.Error("no field is no leave")
	}
}

// A client may pipeline as much as its session may have under way, however large that is set.
func TestPipelineIsWiderThanAnySession(t *testing.T) {
	c := DefaultSessions()
	if n := pipelineMax(&c); n != pipelineMin {
		t.Errorf("by default %d, want %d", n, pipelineMin)
	}
	c.WindowSize, c.HoldMax = 40, 60
	if n := pipelineMax(&c); n <= c.HoldMax+1 || n <= c.WindowSize {
		t.Errorf("%d with hold %d and window %d", n, c.HoldMax, c.WindowSize)
	}
}
