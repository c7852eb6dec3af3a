package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"
)

const usageHead = `Usage: bosh-server [flags]
       bosh-server doctor DOMAIN [flags]   tells what a client of the domain would get, and what to do (doctor --help)

An XMPP connection manager: BOSH (XEP-0124, XEP-0206) and WebSocket (RFC 7395) in front of any XMPP server.

Settings come from --config=FILE (JSON), then from the environment (BOSH_MAX_DATA_HELD), then from the command line; a
later one wins. --max-data-held and --max_data_held are the same. A flag that may be repeated replaces, as a list, what an
earlier source said. docs/configuration.md says more of each.
`

// usage writes --help.
func usage(w io.Writer, f *pflag.FlagSet) {
	fmt.Fprint(w, usageHead)
	for _, g := range groups() {
		section := pflag.NewFlagSet("", pflag.ContinueOnError)
		section.SortFlags = false
		for _, flag := range grouped(f, g) {
			section.AddFlag(flag)
		}
		if text := section.FlagUsagesWrapped(100); text != "" {
			fmt.Fprintf(w, "\n%s:\n%s", g, text)
		}
	}
	fmt.Fprintf(w, "\nOf bosh-server doctor:\n%s", doctorFlags())
}

// printConfig writes what is in force and where each value came from.
func (s *settings) printConfig(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, g := range groups() {
		for _, flag := range grouped(s.flags, g) {
			if g == groupCommand || flag.Name == "firewall" { // its two parts are there
				continue
			}
			value, from := s.inForce(flag)
			fmt.Fprintf(table, "%s\t%s\t%s\n", spelled(flag.Name), value, from)
		}
	}
	return table.Flush()
}

// inForce is a flag's value, and where it comes from.
func (s *settings) inForce(flag *pflag.Flag) (value, from string) {
	value, from = s.shown(flag), s.from[flag.Name].String()
	switch {
	case flag.Name == "host" && s.demo && !s.hostGiven:
		return `["127.0.0.1","::1"]`, "default with --demo"
	case flag.Name == "max-memory":
		return value, s.memoryFrom()
	}
	return value, from
}

// memoryFrom says where --max-memory has its value from.
func (s *settings) memoryFrom() string {
	o := s.from["max-memory"]
	switch {
	case o.source != sourceDefault:
		return o.String()
	case s.admit.machineFrom == "":
		return "default: what there is can't be known"
	}
	return "default: three quarters of what " + s.admit.machineFrom + " has"
}

// shown is a flag's value as the configuration file would have it, without secrets.
func (s *settings) shown(flag *pflag.Flag) string {
	text := flag.Value.String()
	switch {
	case notes[flag.Name].mask && text != "":
		return "(set, not shown)"
	case flag.Value.Type() == "int", flag.Value.Type() == "bool":
		return text
	}
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		if len(list.GetSlice()) == 0 {
			return "[]"
		}
		return plain(list.GetSlice())
	}
	return plain(text)
}

// plain is JSON that people read.
func plain(v any) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(quoted(v)))
}
