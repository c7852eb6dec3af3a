package page

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go-xmpp-bosh/proxy"
)

var options = Options{Domain: "example.org", BOSH: "/http-bind/", WebSocket: "/ws/", Version: "v1.2"}

// byPath has the files as a server does.
func byPath(o Options) map[string]proxy.File {
	all := map[string]proxy.File{}
	for _, f := range Files(o) {
		all[f.Path] = f
	}
	return all
}

var reference = regexp.MustCompile(`(?:href|src)="([^"#]+)"`)

// What the page names is there, or is a page of the server's.
func TestReferences(t *testing.T) {
	all := byPath(options)
	text := string(all["/"].Content)
	found := reference.FindAllStringSubmatch(text, -1)
	if len(found) < 5 {
		t.Fatalf("only %d references in the page", len(found))
	}
	for _, m := range found {
		if m[1] == "favicon.ico" || m[1] == options.BOSH {
			continue
		}
		if _, ok := all["/"+m[1]]; !ok {
			t.Errorf("the page names %s, which is not there", m[1])
		}
	}
}

var imported = regexp.MustCompile(`(?m)^import .* from '\./([^']+)';$`)

// Each script is reached from app.js, and what it imports is there.
func TestImports(t *testing.T) {
	all := byPath(options)
	reached := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		if reached[name] {
			return
		}
		reached[name] = true
		f, ok := all[base+name]
		if !ok {
			t.Errorf("%s is imported and not there", name)
		}
		for _, m := range imported.FindAllStringSubmatch(string(f.Content), -1) {
			follow(m[1])
		}
	}
	follow("app.js")
	for path := range all {
		if name, ok := strings.CutPrefix(path, base); ok && strings.HasSuffix(name, ".js") && !strings.Contains(name, "/") && !reached[name] {
			t.Errorf("nobody imports %s", name)
		}
	}
}

// The policy allows no script or style in the page itself, and nothing names another host.
func TestNothingInline(t *testing.T) {
	for _, f := range Files(options) {
		if !strings.Contains(f.Policy, "default-src 'self'") || strings.Contains(f.Policy, "unsafe") {
			t.Errorf("%s: policy %q", f.Path, f.Policy)
		}
	}
	text := string(byPath(options)["/"].Content)
	for _, bad := range []string{"<style", " style=", "<script>", "javascript:", "http://", "https://", "//"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if m := regexp.MustCompile(` on[a-z]+=`).FindString(text); m != "" {
		t.Errorf("the page has %q", m)
	}
	for path, f := range byPath(options) {
		if strings.HasSuffix(path, ".css") && (strings.Contains(string(f.Content), "url(") || strings.Contains(string(f.Content), "@import")) {
			t.Errorf("%s loads something", path)
		}
	}
}

func TestOptions(t *testing.T) {
	text := string(byPath(options)["/"].Content)
	for _, want := range []string{`data-domain="example.org"`, `data-bosh="/http-bind/"`, `data-websocket="/ws/"`, `data-wait="20"`, "bosh-server v1.2"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(text, `type="password"`) {
		t.Error("it asks for a password")
	}
	o := options
	o.Password, o.BOSH = true, `/"><script>`
	text = string(byPath(o)["/"].Content)
	if !strings.Contains(text, `type="password"`) {
		t.Error("it asks for no password")
	}
	if strings.Contains(text, `"><script>`) {
		t.Error("a path is more than text")
	}
}

// strophe.js comes with its licence, and both are named.
func TestLicence(t *testing.T) {
	all := byPath(options)
	licence, script := all[base+"strophe/LICENSE.txt"], all[base+"strophe/strophe.min.js"]
	if !strings.Contains(string(licence.Content), "Permission is hereby granted, free of charge") || licence.ContentType != "text/plain; charset=utf-8" {
		t.Errorf("licence: %q", licence.Content)
	}
	if !strings.HasPrefix(string(script.Content), "/*! strophe.js ") || strings.Contains(string(script.Content), "sourceMappingURL") {
		t.Error("strophe.js is not as fetch.sh lays it")
	}
}

// A server serves all of it, each with its type and policy.
func TestServed(t *testing.T) {
	cfg := proxy.Config{Listen: []string{"127.0.0.1:0"}, Files: Files(options)}
	s, err := proxy.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run() }()
	defer func() {
		s.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	for _, f := range cfg.Files {
		r, err := http.Get("http://" + s.Addrs()[0].String() + f.Path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		h := r.Header
		if r.StatusCode != http.StatusOK || h.Get("Content-Type") != f.ContentType || h.Get("Content-Security-Policy") != policy || h.Get("Etag") == "" {
			t.Errorf("%s: %s %v", f.Path, r.Status, h)
		}
	}
	if !slices.ContainsFunc(cfg.Files, func(f proxy.File) bool { return f.Path == "/" }) {
		t.Error("nothing is at /")
	}
}
