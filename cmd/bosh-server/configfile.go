package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"
)

// configBytesMax bounds a configuration file: a larger one is another file by mistake.
const configBytesMax = 1 << 20

// document is a configuration file's text. It knows lines and columns.
type document struct {
	name string
	text []byte
}

// at is a place in the file, as editors and compilers write it.
func (d *document) at(offset int) string {
	before := d.text[:min(max(offset, 0), len(d.text))]
	return fmt.Sprintf("%s:%d:%d", d.name, 1+bytes.Count(before, []byte{'\n'}), len(before)-bytes.LastIndexByte(before, '\n'))
}

// complain makes an error about a place.
func (d *document) complain(offset int, format string, args ...any) error {
	return fmt.Errorf("%s: "+format, append([]any{d.at(offset)}, args...)...)
}

// member is a name of a JSON object, and what stands behind it.
type member struct {
	name    string
	at      int // of the name
	value   []byte
	valueAt int
}

// readDocument reads a file that holds one JSON object.
func readDocument(name string) (*document, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	if info.Size() > configBytesMax {
		return nil, fmt.Errorf("--config=%s: more than %d bytes are no configuration", name, configBytesMax)
	}
	d := &document{name: name}
	if d.text, err = os.ReadFile(name); err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	var value any
	var syntax *json.SyntaxError
	if err := json.Unmarshal(d.text, &value); errors.As(err, &syntax) {
		at := int(syntax.Offset) - 1
		if strings.HasPrefix(syntax.Error(), "unexpected end") {
			at = len(d.text)
		}
		return nil, d.complain(at, "%w%s", err, syntaxHint(d.text, at))
	} else if err != nil {
		return nil, d.complain(0, "%w", err)
	}
	if _, ok := value.(map[string]any); !ok {
		return nil, d.complain(0, `want an object: {"port": 5280, "max_data_held": 100000}`)
	}
	return d, nil
}

// syntaxHint says what is usually meant by what is wrong there. node-xmpp-bosh's files were JavaScript.
func syntaxHint(text []byte, at int) string {
	if at < 0 || at >= len(text) {
		return ": something is missing behind it, a brace or a bracket perhaps"
	}
	before := bytes.TrimRight(text[:at], " \t\r\n")
	switch c := text[at]; {
	case c == '/' || c == '#':
		return ": JSON has no comments, and regular expressions stand in double quotes"
	case c == '\'':
		return ": strings stand in double quotes"
	case (c == '}' || c == ']') && bytes.HasSuffix(before, []byte{','}):
		return ": no comma behind the last one"
	case c == '"' && at > 0:
		return ": a comma is missing before it"
	case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_':
		return ": names and strings stand in double quotes"
	}
	return ""
}

// members are those of an object, which is valid JSON at an offset of the document, in their order.
func (d *document) members(object []byte, offset int) ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(object))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, d.complain(offset, "want an object in braces")
	}
	var list []member
	var errs []error
	seen := map[string]int{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, d.complain(offset, "%w", err)
		}
		m := member{name: token.(string)} // the grammar has nothing else here
		var raw json.RawMessage
		m.at = offset + bytes.LastIndexByte(object[:dec.InputOffset()-1], '"')
		if err := dec.Decode(&raw); err != nil {
			return nil, d.complain(m.at, "%w", err)
		}
		m.value, m.valueAt = raw, offset+int(dec.InputOffset())-len(raw)
		if first, twice := seen[normal(m.name)]; twice {
			errs = append(errs, d.complain(m.at, "%q is there twice: the first is at %s", m.name, d.at(first)))
			continue
		}
		seen[normal(m.name)] = m.at
		list = append(list, m)
	}
	return list, errors.Join(errs...)
}

// readFile takes the settings of the configuration file that the sources after it leave open.
func (s *settings) readFile(f *pflag.FlagSet, name string) error {
	d, err := readDocument(name)
	if err != nil {
		return err
	}
	list, err := d.members(d.text, 0)
	errs := []error{err}
	for _, m := range list {
		flag, err := settingOf(f, m.name)
		if err != nil {
			errs = append(errs, d.complain(m.at, "%w", err))
			continue
		}
		errs = append(errs, s.take(f, flag, given{
			value: m.value, doc: d, offset: m.valueAt, from: origin{sourceFile, d.at(m.at)},
		}))
	}
	return errors.Join(errs...)
}
