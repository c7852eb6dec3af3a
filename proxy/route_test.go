package proxy

import "testing"

func TestIsBosh(t *testing.T) {
	for _, c := range []struct {
		configured, path string
		want             bool
	}{
		{"/http-bind/", "/http-bind/", true},
		{"/http-bind/", "/http-bind", true},
		{"/http-bind", "/http-bind/", true},
		{"/http-bind/", "/a/http-bind/", true},
		{"/http-bind/", "/a/b/http-bind", true},
		{"/http-bind/", "/http-bindx", false},
		{"/http-bind/", "/xhttp-bind", false},
		{"/http-bind/", "/http-bind/x", false},
		{"/http-bind/", "/", false},
		{"/", "/", true},
		{"/a/b/", "/a/b", true},
		{"/a/b/", "/b", false},
	} {
		r := newRoutes(c.configured, nil)
		if got := r.isBosh([]byte(c.path)); got != c.want {
			t.Errorf("path %q, asked for %q: %v, want %v", c.configured, c.path, got, c.want)
		}
	}
}

func TestIsWebSocket(t *testing.T) {
	r := newRoutes("/http-bind/", DefaultWebSocketPaths())
	for path, want := range map[string]bool{
		"/ws": true, "/ws/": true, "/a/ws/": true, "/websocket": true, "/xmpp-websocket/": true,
		"/": false, "/aws": false, "/ws/x": false, "/http-bind/": false,
	} {
		if got := r.isWebSocket([]byte(path)); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}
