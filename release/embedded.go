package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// scriptHead is the first line of a script of others that a package of ours embeds: /*! strophe.js 5.0.0, MIT licence: LICENSE.txt */
var scriptHead = regexp.MustCompile(`^/\*! ([a-z0-9@/._-]+) v?(\d[A-Za-z0-9.+-]*)[, ]`)

// embedded lists the scripts of others in our packages. They say in their first line what they are, and their licence lies beside them.
func (o *order) embedded(arch string) (list []component, err error) {
	const format = "{{with .Module}}{{if .Main}}{{range $.EmbedFiles}}{{$.Dir}}/{{.}}\n{{end}}{{end}}{{end}}"
	out, err := outputOf(o.goCommand(arch, "list", "-deps", "-f", format, "./cmd/"+binaryName))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(out) {
		file := strings.TrimSpace(line)
		if filepath.Ext(file) != ".js" {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		m := scriptHead.FindSubmatch(content[:min(len(content), 200)])
		if m == nil {
			// A script of ours is for people to read.
			if longest(content) > 1000 {
				return nil, fmt.Errorf("%s looks like a script of others, and does not begin with /*! NAME VERSION, …", file)
			}
			continue
		}
		c := component{name: string(m[1]), npm: true, version: string(m[2])}
		dir := filepath.Dir(file)
		if err := c.read(dir, []string{dir}); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// longest is the length of the longest line.
func longest(content []byte) (n int) {
	for line := range bytes.Lines(content) {
		n = max(n, len(line))
	}
	return n
}
