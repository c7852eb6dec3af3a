package admin

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/proxy"
)

// startProxy runs a proxy until the test ends. The server of example.org never says anything.
func startProxy(t *testing.T, loops int) *proxy.Group {
	t.Helper()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	var backends proxy.Backends
	if err := backends.Add("example.org=" + silent.Addr().String()); err != nil {
		t.Fatal(err)
	}
	sessions := proxy.DefaultSessions()
	sessions.FeaturesDelay = 0
	g, err := proxy.NewGroup(proxy.Config{
		Listen:   []string{"127.0.0.1:0"},
		Backends: &backends,
		Sessions: &sessions,
		Reach:    proxy.Reach{DNS: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:9")}, Hosts: proxy.Hosts{}},
	}, loops)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- g.Run() }()
	t.Cleanup(func() {
		g.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return g
}

// startAdmin serves a source until the test ends, and gives its URL.
func startAdmin(t *testing.T, source Source) string {
	t.Helper()
	s, err := Listen("127.0.0.1:0", "v1.2.3", source, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { s.Serve(); close(done) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return "http://" + s.Addr().String()
}

// request makes one; fields are names and values, that of Host included.
func request(t *testing.T, method, url string, fields ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == "Host" {
			r.Host = fields[i+1]
			continue
		}
		r.Header.Set(fields[i], fields[i+1])
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if v := a.Header.Get("Access-Control-Allow-Origin"); v != "" {
		t.Errorf("Access-Control-Allow-Origin: %s", v)
	}
	return a.StatusCode, string(b)
}

func wantContains(t *testing.T, got string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(got, p) {
			t.Errorf("%q is not in %q", p, got)
		}
	}
}

// deaf is a source whose loop does not answer.
type deaf struct{}

func (deaf) Stats(context.Context) (*proxy.Stats, error) { return nil, context.DeadlineExceeded }

func (deaf) Observe(context.Context) (*proxy.Stats, error) { return nil, context.DeadlineExceeded }

func (deaf) Sessions(context.Context, string, int) (proxy.SessionPage, error) {
	return proxy.SessionPage{}, context.DeadlineExceeded
}

func (deaf) EndSession(context.Context, string) (bool, error) { return false, context.DeadlineExceeded }

// draining is one that is shutting down.
type draining struct{ deaf }

func (draining) Stats(context.Context) (*proxy.Stats, error) {
	return &proxy.Stats{Draining: true}, nil
}
