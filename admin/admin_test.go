package admin

import (
	"net/http"
	"testing"
)

func TestHealth(t *testing.T) {
	for _, test := range []struct {
		name           string
		source         Source
		healthy, ready int
	}{
		{"serving", startProxy(t, 2), http.StatusOK, http.StatusOK},
		{"draining", draining{}, http.StatusOK, http.StatusServiceUnavailable},
		{"stuck", deaf{}, http.StatusServiceUnavailable, http.StatusServiceUnavailable},
	} {
		url := startAdmin(t, test.source)
		if got, _ := request(t, "GET", url+"/healthz"); got != test.healthy {
			t.Errorf("%s: healthz %d, want %d", test.name, got, test.healthy)
		}
		if got, _ := request(t, "GET", url+"/readyz"); got != test.ready {
			t.Errorf("%s: readyz %d, want %d", test.name, got, test.ready)
		}
	}
}

func TestPages(t *testing.T) {
	url := startAdmin(t, startProxy(t, 1))
	for path, want := range map[string]string{
		"/":                      "/metrics",
		"/metrics":               "bosh_server_up 1",
		"/debug/pprof/":          "goroutine",
		"/debug/pprof/heap":      "",
		"/debug/pprof/cmdline":   "admin",
		"/sessions?limit=5":      `"sessions": []`,
		"/debug/pprof/goroutine": "",
	} {
		status, body := request(t, "GET", url+path)
		if status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
		wantContains(t, body, want)
	}
	for path, want := range map[string]int{
		"/nothing":          http.StatusNotFound,
		"/sessions?limit=0": http.StatusBadRequest, "/sessions?limit=1001": http.StatusBadRequest, "/sessions?limit=x": http.StatusBadRequest,
		"/sessions?from=9.0.0": http.StatusBadRequest, "/sessions?from=x": http.StatusBadRequest, "/sessions?from=0.7.0": http.StatusBadRequest,
	} {
		if status, _ := request(t, "GET", url+path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}

// A browser that was sent by another site's page gets nothing, and ends nothing.
func TestGuard(t *testing.T) {
	url := startAdmin(t, startProxy(t, 1))
	const here = "127.0.0.1:5290"
	for _, test := range []struct {
		method string
		fields []string
		want   int
	}{
		{"GET", []string{"Host", here}, 200},
		{"GET", []string{"Host", "localhost:5290"}, 200},
		{"GET", []string{"Host", "LOCALHOST"}, 200},
		{"GET", []string{"Host", "[::1]:5290"}, 200},
		{"GET", []string{"Host", "[::1]"}, 200},
		{"GET", []string{"Host", "evil.example"}, 403},
		{"GET", []string{"Host", "evil.example:5290"}, 403},
		{"GET", []string{"Host", "localhost.evil.example"}, 403},
		{"GET", []string{"Host", "127.0.0.1.evil.example"}, 403},
		{"GET", []string{"Host", here, "Origin", "http://evil.example"}, 403},
		{"GET", []string{"Host", here, "Origin", "null"}, 403},
		{"GET", []string{"Host", here, "Origin", "http://" + here}, 200},
		{"GET", []string{"Host", here, "Sec-Fetch-Site", "cross-site"}, 403},
		{"GET", []string{"Host", here, "Sec-Fetch-Site", "same-site"}, 403},
		{"GET", []string{"Host", here, "Sec-Fetch-Site", "none"}, 200},
	} {
		if got, body := request(t, test.method, url+"/healthz", test.fields...); got != test.want {
			t.Errorf("%s %q: %d, want %d: %s", test.method, test.fields, got, test.want, body)
		}
	}
	const gone = "/sessions/0123456789ab-b0000000000"
	for _, test := range []struct {
		method, path string
		fields       []string
		want         int
	}{
		{"DELETE", gone, nil, 403},
		{"DELETE", gone, []string{mark, "1"}, 404},
		{"DELETE", gone, []string{mark, "1", "Origin", "http://evil.example"}, 403},
		{"POST", gone + "/end", nil, 403},
		{"POST", gone + "/end", []string{mark, "1"}, 404},
		{"POST", gone, []string{mark, "1"}, 405},
		{"OPTIONS", gone, nil, 403},
		{"DELETE", "/sessions/x", []string{mark, "1"}, 404},
	} {
		if got, _ := request(t, test.method, url+test.path, test.fields...); got != test.want {
			t.Errorf("%s %s %q: %d, want %d", test.method, test.path, test.fields, got, test.want)
		}
	}
}

func TestListenRefuses(t *testing.T) {
	if _, err := Listen("nowhere.invalid:1", "", deaf{}, nil); err == nil {
		t.Error("no error for an address that cannot be had")
	}
}

// A server that was never served can be closed.
func TestCloseUnserved(t *testing.T) {
	s, err := Listen("127.0.0.1:0", "", deaf{}, discard())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
