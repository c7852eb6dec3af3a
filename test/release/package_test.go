//go:build integration && linux

package release

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// notes are where dpkg and its kind write down what was done: they change, and stay.
var notes = []string{"/var/lib/dpkg", "/var/log/dpkg.log", "/var/lib/systemd", "/tmp", "/dev", "/run", "/var/cache"}

const (
	settingsFile = "/etc/bosh-server/bosh-server.json"
	unitFile     = "/usr/lib/systemd/system/bosh-server.service"
)

// TestPackage installs, looks, runs, upgrades, removes and purges, on a Debian without systemd.
func TestPackage(t *testing.T) {
	t.Parallel()
	file := deb(t, runtime.GOARCH)
	d := newDebian(t)
	before := tree(t, d.dir, notes...)
	inside := d.bring(t, file)
	want(t, d.command("dpkg", "--install", inside))
	wantInstalled(t, d, before)
	if out := want(t, d.command("dpkg", "--verify", "bosh-server")); out != "" {
		t.Errorf("dpkg --verify: %s", out)
	}
	wantUnit(t, d)
	d.serve(t)

	// An upgrade keeps what the operator has changed, and takes the rest.
	changed := []byte(`{"host": "127.0.0.1", "port": 5280, "admin": "127.0.0.1:9280", "max_sessions": 5}`)
	write(t, d.path(settingsFile), changed, 0o600)
	want(t, d.command("dpkg", "--install", "--force-confdef", "--force-confold", d.bring(t, nextVersion(t, file))))
	if got := read(t, d.path(settingsFile)); !bytes.Equal(got, changed) {
		t.Errorf("the upgrade changed %s: %s", settingsFile, got)
	}
	if info, err := os.Stat(d.path(settingsFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the upgrade changed the mode of %s: %v, %v", settingsFile, info.Mode(), err)
	}
	if got := string(read(t, d.path(unitFile))); !strings.Contains(got, "# the next version") {
		t.Error("the upgrade did not take the new unit")
	}

	want(t, d.command("dpkg", "--remove", "bosh-server"))
	for _, gone := range []string{"/usr/bin/bosh-server", unitFile, "/usr/share/doc/bosh-server"} {
		if _, err := os.Lstat(d.path(gone)); err == nil {
			t.Errorf("%s is there after it was removed", gone)
		}
	}
	if got := read(t, d.path(settingsFile)); !bytes.Equal(got, changed) {
		t.Errorf("removing it changed %s: %s", settingsFile, got)
	}
	want(t, d.command("dpkg", "--purge", "bosh-server"))
	wantNothingLeft(t, d, before)
}

// wantUnit: systemd, where this machine has it, takes the installed unit.
func wantUnit(t *testing.T, d *debian) {
	t.Helper()
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		return
	}
	unit := strings.ReplaceAll(string(read(t, d.path(unitFile))), "ExecStart=/usr/bin/", "ExecStart="+d.path("/usr/bin")+"/")
	file := filepath.Join(t.TempDir(), "bosh-server.service")
	write(t, file, []byte(unit), 0o644)
	if out, err := exec.Command("systemd-analyze", "verify", "--man=no", file).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// wantInstalled: all that came is root's, and nobody else may write it.
func wantInstalled(t *testing.T, d *debian, before map[string]string) {
	t.Helper()
	modes := map[string]string{
		"/usr/bin/bosh-server":     "-rwxr-xr-x 0:0",
		"/etc/bosh-server":         "drwxr-xr-x 0:0",
		"/etc/default/bosh-server": "-rw-r----- 0:0",
		settingsFile:               "-rw-r--r-- 0:0",
		unitFile:                   "-rw-r--r-- 0:0",
		"/usr/lib/systemd/system/bosh-server.socket":   "-rw-r--r-- 0:0",
		"/usr/share/man/man1/bosh-server.1.gz":         "-rw-r--r-- 0:0",
		"/usr/share/doc/bosh-server/copyright":         "-rw-r--r-- 0:0",
		"/usr/share/doc/bosh-server/changelog.gz":      "-rw-r--r-- 0:0",
		"/usr/share/doc/bosh-server/sbom.cdx.json.gz":  "-rw-r--r-- 0:0",
		"/usr/share/doc/bosh-server/docs/deploying.md": "-rw-r--r-- 0:0",
	}
	after := tree(t, d.dir, notes...)
	for path, mode := range modes {
		if after[path] != mode {
			t.Errorf("%s: %q, want %q", path, after[path], mode)
		}
	}
	for path, mode := range after {
		if _, old := before[path]; old {
			continue
		}
		if mode[0] == 'L' {
			continue
		}
		if !strings.HasSuffix(mode, " 0:0") || mode[5] == 'w' || mode[8] == 'w' || strings.ContainsAny(mode[:10], "st") {
			t.Errorf("%s: %s", path, mode)
		}
	}
}

func wantNothingLeft(t *testing.T, d *debian, before map[string]string) {
	t.Helper()
	after := tree(t, d.dir, notes...)
	for _, path := range slices.Sorted(maps.Keys(after)) {
		if before[path] != after[path] {
			t.Errorf("after the purge: %s %s, before: %s", path, after[path], before[path])
		}
	}
	for path := range before {
		if after[path] == "" {
			t.Errorf("the purge has taken %s", path)
		}
	}
	for _, pattern := range []string{"/var/lib/dpkg/info/bosh-server.*", "/var/lib/systemd/*/*", "/var/lib/systemd/*/*/*"} {
		if left, _ := filepath.Glob(d.path(pattern)); len(left) > 0 {
			t.Errorf("after the purge: %q", left)
		}
	}
}

// nextVersion packs a package anew as a later version with another default and another unit.
func nextVersion(t *testing.T, file string) string {
	t.Helper()
	dir := t.TempDir()
	want(t, exec.Command("dpkg-deb", "--raw-extract", file, dir))
	control := regexp.MustCompile(`(?m)^Version: .*$`).ReplaceAll(read(t, dir+"/DEBIAN/control"), []byte("Version: 1.2.4"))
	write(t, dir+"/DEBIAN/control", control, 0o644)
	write(t, dir+settingsFile, []byte(`{"host": "127.0.0.1"}`), 0o644)
	write(t, dir+unitFile, append(read(t, dir+unitFile), "# the next version\n"...), 0o644)
	next := filepath.Join(t.TempDir(), "next.deb")
	want(t, exec.Command("dpkg-deb", "--root-owner-group", "-Znone", "--build", dir, next))
	return next
}
