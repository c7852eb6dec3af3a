package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// writeConfig makes a configuration file.
func writeConfig(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "bosh.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// node-xmpp-bosh's parameters, in the shapes that its configuration had, with other values than the defaults.
const nodeXMPPBosh = `{
  "path": "/bosh/",
  "port": 5290,
  "host": "127.0.0.1",
  "logging": "DEBUG",
  "max_data_held": 200000,
  "max_xmpp_stanza_size": 600000,
  "max_bosh_connections": 3,
  "window_size": 5,
  "default_inactivity": 71,
  "max_inactivity": 161,
  "http_headers": {"X-Node": "a", "Set-Cookie": "node=a; Path=/"},
  "http_socket_keepalive": 61,
  "max_streams_per_session": 9,
  "no_tls_domains": ["a.example", "b.example"],
  "firewall": {"allow": ["*.example", "/^c[.]/"], "deny": ["d.example"]},
  "route_filter": "/^xmpp:/",
  "pidgin_compatible": true,
  "trim_default_length": -1,
  "system_info_password": "secret",
  "websocket_ping_interval": 31
}`

// valuesOfAll are the flags that nodeXMPPBosh sets, as pflag prints them.
var valuesOfAll = map[string]string{
	"path": "/bosh/", "port": "5290", "host": "127.0.0.1", "logging": "DEBUG", "max-data-held": "200000", "max-xmpp-stanza-size": "600000",
	"max-bosh-connections": "3", "window-size": "5", "default-inactivity": "71", "max-inactivity": "161",
	"http-headers": `["X-Node: a","Set-Cookie: node=a; Path=/"]`, "http-socket-keepalive": "61", "max-streams-per-session": "9",
	"no-tls-domains": "[a.example,b.example]", "firewall-allow": "[*.example,/^c[.]/]", "firewall-deny": "[d.example]",
	"route-filter": "/^xmpp:/", "pidgin-compatible": "true", "trim-default-length": "-1", "system-info-password": "secret", "websocket-ping-interval": "31",
}

func wantAll(t *testing.T, s *settings, from source) {
	t.Helper()
	plain := func(text string) string { return strings.NewReplacer(`"`, "", ", ", ",").Replace(text) }
	for name, want := range valuesOfAll {
		if got := s.flags.Lookup(name).Value.String(); plain(got) != plain(want) {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
		if got := s.from[name].source; got != from {
			t.Errorf("%s comes from the %s, want the %s", name, got, from)
		}
	}
	if _, err := s.proxyConfig(nil); err != nil {
		t.Error(err)
	}
}

func TestConfigurationFile(t *testing.T) {
	for _, text := range []string{nodeXMPPBosh, strings.ReplaceAll(nodeXMPPBosh, "default_inactivity", "default-inactivity")} {
		s, err := parse(t, "--config="+writeConfig(t, text))
		if err != nil {
			t.Fatal(err)
		}
		wantAll(t, s, sourceFile)
	}
}

func TestEnvironment(t *testing.T) {
	s, err := parseSettings(nil, []string{
		"BOSH_PATH=/bosh/", "BOSH_PORT=5290", "BOSH_HOST=127.0.0.1", "BOSH_LOGGING=DEBUG", "BOSH_MAX_DATA_HELD=200000", "BOSH_MAX_XMPP_STANZA_SIZE=600000",
		"BOSH_MAX_BOSH_CONNECTIONS=3", "BOSH_WINDOW_SIZE=5", "BOSH_DEFAULT_INACTIVITY=71", "BOSH_MAX_INACTIVITY=161",
		`BOSH_HTTP_HEADERS={"X-Node": "a", "Set-Cookie": "node=a; Path=/"}`, "BOSH_HTTP_SOCKET_KEEPALIVE=61", "BOSH_MAX_STREAMS_PER_SESSION=9",
		"BOSH_NO_TLS_DOMAINS=a.example\nb.example\n", `BOSH_FIREWALL={"allow": ["*.example", "/^c[.]/"], "deny": ["d.example"]}`, "BOSH_ROUTE_FILTER=/^xmpp:/",
		"BOSH_PIDGIN_COMPATIBLE=true", "BOSH_TRIM_DEFAULT_LENGTH=-1", "BOSH_SYSTEM_INFO_PASSWORD=secret", "BOSH_WEBSOCKET_PING_INTERVAL=31",
		"HOME=/", "BOSH_SERVER_PORT=tcp://10.0.0.1:5280", "BOSH_SERVICE_HOST=10.0.0.1", "BOSH_PORT_5280_TCP_ADDR=10.0.0.1",
	}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	wantAll(t, s, sourceEnvironment)
}

func TestCommandLine(t *testing.T) {
	args := []string{`--firewall={"allow": ["*.example", "/^c[.]/"], "deny": ["d.example"]}`}
	for name, value := range valuesOfAll {
		switch name {
		case "firewall-allow", "firewall-deny":
		case "http-headers":
			args = append(args, "--http_headers=X-Node: a", "--http-headers=Set-Cookie: node=a; Path=/")
		case "no-tls-domains":
			args = append(args, "--no_tls_domains=a.example", "--no-tls-domains=b.example")
		case "pidgin-compatible":
			args = append(args, "--pidgin_compatible")
		default:
			args = append(args, "--"+spelled(name), value)
		}
	}
	s, err := parse(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	wantAll(t, s, sourceCommandLine)
}

// Kubernetes tells a container the address of a service called bosh.
func TestServiceVariables(t *testing.T) {
	s, err := parseSettings(nil, []string{"BOSH_PORT=tcp://10.0.0.1:5280", "BOSH_SERVICE_PORT_HTTP=5280"}, io.Discard)
	if err != nil || s.port != 5280 || s.from["port"].source != sourceDefault {
		t.Errorf("%v, %v", s, err)
	}
}

func TestPrecedence(t *testing.T) {
	file := writeConfig(t, `{"port": 1, "max_wait": 11, "no_tls_domains": ["file.example"], "firewall": {"allow": ["file.example"], "deny": ["x.example"]}, "polling": 4}`)
	s, err := parseSettings([]string{"--port=3", "--no-tls-domains=command.example"},
		[]string{"BOSH_PORT=2", "BOSH_MAX_WAIT=12", "BOSH_NO_TLS_DOMAINS=environment.example", "BOSH_FIREWALL_ALLOW=environment.example", "BOSH_CONFIG=" + file}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"port": "3 command line", "max-wait": "12 environment BOSH_MAX_WAIT", "no-tls-domains": "[command.example] command line",
		"firewall-allow": "[environment.example] environment BOSH_FIREWALL_ALLOW", "firewall-deny": "[x.example] " + file + ":1:", "polling": "4 " + file + ":1:",
		"window-size": "2 default",
	} {
		if got := fmt.Sprintf("%s %s", s.flags.Lookup(name).Value, s.from[name]); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Every flag can be set by every source, to its default at least, and says so afterwards.
func TestEachFlagFromEachSource(t *testing.T) {
	new(settings).define(io.Discard).VisitAll(func(flag *pflag.Flag) {
		if onlyCommand[flag.Name] || flag.Name == "config" || flag.Name == "firewall" {
			return
		}
		text, value := flag.DefValue, `"`+flag.DefValue+`"`
		switch flag.Value.Type() {
		case "int", "bool":
			value = flag.DefValue
		case "stringArray":
			text, value = "", "[]"
		}
		if flag.Name == "demo-password" || strings.HasPrefix(flag.Name, "tls-") {
			return // contradict what is not given: see TestSecureSettingsSayWhatToDo
		}
		for from, in := range map[source]struct{ args, environ []string }{
			sourceFile:        {[]string{"--config=" + writeConfig(t, fmt.Sprintf("{%q: %s}", spelled(flag.Name), value))}, nil},
			sourceEnvironment: {nil, []string{environmentName(flag.Name) + "=" + text}},
		} {
			s, err := parseSettings(in.args, in.environ, io.Discard)
			if err != nil {
				t.Errorf("%s from the %s: %v", flag.Name, from, err)
				continue
			}
			if got := s.from[flag.Name].source; got != from {
				t.Errorf("%s: from the %s, want the %s", flag.Name, got, from)
			}
		}
	})
}

func TestPrintConfig(t *testing.T) {
	t.Setenv("BOSH_MAX_WAIT", "20")
	file := writeConfig(t, "{\n  \"port\": 5281,\n  \"system_info_password\": \"hunter2\"\n}")
	var out, errs bytes.Buffer
	if code := run([]string{"--print-config", "--config=" + file, "--demo", "--backend=a.example=127.0.0.1:5222"}, &out, &errs); code != exitOK {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	for _, want := range []string{
		"port 5281 " + file + ":2:3", "max_wait 20 environment BOSH_MAX_WAIT", `backend ["a.example=127.0.0.1:5222"] command line`, "polling 2 default",
		"system_info_password (set, not shown) " + file + ":3:3", `host ["127.0.0.1","::1"] default with --demo`, `path "/http-bind/" default`,
	} {
		found := false
		for line := range strings.Lines(out.String()) {
			found = found || strings.Join(strings.Fields(line), " ") == want
		}
		if !found {
			t.Errorf("no line %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "hunter2") {
		t.Error("a secret was printed")
	}
}
