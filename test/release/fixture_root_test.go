//go:build integration && linux

package release

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// debian is a root folder with the essential packages of the machine's Debian.
type debian struct{ dir string }

var (
	field     = regexp.MustCompile(`(?m)^(Package|Essential|Depends|Pre-Depends|Status|Multi-Arch|Architecture): (.*)$`)
	depending = regexp.MustCompile(`([a-z0-9][a-z0-9+.-]+)[^,|]*`)
)

// newDebian makes one, which takes a few seconds and a hundred megabytes.
func newDebian(t *testing.T) *debian {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("this is not root, who alone may enter another root")
	}
	status, err := os.ReadFile("/var/lib/dpkg/status")
	if err != nil {
		t.Skipf("this is no Debian: %v", err)
	}
	d := &debian{t.TempDir()}
	paragraphs, names := essential(string(status))
	list, err := exec.Command("dpkg-query", append([]string{"--listfiles"}, names...)...).Output()
	if err != nil {
		t.Fatalf("dpkg-query --listfiles: %v", err)
	}
	pack := exec.Command("tar", "--create", "--directory=/", "--no-recursion", "--ignore-failed-read", "--files-from=-", "--file=-")
	pack.Stdin = strings.NewReader(wanted(string(list)))
	archive, err := pack.Output()
	if err != nil {
		t.Fatalf("tar: %v", err)
	}
	unpack := exec.Command("tar", "--extract", "--directory="+d.dir, "--same-permissions", "--file=-")
	unpack.Stdin = bytes.NewReader(archive)
	want(t, unpack)
	write(t, d.path("/var/lib/dpkg/status"), []byte(paragraphs), 0o644)
	for _, name := range names {
		notes, _ := filepath.Glob("/var/lib/dpkg/info/" + name + ".list")
		for _, note := range notes {
			write(t, d.path(note), read(t, note), 0o644)
		}
	}
	for _, name := range []string{"passwd", "group"} {
		write(t, d.path("/etc/"+name), read(t, "/usr/share/base-passwd/"+name+".master"), 0o644)
	}
	for _, dir := range []string{"/var/lib/dpkg/updates", "/var/log", "/tmp", "/dev", "/run", "/var/lib/dpkg/triggers"} {
		if err := os.MkdirAll(d.path(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mknod(d.path("/dev/null"), syscall.S_IFCHR|0o666, 1<<8|3); err != nil {
		write(t, d.path("/dev/null"), nil, 0o666) // containers may forbid devices: a file serves
	}
	// The C library's cache of names, which says where its parts are on Debian.
	want(t, d.command("ldconfig"))
	return d
}

// essential are the paragraphs of dpkg's status, and the names, of the essential packages that are installed and of what they depend on.
func essential(status string) (paragraphs string, names []string) {
	type entry struct{ text, name, depends string }
	installed := map[string]entry{}
	var pending []string
	for text := range strings.SplitSeq(strings.TrimSpace(status), "\n\n") {
		f := map[string]string{}
		for _, m := range field.FindAllStringSubmatch(text, -1) {
			f[m[1]] = m[2]
		}
		if f["Status"] != "install ok installed" {
			continue
		}
		name := f["Package"]
		if f["Multi-Arch"] == "same" {
			name += ":" + f["Architecture"]
		}
		installed[f["Package"]] = entry{text, name, f["Depends"] + ", " + f["Pre-Depends"]}
		if f["Essential"] == "yes" {
			pending = append(pending, f["Package"])
		}
	}
	seen := map[string]bool{}
	var b strings.Builder
	for len(pending) > 0 {
		name := pending[0]
		pending = pending[1:]
		e, ok := installed[name]
		if seen[name] || !ok {
			continue // of alternatives, the one that is not there
		}
		seen[name] = true
		names = append(names, e.name)
		b.WriteString(e.text + "\n\n")
		for _, m := range depending.FindAllStringSubmatch(e.depends, -1) {
			pending = append(pending, m[1])
		}
	}
	return b.String(), names
}

// wanted leaves out of a list of files what nobody reads in a test, and what is diverted.
func wanted(list string) string {
	var b strings.Builder
	seen := map[string]bool{}
	for line := range strings.Lines("/usr\n/usr/bin\n/usr/sbin\n/usr/lib\n/usr/lib64\n/bin\n/sbin\n/lib\n/lib64\n" + list) { // links of a merged /usr: before what lies behind them
		name := strings.TrimSpace(line)
		if !strings.HasPrefix(name, "/") || name == "/." || seen[name] {
			continue
		}
		seen[name] = true
		skip := false
		for _, p := range []string{"/usr/share/doc/", "/usr/share/man/", "/usr/share/locale/", "/usr/share/info/", "/usr/share/lintian/", "/usr/lib/x86_64-linux-gnu/gconv/"} {
			skip = skip || strings.HasPrefix(name, p)
		}
		if _, err := os.Lstat(name); err == nil && !skip {
			b.WriteString("." + name + "\n")
		}
	}
	return b.String()
}

// path is where a path of the root is on this machine.
func (d *debian) path(name string) string { return filepath.Join(d.dir, name) }

// command is one that runs in the root.
func (d *debian) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command("/usr/bin/env", append([]string{"-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", name}, args...)...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: d.dir, Pdeathsig: syscall.SIGKILL}
	return cmd
}

// bring copies a file into the root, and returns its path there.
func (d *debian) bring(t *testing.T, file string) string {
	t.Helper()
	inside := "/tmp/" + filepath.Base(file)
	write(t, d.path(inside), read(t, file), 0o644)
	return inside
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// describe is what "ls -l" would say of mode and owner.
func describe(info fs.FileInfo) string {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return info.Mode().String()
	}
	return fmt.Sprintf("%s %d:%d", info.Mode(), s.Uid, s.Gid)
}
