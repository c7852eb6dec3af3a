package main

import (
	"cmp"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// component is something of others that is in a binary.
type component struct {
	name    string // module path, or std, or a package of npm
	npm     bool
	version string
	sum     string   // of go.sum, as h1:…; empty for the standard library and for npm
	ids     []string // SPDX identifiers of its licences, sorted
	texts   []text
}

func (c component) String() string {
	name := c.name
	if name == "std" {
		name = "the Go standard library and runtime"
	}
	return fmt.Sprintf("%s %s (%s)", name, c.version, strings.Join(c.ids, ", "))
}

// text is a licence, or a notice that has to go with one.
type text struct {
	name string // path in the module
	body string
}

var (
	licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|unlicense)([._-].*)?$`)
	noticeFile  = regexp.MustCompile(`(?i)^(notice|patents)`)
)

// linked lists what the binary says is in it, the standard library first, with the licences of the packages that are.
func (o *order) linked(arch, binary string) ([]component, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	dirs, err := o.packageDirs(arch)
	if err != nil {
		return nil, err
	}
	root, err := outputOf(o.goCommand(arch, "env", "GOROOT"))
	if err != nil {
		return nil, err
	}
	std := component{name: "std", version: strings.TrimPrefix(info.GoVersion, "go")}
	if err := std.read(root, []string{root}); err != nil {
		return nil, err
	}
	list := []component{std}
	for _, dep := range info.Deps {
		if dep.Replace != nil {
			return nil, fmt.Errorf("%s is replaced by %s, which is nobody's release", dep.Path, dep.Replace.Path)
		}
		c := component{name: dep.Path, version: dep.Version, sum: dep.Sum}
		module := dirs[dep.Path]
		if module == nil {
			return nil, fmt.Errorf("%s is in the binary, and go list does not know it", dep.Path)
		}
		if err := c.read(module[0], module[1:]); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	embedded, err := o.embedded(arch)
	return append(list, embedded...), err
}

// packageDirs are, by module, its folder and then those of its packages that are linked in.
func (o *order) packageDirs(arch string) (map[string][]string, error) {
	const format = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}"
	out, err := outputOf(o.goCommand(arch, "list", "-deps", "-f", format, "./cmd/"+binaryName))
	if err != nil {
		return nil, err
	}
	dirs := map[string][]string{}
	for line := range strings.Lines(out) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 3 {
			continue
		}
		if dirs[f[0]] == nil {
			dirs[f[0]] = []string{f[1]}
		}
		dirs[f[0]] = append(dirs[f[0]], f[2])
	}
	return dirs, nil
}

// read reads the licences of a module: those in its root, and in each folder between the root and a package, since what a module has
// taken from others has a licence of its own there.
func (c *component) read(root string, packages []string) error {
	seen := map[string]bool{}
	for _, dir := range append([]string{root}, packages...) {
		for ; !seen[dir]; dir = filepath.Dir(dir) {
			seen[dir] = true
			if err := c.readFolder(root, dir); err != nil {
				return err
			}
			if dir == root {
				break
			}
		}
	}
	slices.SortFunc(c.texts, func(a, b text) int { return cmp.Compare(a.name, b.name) })
	slices.Sort(c.ids)
	c.ids = slices.Compact(c.ids)
	if len(c.ids) == 0 {
		return fmt.Errorf("%s %s has no licence that is known: read it, and take the module out or teach linked.go its licence", c.name, c.version)
	}
	return nil
}

func (c *component) readFolder(root, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !licenceFile.MatchString(e.Name()) || filepath.Ext(e.Name()) == ".go" {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		c.texts = append(c.texts, text{filepath.ToSlash(name), string(body)})
		if noticeFile.MatchString(e.Name()) {
			continue // it goes with a licence, and is none
		}
		matches := licensecheck.Scan(body).Match
		for _, m := range matches {
			c.ids = append(c.ids, m.ID)
		}
		if len(matches) == 0 {
			return fmt.Errorf("%s: %s is no licence that is known", c.name, name)
		}
	}
	return nil
}

// unique leaves out what several architectures have in common.
func unique(list []component) []component {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b component) int { return cmp.Compare(a.name, b.name) })
	return slices.CompactFunc(list, func(a, b component) bool { return a.name == b.name && a.version == b.version })
}

// notices is the text that their licences want to be given on with a binary.
func notices(list []component) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s contains the following software of others.\n", binaryName)
	for _, c := range list {
		fmt.Fprintf(&b, "\n%s\n%s\n", strings.Repeat("=", 80), c)
		for _, t := range c.texts {
			fmt.Fprintf(&b, "\n--- %s\n\n%s\n", t.name, strings.TrimSpace(t.body))
		}
	}
	return []byte(b.String())
}
