package admin

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// mark is the header field that requests which change something need: a page of another origin cannot send it unasked, and nothing here answers a browser that asks.
const mark = "X-Requested-With"

// guard keeps browsers out that were sent by somebody else's page.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if why := refusal(r); why != "" {
			http.Error(w, why, http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// refusal says why a request is not served; "" when it is.
func refusal(r *http.Request) string {
	if !isOwnHost(r.Host) { // DNS rebinding: the browser takes a name of the attacker's for ours
		return "the Host must be an address or localhost"
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
	default:
		return "no requests from other sites"
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if u, err := url.Parse(origin); err != nil || u.Host != r.Host {
			return "no requests from other origins"
		}
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	default:
		if r.Header.Get(mark) == "" {
			return "this needs the header field " + mark + ", with any value"
		}
	}
	return ""
}

// isOwnHost reports whether a Host is an address or localhost, with or without a port.
func isOwnHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}
