// Package gobosh_test holds the rules that no compiler checks: which package may import what, and the parts of
// our style that can be counted.
//
// It parses the sources rather than asking "go list", whose answer the test cache would keep.
package gobosh_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "go-xmpp-bosh"

// placement is what one package may import. A new package is placed here by whoever adds it, with a thought
// about the direction of its edges.
type placement struct {
	pure     bool     // a machine without a clock, a socket or a lock: nothing of impureImports
	project  []string // packages of this module
	external []string // modules, by the start of their import paths
	netip    bool     // addresses are values, not sockets: net/netip although pure
}

var (
	protocols = []string{"timer", "buffer", "xmlstream", "httpparse", "bosh", "wsframe", "wsconn", "xmppconn", "lookup", "proxyproto"}

	placements = map[string]placement{
		".":          {}, // this test
		"timer":      {pure: true},
		"buffer":     {pure: true},
		"xmlstream":  {pure: true},
		"httpparse":  {pure: true, external: []string{"github.com/valyala/fasthttp"}},
		"bosh":       {pure: true, project: []string{"timer", "buffer", "xmlstream"}},
		"wsframe":    {pure: true, project: []string{"buffer", "httpparse", "wsframe/wscases"}, external: []string{"github.com/gobwas/ws", "github.com/klauspost/compress/flate"}},
		"proxyproto": {pure: true, netip: true},
		"wsconn":     {pure: true, project: []string{"timer", "buffer", "xmlstream", "wsframe"}},
		"xmppconn":   {pure: true, project: []string{"timer", "buffer", "xmlstream"}, netip: true},

		"lookup": {pure: true, project: []string{"timer"}, external: []string{"github.com/miekg/dns"}, netip: true},

		"loop":      {project: []string{"timer", "buffer"}, external: []string{"github.com/panjf2000/gnet/v2/pkg", "golang.org/x/sys/unix"}},
		"demo":      {},
		"demo/page": {project: []string{"proxy"}},
		"proxy": {
			project:  append([]string{"loop"}, protocols...),
			external: []string{"github.com/google/uuid", "github.com/klauspost/compress", "github.com/miekg/dns"},
		},
		"boshserver":       {project: []string{"proxy", "xmlstream", "xmppconn", "demo"}}, // demo: in an example
		"admin":            {project: []string{"proxy", "timer"}, external: []string{"github.com/prometheus/client_golang/prometheus"}},
		"doctor":           {project: []string{"proxy", "lookup", "xmppconn", "xmlstream", "timer"}},
		"cmd/bosh-server":  {project: []string{"proxy", "admin", "demo", "demo/page", "doctor", "timer"}, external: []string{"github.com/spf13/pflag"}},
		"bench":            {project: []string{"bench/crew", "bench/load", "bench/million", "bench/peer", "bench/proc", "bench/report", "bench/wire"}, external: []string{"github.com/spf13/pflag", "golang.org/x/sys/unix"}},
		"bench/crew":       {project: []string{"bench/epoll", "bench/load", "bench/null"}, external: []string{"github.com/HdrHistogram/hdrhistogram-go", "golang.org/x/sys/unix"}},
		"bench/epoll":      {external: []string{"golang.org/x/sys/unix"}},
		"bench/load":       {project: []string{"bench/epoll", "bench/null", "bench/wire"}, external: []string{"github.com/HdrHistogram/hdrhistogram-go", "golang.org/x/sys/unix"}},
		"bench/million":    {project: append([]string{"bench/wire"}, protocols...)},
		"bench/null":       {project: []string{"bench/epoll", "bench/wire"}},
		"bench/peer":       {project: []string{"bench/crew", "bench/load", "bench/proc"}},
		"bench/proc":       {},
		"bench/report":     {project: []string{"bench/proc"}, external: []string{"gonum.org/v1/plot"}},
		"bench/wire":       {pure: true},
		"wsframe/wscases":  {pure: true},
		"release":          {external: []string{"github.com/CycloneDX/cyclonedx-go", "github.com/google/licensecheck", "github.com/google/uuid", "github.com/spf13/pflag"}},
		"test/deploy":      {project: []string{"test/parts"}, external: []string{"github.com/gobwas/ws", "go.yaml.in/yaml/v3"}},
		"test/exactlyonce": {project: []string{"proxy"}},
		"test/flood":       {project: []string{"test/parts"}, external: []string{"github.com/gobwas/ws"}},
		"test/integration": {project: []string{"test/parts"}},
		"test/parts":       {},
		"test/release":     {project: []string{"test/parts"}, external: []string{"golang.org/x/sys/unix"}},
		"test/spec":        {project: []string{"proxy", "bosh", "wsconn", "wsframe", "buffer", "timer", "xmlstream"}},
		"test/websocket":   {project: []string{"proxy", "timer", "wsframe/wscases"}},
	}

	// impureImports are the packages that bring a clock, a socket, a lock, chance or raw memory, and all below them.
	impureImports = []string{
		"net", "os", "time", "sync", "context", "log", "math/rand", "crypto/rand", "crypto/tls", "unsafe", "syscall", "runtime",
	}
)

// source is one parsed Go file.
type source struct {
	path string // with slashes, from the root
	dir  string
	test bool
	file *ast.File
	fset *token.FileSet
}

// sources are all Go files of the module, whatever their build tags.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no sources found")
	}
	return all
}

var parsed = sync.OnceValues(func() (all []source, err error) {
	walkErr := walk(func(name string) {
		if path.Ext(name) != ".go" {
			return
		}
		fset := token.NewFileSet()
		f, parseErr := parser.ParseFile(fset, filepath.FromSlash(name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if parseErr != nil {
			err = errors.Join(err, parseErr)
			return
		}
		all = append(all, source{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), f, fset})
	})
	return all, errors.Join(err, walkErr)
})

// walk visits the files that belong to the project.
func walk(visit func(name string)) error {
	skipped := []string{".git", "node_modules", "bin", "build", "dist"}
	return fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(skipped, d.Name()):
			return fs.SkipDir
		case d.Type().IsRegular():
			visit(name)
		}
		return nil
	})
}

// under says whether an import path is one of these or lies below it.
func under(importPath string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		return importPath == root || strings.HasPrefix(importPath, strings.TrimSuffix(root, "/")+"/")
	})
}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		place, placed := placements[s.dir]
		if !placed && !seen[s.dir] {
			t.Errorf("%s: nobody placed this package: say in imports_test.go what it may import", s.dir)
		}
		seen[s.dir] = true
		if !placed {
			continue
		}
		for _, spec := range s.file.Imports {
			importPath, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := place.forbids(s, importPath); why != "" {
				t.Errorf("%s: imports %q: %s", s.fset.Position(spec.Pos()), importPath, why)
			}
		}
	}
	if len(seen) < 2 {
		t.Errorf("only %v seen: the walk misses the sources", seen)
	}
}

// forbids says why a file of the package may not import that, "" if it may. Tests may use the clock, files and
// what else the standard library has, but they follow the edges between our packages.
func (p placement) forbids(s source, importPath string) string {
	first, _, _ := strings.Cut(importPath, "/")
	project, isOurs := strings.CutPrefix(importPath, module+"/")
	switch {
	case isOurs && s.test && project == s.dir:
		return "" // a test from outside its package
	case isOurs:
		if !slices.Contains(p.project, project) {
			return fmt.Sprintf("%s may import of this module only %v", s.dir, p.project)
		}
	case strings.Contains(first, "."):
		if !s.test && !under(importPath, p.external) {
			return fmt.Sprintf("%s may import of other modules only %v", s.dir, p.external)
		}
	case importPath == "C":
		return "cgo is nowhere used"
	case p.pure && !s.test && under(importPath, impureImports) && (importPath != "net/netip" || !p.netip):
		return s.dir + " is pure: bytes and ticks in, bytes and calls out"
	}
	return ""
}

// TestImportRules shows that the rules bite.
func TestImportRules(t *testing.T) {
	for _, test := range []struct {
		dir, importPath string
		test            bool
		allowed         bool
	}{
		{"bosh", "go-xmpp-bosh/xmlstream", false, true},
		{"bosh", "go-xmpp-bosh/xmppconn", false, false},
		{"bosh", "go-xmpp-bosh/xmppconn", true, false},
		{"bosh", "go-xmpp-bosh/bosh", true, true},
		{"bosh", "go-xmpp-bosh/bosh/deeper", false, false},
		{"bosh", "strconv", false, true},
		{"bosh", "time", false, false},
		{"bosh", "time", true, true},
		{"bosh", "math", false, true},
		{"bosh", "math/rand/v2", false, false},
		{"bosh", "log/slog", false, false},
		{"bosh", "net/netip", false, false},
		{"bosh", "crypto/sha1", false, true},
		{"xmppconn", "net/netip", false, true},
		{"xmppconn", "net", false, false},
		{"xmppconn", "net/url", false, false},
		{"httpparse", "github.com/valyala/fasthttp", false, true},
		{"httpparse", "github.com/valyala/fasthttpx", false, false},
		{"xmlstream", "github.com/valyala/fasthttp", false, false},
		{"loop", "time", false, true},
		{"loop", "go-xmpp-bosh/proxy", false, false},
		{"loop", "github.com/panjf2000/gnet/v2", false, false},
		{"loop", "github.com/panjf2000/gnet/v2/pkg/netpoll", false, true},
		{"loop", "C", false, false},
		{"test/integration", "go-xmpp-bosh/proxy", true, false},
	} {
		why := placements[test.dir].forbids(source{dir: test.dir, test: test.test}, test.importPath)
		if (why == "") != test.allowed {
			t.Errorf("%s (test: %v) importing %s: %q, want allowed=%v", test.dir, test.test, test.importPath, why, test.allowed)
		}
	}
}

// TestOnePollerImport: gnet's poller pulls in a logger of its own; one file knows it, so that it can be exchanged.
func TestOnePollerImport(t *testing.T) {
	var importers []string
	for _, s := range sources(t) {
		for _, spec := range s.file.Imports {
			if spec.Path.Value == `"github.com/panjf2000/gnet/v2/pkg/netpoll"` && !s.test {
				importers = append(importers, s.path)
			}
		}
	}
	if len(importers) > 1 {
		t.Errorf("gnet's poller is imported by %v, want one file", importers)
	}
}

// TestEveryPackageHasDoc: doc.go says what the package does and what not, who owns which bytes, ordering, errors.
func TestEveryPackageHasDoc(t *testing.T) {
	documented := map[string]bool{".": true}
	dirs := map[string]bool{}
	for _, s := range sources(t) {
		dirs[s.dir] = true
		if path.Base(s.path) == "doc.go" && s.file.Doc != nil {
			documented[s.dir] = true
		}
	}
	for dir := range dirs {
		if !documented[dir] {
			t.Errorf("%s has no doc.go with a package comment", dir)
		}
	}
}

// TestFunctionLength: a function is a screen (70 lines); above 100 it fails here.
func TestFunctionLength(t *testing.T) {
	const screen, limit = 70, 100
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			lines := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1
			switch {
			case lines > limit:
				t.Errorf("%s: %s has %d lines; split it", s.fset.Position(f.Pos()), f.Name.Name, lines)
			case lines > screen:
				t.Logf("%s: %s has %d lines, more than a screen", s.fset.Position(f.Pos()), f.Name.Name, lines)
			}
		}
	}
}

// TestNoSleepInTests: a test waits for the event, not for a time by which it may have come.
func TestNoSleepInTests(t *testing.T) {
	for _, s := range sources(t) {
		if !s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
					t.Errorf("%s: time.Sleep in a test", s.fset.Position(n.Pos()))
				}
			}
			return true
		})
	}
}

// TestNoLooseEnds: what is to be done is an issue, not a comment.
func TestNoLooseEnds(t *testing.T) {
	loose := regexp.MustCompile(`\b(TODO|FIXME|XX` + `X)\b`)
	for _, s := range sources(t) {
		for _, group := range s.file.Comments {
			for _, c := range group.List {
				if m := loose.FindString(c.Text); m != "" && s.path != "imports_test.go" {
					t.Errorf("%s: a comment with %s", s.fset.Position(c.Pos()), m)
				}
			}
		}
	}
}

// TestNoMachinePaths: no file names a folder of the machine that it was written on, nor a registry's host: the
// first means nothing elsewhere, the second is each machine's own setting.
func TestNoMachinePaths(t *testing.T) {
	// In pieces, so that this file doesn't hold what it looks for.
	var named [][]byte
	for _, word := range []string{
		"/work" + "/main", "/work" + "/shared", "/work" + "/steering", "/work" + "/farm", "/work" + "/.library", "/farm" + "/", "/root" + "/", "/tmp" + "/plan",
		"registry.npm" + "js", "registry.yarn" + "pkg", "proxy.gola" + "ng", "sum.gola" + "ng", "deb.debi" + "an",
	} {
		named = append(named, []byte(word))
	}
	artefact := []string{".test", ".out", ".prof", ".log"} // as .gitignore has them
	err := walk(func(name string) {
		if name == ".git" || slices.Contains(artefact, path.Ext(name)) { // a work tree has a file of that name
			return
		}
		b, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Error(err)
			return
		}
		if bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
			return // not text
		}
		for _, word := range named {
			if i := bytes.Index(b, word); i >= 0 {
				t.Errorf("%s:%d: names %s", name, 1+bytes.Count(b[:i], []byte("\n")), word)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
