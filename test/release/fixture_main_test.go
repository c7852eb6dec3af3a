//go:build integration && linux

package release

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// What the tests build: a version that no clone has, so that nothing depends on git.
const (
	version       = "1.2.3-rc1"
	debianVersion = "1.2.3~rc1"
	commit        = "0123456789ab"
	epoch         = 1700000000
)

var stamp = []string{"VERSION=" + version, "COMMIT=" + commit, fmt.Sprint("SOURCE_DATE_EPOCH=", epoch), "DEBEMAIL=Testers <testers@example.org>"}

// dist is the folder of the release under test, and tool the command that makes one.
var dist, tool string

func TestMain(m *testing.M) {
	parts.Main(m, func(dir string) (err error) {
		dist, err = releaseUnderTest(dir)
		return err
	})
}

func releaseUnderTest(dir string) (_ string, err error) {
	if tool, err = parts.Build(dir, "./release"); err != nil {
		return "", err
	}
	if given := os.Getenv("RELEASE_UNDER_TEST"); given != "" {
		return filepath.Abs(given)
	}
	out := filepath.Join(dir, "dist")
	if said, err := makeRelease(parts.Root, out).CombinedOutput(); err != nil {
		return "", fmt.Errorf("making the release: %w\n%s", err, said)
	}
	return out, nil
}

func hasDebian() bool { return parts.Has("dpkg-deb") }

// makeRelease is the command that makes a release of a source folder, with a umask that takes rights away.
func makeRelease(source, out string, more ...string) *exec.Cmd {
	if !hasDebian() {
		more = append(more, "--no-deb")
	}
	cmd := exec.Command("sh", append([]string{"-c", `umask 077 && exec "$@"`, "sh", tool, "--out=" + out}, more...)...)
	cmd.Dir = source
	cmd.Env = append(cmd.Environ(), stamp...)
	return cmd
}

// binary is the path of an architecture's.
func binary(arch string) string {
	return filepath.Join(dist, strings.Join([]string{"bosh-server", version, "linux", arch}, "_"))
}

// deb is the path of an architecture's package; where dpkg is missing the test is skipped.
func deb(t *testing.T, arch string) string {
	t.Helper()
	if !hasDebian() {
		t.Skip("dpkg-deb is missing: this is no Debian, and no package was made")
	}
	return filepath.Join(dist, fmt.Sprintf("bosh-server_%s_%s.deb", debianVersion, arch))
}

// want runs a command that has to succeed, and returns what it printed.
func want(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return string(out)
}

// sources copies what git knows of the project, or would add, to a folder.
func sources(t *testing.T, to string) {
	t.Helper()
	list := exec.Command("git", "ls-files", "-co", "--exclude-standard", "-z")
	list.Dir = parts.Root
	out, err := list.Output()
	if err != nil {
		t.Skipf("this is no clone: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		from := filepath.Join(parts.Root, name)
		info, err := os.Stat(from)
		if err != nil {
			continue // removed, and not yet from the index
		}
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(to, name), content, info.Mode().Perm())
	}
}

func write(t *testing.T, path string, content []byte, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
}

// tree lists what is below a folder: modes, owners and paths, but for those left out.
func tree(t *testing.T, dir string, without ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, dir)
		for _, w := range without {
			if name == w {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
		}
		info, err := d.Info()
		if err == nil && name != "" {
			all[name] = describe(info)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
