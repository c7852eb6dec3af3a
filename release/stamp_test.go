package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var root = ".."

func TestDebianVersion(t *testing.T) {
	for _, test := range [][2]string{
		{"1.2.3", "1.2.3"},
		{"1.2.3-dirty", "1.2.3+dirty"},
		{"1.2.3-5-g0123456789ab", "1.2.3+5.g0123456789ab"},
		{"1.2.3-5-g0123456789ab-dirty", "1.2.3+5.g0123456789ab.dirty"},
		{"1.2.3-rc1", "1.2.3~rc1"},
		{"1.2.3-rc1-2-gabc", "1.2.3~rc1+2.gabc"},
		{"devel", "0.0.0~devel"},
		{"my-own", "0.0.0~my.own"},
	} {
		if got := debianVersion(test[0]); got != test[1] {
			t.Errorf("%s: %s, want %s", test[0], got, test[1])
		}
	}
}

// TestDebianVersionOrder: dpkg takes a later version for a later one.
func TestDebianVersionOrder(t *testing.T) {
	if _, err := exec.LookPath("dpkg"); err != nil {
		t.Skip("dpkg is missing")
	}
	later := []string{"devel", "0.0.0-9-gfff", "0.0.0-10-gaaa", "1.0.0-alpha1", "1.0.0-rc1", "1.0.0-rc1-3-gabc", "1.0.0-rc2", "1.0.0", "1.0.0-2-gabc", "1.0.0-10-gabc", "1.0.1-rc1", "1.0.1"}
	for i := range later[1:] {
		a, b := debianVersion(later[i]), debianVersion(later[i+1])
		if err := exec.Command("dpkg", "--compare-versions", a, "lt", b).Run(); err != nil {
			t.Errorf("dpkg does not take %s for earlier than %s", a, b)
		}
	}
}

func TestStamp(t *testing.T) {
	t.Setenv("VERSION", "v1.2.3")
	env := map[string]string{"COMMIT": "0123456789ab", "SOURCE_DATE_EPOCH": "1700000000"}
	getenv := func(name string) string { return env[name] }
	want := stamp{"1.2.3", "0123456789ab", time.Unix(1700000000, 0).UTC()}
	if got, err := stampOf(root, getenv); err != nil || got != want {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	env["SOURCE_DATE_EPOCH"] = "yesterday"
	if _, err := stampOf(root, getenv); err == nil {
		t.Error("a time that is none is taken")
	}
	t.Setenv("VERSION", "1.2.3; rm")
	if _, err := stampOf(root, getenv); err == nil {
		t.Error("a version that is none is taken")
	}
}

// TestVersionOfTree: what tools/version.sh says of a tree without git, of one without tags, and of tagged and changed ones.
func TestVersionOfTree(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is missing")
	}
	dir := t.TempDir()
	script, err := filepath.Abs(filepath.Join(root, "tools", "version.sh"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("VERSION", "")
	shell := func(command string) string {
		t.Helper()
		out, err := output(dir, "sh", "-ec", command)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	version := func() string { return shell("tools/version.sh") }
	shell("mkdir tools; cp '" + script + "' tools/")
	if got := version(); got != "devel" {
		t.Errorf("without git: %s", got)
	}
	const as = "git -c user.name=n -c user.email=e -c commit.gpgsign=false "
	shell("git init -q; git add .; " + as + "commit -q -m one")
	at := func() string { return "-g" + shell("git rev-parse --short=12 HEAD") }
	if got, want := version(), "0.0.0-1"+at(); got != want {
		t.Errorf("without a tag: %s, want %s", got, want)
	}
	shell("echo >> tools/version.sh")
	if got, want := version(), "0.0.0-1"+at()+"-dirty"; got != want {
		t.Errorf("without a tag, changed: %s, want %s", got, want)
	}
	shell("git tag v1.2.3")
	if got, want := version(), "1.2.3-dirty"; got != want {
		t.Errorf("changed: %s, want %s", got, want)
	}
	shell("git checkout -q .")
	if got, want := version(), "1.2.3"; got != want {
		t.Errorf("tagged: %s, want %s", got, want)
	}
	shell(as + "commit -q --allow-empty -m two")
	if got, want := version(), "1.2.3-1"+at(); got != want {
		t.Errorf("after a tag: %s, want %s", got, want)
	}
}

func TestUnique(t *testing.T) {
	got := unique([]component{{name: "b", version: "1"}, {name: "a", version: "1"}, {name: "b", version: "1"}, {name: "b", version: "2"}})
	names := make([]string, 0, len(got))
	for _, c := range got {
		names = append(names, c.name+c.version)
	}
	if !slices.Equal(names, []string{"a1", "b1", "b2"}) {
		t.Errorf("%q", names)
	}
}
