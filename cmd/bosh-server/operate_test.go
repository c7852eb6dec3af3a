package main

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"go-xmpp-bosh/proxy"
)

func TestAdminAddress(t *testing.T) {
	for text, want := range map[string]string{
		"5290": "127.0.0.1:5290", ":5290": "127.0.0.1:5290", "0": "127.0.0.1:0", "0.0.0.0:5290": "0.0.0.0:5290", "[::1]:1": "[::1]:1", "localhost:7": "localhost:7",
		"x": "", "127.0.0.1": "", "1:2:3": "", "65536": "", "-1": "", "localhost:http": "", "::1": "",
	} {
		got, _, err := adminAddress(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestOperateFlags(t *testing.T) {
	for args, want := range map[string]string{
		"--admin=5280":                             "--admin=5280",
		"--admin=127.0.0.1:6000 --port=6000":       "--port",
		"--admin=x":                                "want PORT",
		"--public-url=http://x.example":            "--public-url=http://x.example",
		"--public-url=https://x.example/?y":        "without user, query",
		"--admin=0 --public-url=https://x.example": "",
		"--admin=0 --port=0":                       "",
	} {
		_, err := parseSettings(strings.Fields(args), nil, io.Discard)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", args, err)
		case want != "" && err == nil:
			t.Errorf("%s is taken", args)
		}
	}
}

func TestOperateApply(t *testing.T) {
	s, err := parseSettings([]string{
		"--public-url=https://x.example", "--public-url=a.example=wss://y.example/ws", "--path=/bosh/", "--system-info-password=s3cret", "--admin=0",
	}, nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.proxyConfig(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.PublicURLs) != 3 || c.PublicURLs[0].URL != "https://x.example/bosh/" || c.PublicURLs[2] != (proxy.PublicURL{Domain: "a.example", URL: "wss://y.example/ws"}) {
		t.Errorf("%+v", c.PublicURLs)
	}
	found := false
	for _, row := range c.Settings {
		if strings.Contains(row.Value, "s3cret") {
			t.Errorf("%+v", row)
		}
		found = found || row.Name == "path" && strings.Contains(row.Value, "/bosh/") && row.Source == "command line"
	}
	if !found {
		t.Errorf("%+v", c.Settings)
	}
}

func TestAdminServes(t *testing.T) {
	g, err := proxy.NewGroup(proxy.Config{Listen: []string{"127.0.0.1:0"}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- g.Run() }()
	lines := make(chan string, 1)
	s := operateSettings{admin: "0"}
	stop, err := s.serve(g, slog.New(slog.NewTextHandler(writer(lines), nil)))
	if err != nil {
		t.Fatal(err)
	}
	_, url, _ := strings.Cut(<-lines, "address=")
	r, err := http.Get(strings.TrimSpace(url) + "/readyz")
	if err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", r, err)
	}
	stop()
	g.Stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// writer passes on what is written, as long as somebody listens.
type writer chan string

func (w writer) Write(b []byte) (int, error) {
	select {
	case w <- string(b):
	default:
	}
	return len(b), nil
}
