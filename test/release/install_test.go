//go:build integration && linux

package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// TestMakeInstall: make install puts everything below DESTDIR and PREFIX, keeps settings, and make uninstall takes all but those.
func TestMakeInstall(t *testing.T) {
	t.Parallel()
	parts.NeedProgram(t, "make")
	source, to := t.TempDir(), t.TempDir()
	sources(t, source)
	write(t, filepath.Join(source, "bin", "bosh-server"), []byte("built\n"), 0o755) // make build has been here
	makes := func(target string) {
		t.Helper()
		cmd := exec.Command("sh", "-c", `umask 077 && exec make "$@"`, "sh", target, "DESTDIR="+to, "PREFIX=/opt/bosh")
		cmd.Dir = source
		want(t, cmd)
	}
	files := func() (list []string) {
		for path, mode := range tree(t, to) {
			if mode[0] == '-' {
				list = append(list, strings.Fields(mode)[0]+" "+path)
			}
		}
		slices.Sort(list)
		return list
	}
	makes("install")
	all := []string{
		"-rw-r--r-- /etc/bosh-server/bosh-server.json",
		"-rw-r--r-- /opt/bosh/lib/systemd/system/bosh-server.service",
		"-rw-r--r-- /opt/bosh/lib/systemd/system/bosh-server.socket",
		"-rw-r--r-- /opt/bosh/share/man/man1/bosh-server.1",
		"-rwxr-xr-x /opt/bosh/bin/bosh-server",
	}
	if got := files(); !slices.Equal(got, all) {
		t.Errorf("%q, want %q", got, all)
	}
	for path, mode := range tree(t, to) {
		if mode[0] == 'd' && !strings.HasPrefix(mode, "drwxr-xr-x") {
			t.Errorf("%s: %s", path, mode)
		}
	}
	unit := string(read(t, filepath.Join(to, "/opt/bosh/lib/systemd/system/bosh-server.service")))
	if !strings.Contains(unit, "\nExecStart=/opt/bosh/bin/bosh-server --config=/etc/bosh-server/bosh-server.json\n") {
		t.Errorf("the unit starts something else:\n%s", unit)
	}
	settings := filepath.Join(to, settingsFile)
	if err := os.WriteFile(settings, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	makes("install")
	if got := string(read(t, settings)); got != "{}" {
		t.Errorf("the settings are %s now", got)
	}
	makes("uninstall")
	if got := files(); !slices.Equal(got, all[:1]) {
		t.Errorf("after make uninstall: %q, want %q", got, all[:1])
	}
}
