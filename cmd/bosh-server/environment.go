package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// environmentPrefix begins the names of environment variables that are settings: BOSH_MAX_DATA_HELD.
const environmentPrefix = "BOSH_"

// notOurs are variables with that prefix that others set: Kubernetes names its services to every container, and a service may be
// called bosh or bosh-server. BOSH_SERVER… is what this project's own tests use, too.
var notOurs = regexp.MustCompile(`^BOSH_(SERVER|SERVER_.*|SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.*)?)$`)

// isService reports whether a variable is a Kubernetes service's.
func isService(name, value string) bool {
	return notOurs.MatchString(name) || name == "BOSH_PORT" && strings.Contains(value, "://")
}

// readEnvironment takes the settings that the command line leaves open.
func (s *settings) readEnvironment(f *pflag.FlagSet, environ []string) error {
	var errs []error
	for _, variable := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, environmentPrefix) || isService(name, value) {
			continue
		}
		from := origin{sourceEnvironment, name}
		short := strings.TrimPrefix(name, environmentPrefix)
		flag, err := settingOf(f, strings.ToLower(short))
		if err == nil && short != strings.ToUpper(short) {
			err = fmt.Errorf("write it in capitals: %s", environmentName(flag.Name))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", from, err))
			continue
		}
		errs = append(errs, s.take(f, flag, given{value: fromText(flag, value), from: from}))
	}
	return errors.Join(errs...)
}

// environmentName is the variable of a flag.
func environmentName(flag string) string { return environmentPrefix + strings.ToUpper(spelled(flag)) }

// fromText is a variable's text in JSON. What may be repeated is there as JSON, or one a line.
func fromText(flag *pflag.Flag, text string) []byte {
	trimmed := strings.TrimSpace(text)
	switch flag.Value.Type() {
	case "int", "bool":
		if json.Valid([]byte(trimmed)) {
			return []byte(trimmed)
		}
	case "stringArray":
		if strings.HasPrefix(trimmed, "[") || strings.HasPrefix(trimmed, "{") || trimmed == "true" || trimmed == "false" {
			if json.Valid([]byte(trimmed)) && (flag.NoOptDefVal != "" || trimmed[0] != 't' && trimmed[0] != 'f') {
				return []byte(trimmed)
			}
		}
		list := []string{}
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				list = append(list, line)
			}
		}
		return quoted(list)
	case typeJSON:
		if trimmed != "" {
			return []byte(trimmed)
		}
	}
	return quoted(text)
}

func quoted(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // strings and lists of them always have a form
		panic(err)
	}
	return b
}
