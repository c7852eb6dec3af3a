package main

import (
	"bytes"
	"cmp"
	"crypto/md5"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// debianPackage is the package of one architecture.
type debianPackage struct {
	*order
	stamp
	arch     string
	binary   string // path of what it installs
	sbom     []byte
	licences []component
}

// placed is a file of the package.
type placed struct {
	path    string // in the package
	mode    os.FileMode
	content []byte
}

// build lays the files out and lets dpkg-deb pack them.
func (p *debianPackage) build(deb string) error {
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		return fmt.Errorf("dpkg-deb is missing (Debian has it, elsewhere install dpkg, or leave the package out with --no-deb): %w", err)
	}
	dir, err := os.MkdirTemp("", "bosh-server-deb-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	files, err := p.files()
	if err != nil {
		return err
	}
	size := 0 // in KiB, each file in whole ones
	for _, f := range files {
		size += (len(f.content) + 1023) / 1024
	}
	control, err := p.control(size)
	if err != nil {
		return err
	}
	control = append(control, md5sums(files))
	for _, f := range append(files, control...) {
		path := filepath.Join(dir, f.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := write(path, f.content, f.mode); err != nil {
			return err
		}
	}
	if err := settle(dir, p.when); err != nil {
		return err
	}
	// xz in all versions of dpkg-deb, whose own choice differs between distributions.
	cmd := exec.Command("dpkg-deb", "--root-owner-group", "-Zxz", "--build", dir, deb)
	cmd.Env = append(cmd.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(p.when.Unix(), 10))
	_, err = outputOf(cmd)
	return err
}

// settle gives all folders one mode, whatever the umask, and all that is there one time.
func settle(dir string, when time.Time) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		if err != nil {
			return err
		}
		return os.Chtimes(path, when, when)
	})
}

// files are those that the package installs.
func (p *debianPackage) files() (list []placed, err error) {
	const doc = "usr/share/doc/" + binaryName + "/"
	add := func(path string, mode os.FileMode, content []byte) {
		list = append(list, placed{path, mode, content})
	}
	for _, f := range []struct {
		from, to string
		mode     os.FileMode
		gzip     bool
	}{
		{p.binary, "usr/bin/" + binaryName, 0o755, false},
		{"docs/bosh-server.1", "usr/share/man/man1/bosh-server.1.gz", 0o644, true},
		{"deploy/systemd/bosh-server.socket", "usr/lib/systemd/system/bosh-server.socket", 0o644, false},
		{"deploy/nginx/bosh-server.conf", doc + "examples/nginx.conf", 0o644, false},
		{"deploy/haproxy/haproxy.cfg", doc + "examples/haproxy.cfg", 0o644, false},
		{"release/debian/bosh-server.json", "etc/bosh-server/bosh-server.json", 0o644, false},
		{"release/debian/bosh-server.default", "etc/default/bosh-server", 0o640, false},
		{"release/debian/lintian-overrides", "usr/share/lintian/overrides/bosh-server", 0o644, false},
		{"README.md", doc + "README.md", 0o644, false},
		{"CHANGELOG.md", doc + "NEWS.md.gz", 0o644, true},
	} {
		from := f.from
		if from != p.binary {
			from = filepath.Join(p.source, from)
		}
		content, err := os.ReadFile(from)
		if err != nil {
			return nil, err
		}
		if f.gzip {
			content = compressed(content)
		}
		add(f.to, f.mode, content)
	}
	guides, err := filepath.Glob(filepath.Join(p.source, "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	for _, guide := range guides {
		content, err := os.ReadFile(guide)
		if err != nil {
			return nil, err
		}
		add(doc+"docs/"+filepath.Base(guide), 0o644, content)
	}
	unit, err := p.unit()
	if err != nil {
		return nil, err
	}
	add("usr/lib/systemd/system/bosh-server.service", 0o644, unit)
	add(doc+"sbom.cdx.json.gz", 0o644, compressed(p.sbom))
	add(doc+"changelog.gz", 0o644, compressed(p.changelog()))
	add(doc+"THIRD-PARTY-LICENCES.txt.gz", 0o644, compressed(notices(p.licences)))
	copyright, err := p.copyright()
	add(doc+"copyright", 0o644, copyright)
	return list, err
}

// unit is the shipped one, for the package's place of the binary.
func (p *debianPackage) unit() ([]byte, error) {
	const here, there = "ExecStart=/usr/local/bin/", "ExecStart=/usr/bin/"
	unit, err := os.ReadFile(filepath.Join(p.source, "deploy", "systemd", "bosh-server.service"))
	if err == nil && bytes.Count(unit, []byte(here)) != 1 {
		err = fmt.Errorf("the systemd unit has no single %s", here)
	}
	return bytes.Replace(unit, []byte(here), []byte(there), 1), err
}

// changelog has this version alone: what changed is in NEWS.md.
func (p *debianPackage) changelog() []byte {
	return fmt.Appendf(nil, "%s (%s) unstable; urgency=medium\n\n  * Built from commit %s; what changed is in NEWS.md.gz.\n\n -- %s  %s\n",
		binaryName, debianVersion(p.version), cmp.Or(p.commit, "unknown"), p.maintainer, p.when.Format(time.RFC1123Z))
}

// copyright is our licence, and the names of those of what is linked in, whose texts lie beside it.
func (p *debianPackage) copyright() ([]byte, error) {
	own, err := os.ReadFile(filepath.Join(p.source, "LICENSE"))
	if err != nil {
		return nil, err
	}
	b := fmt.Appendf(nil, "%s is under this licence:\n\n%s\n", binaryName, own)
	b = append(b, "In the binary is also what follows. The texts of its licences are in THIRD-PARTY-LICENCES.txt.gz; Apache-2.0 is\n"+
		"/usr/share/common-licenses/Apache-2.0 too.\n\n"...)
	for _, c := range p.licences {
		b = fmt.Appendf(b, "  %s\n", c)
	}
	return b, nil
}

// control are the files by which dpkg handles the package.
func (p *debianPackage) control(size int) ([]placed, error) {
	var list []placed
	for name, mode := range map[string]os.FileMode{"control": 0o644, "conffiles": 0o644, "postinst": 0o755, "prerm": 0o755, "postrm": 0o755} {
		content, err := os.ReadFile(filepath.Join(p.source, "release", "debian", name))
		if err != nil {
			return nil, err
		}
		if name == "control" {
			if content, err = fill(string(content), map[string]string{
				"Version": debianVersion(p.version), "Architecture": p.arch, "Maintainer": p.maintainer, "InstalledSize": strconv.Itoa(size),
			}); err != nil {
				return nil, err
			}
		}
		list = append(list, placed{"DEBIAN/" + name, mode, content})
	}
	return list, nil
}

// md5sums is what "dpkg --verify" compares with.
func md5sums(files []placed) placed {
	lines := make([]string, 0, len(files))
	for _, f := range files {
		if !strings.HasPrefix(f.path, "etc/") { // dpkg knows those itself
			lines = append(lines, fmt.Sprintf("%x  %s\n", md5.Sum(f.content), f.path))
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(a[2*md5.Size:], b[2*md5.Size:]) })
	return placed{"DEBIAN/md5sums", 0o644, []byte(strings.Join(lines, ""))}
}

func fill(text string, values map[string]string) ([]byte, error) {
	t, err := template.New("control").Option("missingkey=error").Parse(text)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	err = t.Execute(&b, values)
	return []byte(b.String()), err
}
