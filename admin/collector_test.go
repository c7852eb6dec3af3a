package admin

import (
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// What Prometheus's own linter says of the names, types and helps.
func TestLint(t *testing.T) {
	problems, err := testutil.CollectAndLint(newCollector(startProxy(t, 2), "v1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// Every family that is described is collected, and none other: a registry that checks would refuse it.
func TestFamilies(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(newCollector(startProxy(t, 1), "v1"))
	found, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(families) {
		t.Errorf("%d families are collected, %d are described", len(found), len(families))
	}
	for _, f := range found {
		if !strings.HasPrefix(f.GetName(), "bosh_server_") {
			t.Errorf("%s", f.GetName())
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetValue() == "invalid" {
					t.Errorf("%s{%s=%q}", f.GetName(), l.GetName(), l.GetValue())
				}
			}
		}
	}
}

// A scrape that the loop does not answer fails.
func TestScrapeFails(t *testing.T) {
	if status, _ := request(t, "GET", startAdmin(t, deaf{})+"/metrics"); status != http.StatusInternalServerError {
		t.Errorf("%d", status)
	}
}

func TestMetrics(t *testing.T) {
	g := startProxy(t, 1)
	url := startAdmin(t, g)
	for range 3 {
		if _, err := http.Get("http://" + g.Addrs()[0].String() + "/nowhere"); err != nil {
			t.Fatal(err)
		}
	}
	create(t, g.Addrs()[0].String(), 1)
	status, text := request(t, "GET", url+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("%d: %s", status, text)
	}
	wantContains(t, text, `bosh_server_http_requests_total{method="GET"} 3`, `bosh_server_http_responses_total{code="404"} 3`,
		`bosh_server_http_responses_total{code="200"} 1`, `bosh_server_http_requests_total{method="POST"} 1`, "bosh_server_bosh_requests_total 1",
		`bosh_server_build_info{version="v1.2.3"} 1`, `bosh_server_sessions{transport="bosh"} 1`, `bosh_server_streams{transport="bosh"} 1`,
		"bosh_server_bosh_hold_seconds_count 1", "bosh_server_loops 1",
		"go_goroutines", "process_open_fds", "process_resident_memory_bytes", `bosh_server_limit_hits_total{limit="sessions"} 0`)
}

func TestHistogramIsCumulative(t *testing.T) {
	g := startProxy(t, 1)
	create(t, g.Addrs()[0].String(), 1)
	_, text := request(t, "GET", startAdmin(t, g)+"/metrics")
	wantContains(t, text, `bosh_server_bosh_hold_seconds_bucket{le="300"} 1`, `bosh_server_bosh_hold_seconds_bucket{le="+Inf"} 1`)
}
