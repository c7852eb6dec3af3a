package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/pflag"
)

// given is a value that a source has for a setting, in JSON.
type given struct {
	value  []byte
	doc    *document // to complain about places in it
	offset int       // where the value is there
	from   origin
}

func (g *given) complain(format string, args ...any) error {
	if g.from.source == sourceFile {
		return g.doc.complain(g.offset, format, args...)
	}
	return fmt.Errorf("%s: "+format, append([]any{g.from}, args...)...)
}

// onlyCommand are the flags that say what this one command is to do.
var onlyCommand = map[string]bool{
	"version": true, "help": true, "print-config": true, "check-config": true, "healthcheck": true,
	"timeout": true, "json": true, "route": true,
} // the last three are doctor's

// settingOf is the flag of a setting outside the command line.
func settingOf(f *pflag.FlagSet, name string) (*pflag.Flag, error) {
	flag := f.Lookup(name)
	if flag != nil && !onlyCommand[flag.Name] {
		return flag, nil
	}
	if flag != nil {
		return nil, fmt.Errorf("%q is for the command line alone", name)
	}
	var known []string
	f.VisitAll(func(k *pflag.Flag) {
		if !onlyCommand[k.Name] {
			known = append(known, k.Name)
		}
	})
	if n := nearest(normal(name), known); n != "" {
		return nil, fmt.Errorf("there is no setting %q: is %q meant?", name, spelled(n))
	}
	return nil, fmt.Errorf("there is no setting %q: --help lists them", name)
}

// take gives a setting its value, unless a source that goes before has given one.
func (s *settings) take(f *pflag.FlagSet, flag *pflag.Flag, g given) error {
	if flag.Name == "firewall" {
		return s.takeFirewall(f, g)
	}
	if name, ok := s.within(flag.Name, g.from.source); ok {
		return g.complain("%s and %s both say it: leave one out", spelled(flag.Name), spelled(name))
	}
	if s.from[flag.Name].source > g.from.source {
		_, err := valuesOf(flag, g) // wrong values are told of nevertheless
		return err
	}
	values, err := valuesOf(flag, g)
	if err != nil {
		return err
	}
	s.from[flag.Name] = g.from
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		flag.Changed = true
		return list.Replace(values)
	}
	if err := f.Set(flag.Name, values[0]); err != nil {
		return g.complain("%w", err)
	}
	return nil
}

// valuesOf reads a value as its flag wants it; a list of one, but for flags that may be repeated.
func valuesOf(flag *pflag.Flag, g given) ([]string, error) {
	name := spelled(flag.Name)
	switch flag.Value.Type() {
	case "int":
		var n int
		if json.Unmarshal(g.value, &n) != nil || string(g.value) == "null" {
			return nil, g.complain("%s is %s: want a whole number, without quotes", name, short(g.value))
		}
		return []string{fmt.Sprint(n)}, nil
	case "bool":
		if text := string(g.value); text == "true" || text == "false" {
			return []string{text}, nil
		}
		return nil, g.complain("%s is %s: want true or false, without quotes", name, short(g.value))
	case "stringArray":
		return listOf(flag, g)
	}
	var text string
	if g.value[0] != '"' || json.Unmarshal(g.value, &text) != nil {
		return nil, g.complain("%s is %s: want a string in double quotes", name, short(g.value))
	}
	return []string{text}, nil
}

// listOf reads a value of a flag that may be repeated: a list, or one string; for http_headers an object too; and for a flag that
// may stand without a value, true and false.
func listOf(flag *pflag.Flag, g given) ([]string, error) {
	var text string
	var list []string
	switch c := g.value[0]; {
	case c == '"' && json.Unmarshal(g.value, &text) == nil:
		return []string{text}, nil
	case c == '[' && json.Unmarshal(g.value, &list) == nil && !bytes.Contains(g.value, []byte("null")):
		return list, nil
	case c == 't' && flag.NoOptDefVal != "":
		return []string{flag.NoOptDefVal}, nil
	case c == 'f' && flag.NoOptDefVal != "":
		return nil, nil
	case c == '{' && flag.Name == "http-headers":
		return headersOf(g)
	case flag.Name == "http-headers":
		return nil, g.complain(`http_headers is %s: want an object like {"X-Node": "a"}`, short(g.value))
	}
	return nil, g.complain(`%s is %s: want a list of strings like ["a", "b"], or one string`, spelled(flag.Name), short(g.value))
}

// headersOf reads http_headers as node-xmpp-bosh had it.
func headersOf(g given) ([]string, error) {
	members, err := g.members()
	errs := []error{err}
	var list []string
	for _, m := range members {
		var text string
		if m.value[0] != '"' || json.Unmarshal(m.value, &text) != nil {
			errs = append(errs, g.at(m).complain("%q is %s: want a string in double quotes", m.name, short(m.value)))
			continue
		}
		list = append(list, m.name+": "+text)
	}
	return list, errors.Join(errs...)
}

// members are those of a value that is an object.
func (g *given) members() ([]member, error) {
	d, offset := g.doc, g.offset
	if d == nil {
		d, offset = &document{name: g.from.String(), text: g.value}, 0
	}
	return d.members(g.value, offset)
}

// at is a member of an object as a value of its own.
func (g *given) at(m member) *given {
	return &given{value: m.value, doc: g.doc, offset: m.valueAt, from: g.from}
}

// takeFirewall takes node-xmpp-bosh's object {"allow": […], "deny": […]}, which stands for two flags.
func (s *settings) takeFirewall(f *pflag.FlagSet, g given) error {
	if !json.Valid(g.value) || g.value[0] != '{' {
		return g.complain(`firewall is %s: want an object like {"allow": ["example.org"], "deny": []}`, short(g.value))
	}
	members, err := g.members()
	errs := []error{err}
	for _, m := range members {
		inner := g.at(m)
		if m.name != "allow" && m.name != "deny" {
			errs = append(errs, inner.complain("firewall has allow and deny, not %q", m.name))
			continue
		}
		flag := f.Lookup("firewall-" + m.name)
		values, err := valuesOf(flag, *inner)
		if err == nil && m.name == "allow" && len(values) == 0 {
			// With node-xmpp-bosh nobody could reach anything then; who wrote it may have meant either.
			err = inner.complain("the list of firewall.allow is empty, so nobody could reach any domain: leave it out to permit all, or name some")
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		errs = append(errs, s.take(f, flag, *inner))
		s.paired[pair{flag.Name, g.from.source}] = "firewall"
	}
	return errors.Join(errs...)
}

// pair names a flag in a source.
type pair struct {
	flag   string
	source source
}

// within is the other setting of the same source that has already said what this flag says.
func (s *settings) within(flag string, from source) (string, bool) {
	if s.from[flag].source != from {
		return "", false
	}
	if name, ok := s.paired[pair{flag, from}]; ok {
		return name, true
	}
	return "firewall", true // a source names each flag once, so the object comes second
}

// short is a JSON value for a complaint.
func short(value []byte) string {
	const enough = 40
	if len(value) > enough {
		return string(value[:enough]) + "…"
	}
	return string(value)
}
