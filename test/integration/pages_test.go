//go:build integration && linux

package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPages: the pages for people, in headless Chromium at the sizes of a phone and a desktop, while sessions are alive. With PAGES=1 screenshots are kept in
// build/screenshots, to be looked at; taking them is most of its time. It runs before the parallel tests: beside their browsers it takes minutes.
func TestPages(t *testing.T) {
	needBrowser(t, "strophe.js")
	screenshots := ""
	if os.Getenv("PAGES") != "" {
		var err error
		if screenshots, err = filepath.Abs("../../build/screenshots"); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(screenshots, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s := startServer(t, "--demo", "--system-info-password=pass word", "--max-wait=5", "--default-inactivity=600", "--max-inactivity=600") // nobody polls while the browser looks
	var r struct {
		Error string
		Seen  []struct {
			Name            string
			Complaints      []string
			Asked           []string
			Wide, Styled    bool
			Charts          int
			Sessions, Title string
		}
	}
	runClient(t, "pages_browser.mjs", map[string]any{"url": s.url, "password": "pass word", "screenshots": screenshots, "millis": 11_000}, &r)
	if r.Error != "" || len(r.Seen) != 8 {
		t.Fatalf("%d pages, %s", len(r.Seen), r.Error)
	}
	for _, p := range r.Seen {
		if len(p.Complaints) > 0 {
			t.Errorf("%s: the browser complains: %q", p.Name, p.Complaints)
		}
		for _, url := range p.Asked {
			if !strings.HasPrefix(url, "http://"+s.addr+"/") {
				t.Errorf("%s: asks for %s", p.Name, url)
			}
		}
		if strings.HasSuffix(p.Name, "dark") {
			continue // without scripts
		}
		// Six talk; three have not logged in, and the embedded server ends those after a while.
		if p.Wide || !p.Styled || p.Charts != 4 || p.Sessions < "6" || p.Sessions > "9" || p.Title == "" {
			t.Errorf("%+v", p)
		}
	}
}
