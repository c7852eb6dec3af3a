package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthcheck(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ready":
		case "/elsewhere":
			http.Redirect(w, r, "/ready", http.StatusFound)
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer s.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, test := range []struct {
		url  string
		code int
		says string
	}{
		{s.URL + "/ready", exitOK, ""},
		{s.URL + "/draining", exitFailed, "503"},
		{s.URL + "/elsewhere", exitFailed, "redirected"},
		{closed.URL, exitFailed, "refused"},
		{"localhost:5280", exitFailed, "want a URL"},
		{"", exitFailed, "want a URL"},
	} {
		var out, errs bytes.Buffer
		if code := run([]string{"--healthcheck=" + test.url}, &out, &errs); code != test.code || !strings.Contains(errs.String(), test.says) || code == exitOK && errs.Len() > 0 {
			t.Errorf("%q: exit %d, %q; want %d, %q", test.url, code, errs.String(), test.code, test.says)
		}
	}
}
