package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"go-xmpp-bosh/proxy"
)

var (
	//go:embed web strophe/strophe.min.js strophe/LICENSE.txt
	files embed.FS

	pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{"lower": strings.ToLower}).ParseFS(files, "web/page.html"))
)

// Options are what the page is told.
type Options struct {
	Domain    string // of the XMPP server
	BOSH      string // path of the BOSH endpoint
	WebSocket string // path for WebSockets
	Password  bool   // the server takes one password only, so the page has to ask for it
	Version   string // of the program
}

// Wait is how long the page asks the server to hold its requests, in seconds: so short that who watches sees one end.
func (Options) Wait() int { return 20 }

// base is where the page's files are; the page itself is at /.
const base = "/demo/"

// policy is strict: files of the page's own origin, requests and WebSockets to it, and nothing else.
const policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// contentTypes are those of the files, by the ends of their names.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
}

// Files are the page and what it consists of.
func Files(o Options) []proxy.File {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, o); err != nil {
		panic(fmt.Sprintf("page: %v", err))
	}
	list := []proxy.File{{Path: "/", ContentType: "text/html; charset=utf-8", Content: b.Bytes(), Policy: policy}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "web/page.html" {
			return err
		}
		content, err := files.ReadFile(name)
		contentType := contentTypes[path.Ext(name)]
		if contentType == "" {
			return fmt.Errorf("nobody knows the content type of %s", name)
		}
		list = append(list, proxy.File{Path: base + urlOf(name), ContentType: contentType, Content: content, Policy: policy})
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("page: %v", err))
	}
	return list
}

// urlOf is where a file is, from base on: those of web/ are at its top.
func urlOf(name string) string {
	dir, file := path.Split(name)
	if dir == "web/" {
		return file
	}
	return name
}
