//go:build integration && linux

package release

import (
	"debug/buildinfo"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// bill is what a test reads of an SBOM.
type bill struct {
	Format     string `json:"bomFormat"`
	Metadata   struct{ Timestamp string }
	Components []struct {
		Name, Version, Purl string
		Licenses            []struct{ License struct{ ID string } }
	}
	Dependencies []struct{ DependsOn []string }
}

// TestSBOM: it names each module that is in the binary, in its version, and each under licences that SPDX knows.
func TestSBOM(t *testing.T) {
	t.Parallel()
	known := spdx(t)
	texts := string(read(t, filepath.Join(dist, "THIRD-PARTY-LICENCES.txt")))
	for _, arch := range []string{"amd64", "arm64"} {
		var b bill
		if err := json.Unmarshal(read(t, binary(arch)+".cdx.json"), &b); err != nil {
			t.Fatal(err)
		}
		if b.Format != "CycloneDX" || b.Metadata.Timestamp != "2023-11-14T22:13:20Z" {
			t.Errorf("%s of %s", b.Format, b.Metadata.Timestamp)
		}
		info, err := buildinfo.ReadFile(binary(arch))
		if err != nil {
			t.Fatal(err)
		}
		missing := map[string]bool{"pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"): true, "pkg:npm/strophe.js@5.0.0": true}
		for _, dep := range info.Deps {
			missing["pkg:golang/"+dep.Path+"@"+dep.Version] = true
		}
		if len(b.Dependencies) != 1 || len(b.Dependencies[0].DependsOn) != len(missing) {
			t.Errorf("%d components, want %d", len(b.Components), len(missing))
		}
		for _, c := range b.Components {
			if !missing[c.Purl] {
				t.Errorf("%s is not in the binary, or there twice", c.Purl)
			}
			delete(missing, c.Purl)
			if len(c.Licenses) == 0 {
				t.Errorf("%s has no licence", c.Purl)
			}
			for _, l := range c.Licenses {
				if !known[l.License.ID] {
					t.Errorf("%s: SPDX knows no licence %q", c.Purl, l.License.ID)
				}
			}
			if c.Name != "std" && !strings.Contains(texts, "\n"+c.Name+" "+c.Version+" (") {
				t.Errorf("THIRD-PARTY-LICENCES.txt has nothing of %s", c.Name)
			}
		}
		for purl := range missing {
			t.Errorf("%s is in the binary, and not in the SBOM", purl)
		}
	}
}

// spdx are the identifiers that CycloneDX takes, as its library has them.
func spdx(t *testing.T) map[string]bool {
	t.Helper()
	find := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go")
	find.Dir = parts.Root
	var schema struct{ Enum []string }
	if err := json.Unmarshal(read(t, filepath.Join(strings.TrimSpace(want(t, find)), "schema", "spdx.schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, id := range schema.Enum {
		known[id] = true
	}
	return known
}

// TestLint: Debian's own judge of packages has nothing to say but what debian/lintian-overrides gives reasons for. The other architecture's
// package differs in its binary alone.
func TestLint(t *testing.T) {
	t.Parallel()
	file := deb(t, runtime.GOARCH)
	parts.NeedProgram(t, "lintian")
	if said := want(t, exec.Command("lintian", "--allow-root", "--fail-on=error,warning", file)); strings.TrimSpace(said) != "" {
		t.Error(said)
	}
}

// TestControl: each package says for which machines it is.
func TestControl(t *testing.T) {
	t.Parallel()
	for _, arch := range []string{"amd64", "arm64"} {
		said := want(t, exec.Command("dpkg-deb", "--field", deb(t, arch), "Package", "Version", "Architecture", "Maintainer"))
		if wanted := "Package: bosh-server\nVersion: " + debianVersion + "\nArchitecture: " + arch + "\nMaintainer: Testers <testers@example.org>\n"; said != wanted {
			t.Errorf("%s\nwant\n%s", said, wanted)
		}
	}
}
