package proxy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"go-xmpp-bosh/httpparse"
)

// File is served to who asks for its path with GET or HEAD: from memory, compressed to who accepts it, and not again to who has it
// (If-None-Match). Other origins' pages may not read it. A path that is the BOSH endpoint's too, as every path is with Config.Path "/",
// is the file's as long as there is no query, since a GET with one may be a BOSH request.
type File struct {
	Path        string // as in a URL, from its first slash
	ContentType string
	Content     []byte // borrowed for as long as the server lives
	Policy      string // Content-Security-Policy; "": none
}

// fileTable is Config.Files by path, made ready. The zero value has none.
type fileTable map[string]*file

// file is a File as it goes out: plain, and packed where that is worth it.
type file struct {
	plain, packed variant
}

// variant is one coding of a file. The zero value is none.
type variant struct {
	etag       string // with its quotes (RFC 9110 §8.8.3)
	head       *httpparse.Head
	unmodified *httpparse.Head
	content    []byte
}

// newFiles renders them once. The operator's header fields are in all heads.
func newFiles(list []File, extra []Header) (fileTable, error) {
	all := fileTable{}
	for _, f := range list {
		if !strings.HasPrefix(f.Path, "/") {
			return nil, fmt.Errorf("a file at %q: its path must start with a slash", f.Path)
		}
		if all[f.Path] != nil {
			return nil, fmt.Errorf("two files at %q", f.Path)
		}
		if f.ContentType == "" {
			return nil, errors.New("a file without a content type")
		}
		all[f.Path] = newFile(f, extra)
	}
	return all, nil
}

func newFile(f File, extra []Header) *file {
	sum := sha256.Sum256(f.Content)
	tag := hex.EncodeToString(sum[:12])
	var p packer
	packed := p.pack(f.Content)
	worth := len(f.Content) >= gzipBytesMin && len(packed) < len(f.Content)
	more := []string{"Cache-Control", "no-cache", "X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer"} // no-cache: asked about each time (RFC 9111 §5.2.2.4)
	if f.Policy != "" {
		more = append(more, "Content-Security-Policy", f.Policy)
	}
	if worth {
		more = append(more, "Vary", "Accept-Encoding")
	}
	h := heads{extra: extra}
	render := func(etag string, content []byte, coding ...string) variant {
		fields := append(append(more[:len(more):len(more)], "ETag", etag), coding...)
		return variant{etag, h.render(httpparse.StatusOK, f.ContentType, fields...), h.render(httpparse.StatusNotModified, f.ContentType, fields...), content}
	}
	made := &file{plain: render(`"`+tag+`"`, f.Content)}
	if worth {
		made.packed = render(`"`+tag+`-gzip"`, packed, "Content-Encoding", "gzip") // another tag: it is another representation (RFC 9110 §8.8.3.3)
	}
	return made
}

// serveFile answers a GET or HEAD of a file, and reports whether there is one.
func (c *client) serveFile(i int, r *httpparse.Request, path []byte) bool {
	s := c.srv
	f := s.files[string(path)]
	if f == nil || len(r.Query) > 0 && s.routes.isBosh(path) {
		return false
	}
	e := &c.queue[i]
	v := &f.plain
	if e.form&formGzip != 0 && f.packed.head != nil {
		v = &f.packed
	}
	if has, ok := r.Header("If-None-Match"); ok && hasTag(has, v.etag) {
		e.headOnly = true // the length it has is the content's all the same (RFC 9110 §8.6)
		c.respond(i, v.unmodified, v.content)
		return true
	}
	c.respond(i, v.head, v.content)
	return true
}

// hasTag reports whether an If-None-Match names the tag, by the weak comparison (RFC 9110 §13.1.2).
func hasTag(list []byte, etag string) bool {
	for member := range bytes.SplitSeq(list, []byte(",")) {
		member = bytes.TrimPrefix(bytes.TrimSpace(member), []byte("W/"))
		if string(member) == "*" || string(member) == etag {
			return true
		}
	}
	return false
}
