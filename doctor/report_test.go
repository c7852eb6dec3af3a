package doctor

import (
	"encoding/json"
	"testing"
	"time"
)

// The report as JSON has what scripts ask for, under the names that docs/operating.md gives.
func TestJSON(t *testing.T) {
	g := newRig(t)
	g.backend("", g.serve("5222", withStartTLS(g.ca.issue(90, "example.org"), good(saslOffer))))
	b, err := json.Marshal(g.check())
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Domain       string
		Verdict      string
		Problems     []struct{ Text string }
		Milliseconds float64
		Targets      []struct {
			Target    string
			Addresses []struct {
				Client bool
				TLS    struct {
					Version     string
					Certificate struct {
						NotAfter time.Time `json:"not_after"`
						Valid    bool
					}
				}
				Stream struct {
					Sees struct{ Mechanisms []string } `json:"client_sees"`
				}
			}
		}
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if r.Domain != "example.org" || r.Verdict != "session" || r.Problems == nil || r.Milliseconds <= 0 || len(r.Targets) != 1 {
		t.Fatalf("%s", b)
	}
	a := r.Targets[0].Addresses[0]
	if !a.Client || a.TLS.Version != "TLS 1.3" || !a.TLS.Certificate.Valid || time.Until(a.TLS.Certificate.NotAfter) < 0 || len(a.Stream.Sees.Mechanisms) != 3 {
		t.Errorf("%s", b)
	}
}

func TestVerdictNames(t *testing.T) {
	for v, want := range map[Verdict]string{VerdictSession: "session", VerdictWarnings: "warnings", VerdictNone: "none", 9: "invalid"} {
		if v.String() != want {
			t.Errorf("%v, want %s", v, want)
		}
	}
}
