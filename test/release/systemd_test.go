//go:build integration && linux

package release

import (
	"os"
	"runtime"
	"strings"
	"testing"
)

const (
	told    = "/run/told"
	enabled = "/etc/systemd/system/multi-user.target.wants/bosh-server.service"
	// systemctl writes down what it is told, and knows whether the service is enabled and active.
	systemctl = `#!/bin/sh
echo "$*" >> ` + told + `
case "$*" in
*preset*) mkdir -p /etc/systemd/system/multi-user.target.wants && ln -sf ` + unitFile + " " + enabled + ` ;;
*is-enabled*) test -e ` + enabled + ` && echo enabled ;;
*is-active*) test -e /run/active ;;
*start*) : > /run/active ;;
*stop*) rm -f /run/active ;;
esac
`
)

// TestPackageSystemd: where systemd runs, the package enables and starts the service, restarts it at an upgrade, stops it at the end, and
// leaves it disabled when the operator has disabled it.
func TestPackageSystemd(t *testing.T) {
	t.Parallel()
	file := deb(t, runtime.GOARCH)
	d := newDebian(t)
	before := tree(t, d.dir, notes...)
	if err := os.MkdirAll(d.path("/run/systemd/system"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, d.path("/usr/bin/systemctl"), []byte(systemctl), 0o755)

	want(t, d.command("dpkg", "--install", d.bring(t, file)))
	wantOrder(t, d, "daemon-reload", "start bosh-server.service")
	if to, err := os.Readlink(d.path(enabled)); err != nil || !strings.HasSuffix(unitFile, strings.TrimPrefix(to, "/usr")) {
		t.Errorf("it is not enabled: %s, %v", to, err)
	}
	next := d.bring(t, nextVersion(t, file))
	want(t, d.command("dpkg", "--install", next))
	wantOrder(t, d, "daemon-reload", "restart bosh-server.service")
	if err := os.Remove(d.path(enabled)); err != nil { // systemctl disable
		t.Error(err)
	}
	want(t, d.command("dpkg", "--install", next))
	if _, err := os.Lstat(d.path(enabled)); err == nil {
		t.Error("a new installation has enabled what the operator disabled")
	}
	want(t, d.command("dpkg", "--remove", "bosh-server"))
	wantOrder(t, d, "stop bosh-server.socket bosh-server.service", "daemon-reload")
	want(t, d.command("dpkg", "--purge", "bosh-server"))
	if err := os.Remove(d.path("/usr/bin/systemctl")); err != nil {
		t.Fatal(err)
	}
	wantNothingLeft(t, d, before)
}

// wantOrder: systemd was told these things in this order, among others, since the last look.
func wantOrder(t *testing.T, d *debian, things ...string) {
	t.Helper()
	all := string(read(t, d.path(told)))
	rest := all
	for _, thing := range things {
		_, after, ok := strings.Cut(rest, thing)
		if !ok {
			t.Errorf("systemd is not told %q; it was told:\n%s", thing, all)
		}
		rest = after
	}
	write(t, d.path(told), nil, 0o644)
}
