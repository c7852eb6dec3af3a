package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func TestWrongConfigurationFiles(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ":1:1: unexpected end of JSON input"},
		{"{\n  \"port\": 5280\n", ":3:1: unexpected end of JSON input"},
		{"[]", "want an object"},
		{"{\n  // a comment\n}", ":2:3: invalid character '/'"},
		{"{\n  // a comment\n}", "JSON has no comments"},
		{"{\n  port: 5280\n}", ":2:3: invalid character 'p'"},
		{"{port: 5280}", "stand in double quotes"},
		{"{'port': 5280}", "double quotes"},
		{`{"port": 5280,}`, "no comma behind the last one"},
		{"{\"port\": 5280\n \"host\": \"::\"}", ":2:2: invalid character '\"'"},
		{"{\"port\": 5280\n \"host\": \"::\"}", "a comma is missing"},
		{"{\n \"max_data_hold\": 1\n}", `:2:2: there is no setting "max_data_hold": is "max_data_held" meant?`},
		{`{"nonsense": 1}`, `:1:2: there is no setting "nonsense": --help lists them`},
		{`{"version": true}`, `"version" is for the command line alone`},
		{"{\"port\": 1,\n \"port\": 2}", `:2:2: "port" is there twice: the first is at `},
		{"{\"max_wait\": 1,\n \"max-wait\": 2}", `"max-wait" is there twice`},
		{`{"port": "5280"}`, `:1:10: port is "5280": want a whole number, without quotes`},
		{`{"port": 1.5}`, "want a whole number"},
		{`{"port": null}`, "want a whole number"},
		{`{"path": null}`, "want a string"},
		{`{"path": 5}`, "want a string in double quotes"},
		{`{"demo": "true"}`, "want true or false"},
		{`{"backend": 5}`, "want a list of strings"},
		{`{"backend": [null]}`, "want a list of strings"},
		{`{"backend": true}`, "want a list of strings"},
		{`{"http_headers": ["a"]}`, "a field is NAME: VALUE"},
		{`{"http_headers": 5}`, "want an object"},
		{"{\"http_headers\": {\"X-Node\":\n 5}}", `:2:2: "X-Node" is 5: want a string`},
		{`{"http_headers": {"Content-Length": "5"}}`, ":1:2: --http-headers=Content-Length: 5: the server sets Content-Length itself"},
		{`{"firewall": ["a.example"]}`, "want an object like"},
		{`{"firewall": {"alow": []}}`, `firewall has allow and deny, not "alow"`},
		{`{"firewall": {"allow": []}}`, "leave it out to permit all"},
		{`{"firewall": {"deny": ["a.example"]}, "firewall_deny": ["b.example"]}`, "both say it"},
		{`{"firewall_deny": ["b.example"], "firewall": {"deny": ["a.example"]}}`, "both say it"},
		{"{\n\n\"max_data_held\": 0}", ":3:1: --max-data-held=0: from 1024"},
		{"{\n\n\"tls_port\": 1}", ":3:1: --tls-port needs a certificate"},
		{`{"logging": "LOUD"}`, ":1:2: --logging=LOUD: one of ALL"},
	} {
		name := writeConfig(t, c.text)
		s, err := parse(t, "--config="+name)
		if err == nil {
			_, err = s.proxyConfig(nil)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.text, err, c.want)
		} else if !strings.HasPrefix(err.Error(), name+":") {
			t.Errorf("%s: error %v names no place", c.text, err)
		}
	}
	if _, err := parse(t, "--config=/nowhere/bosh.json"); err == nil || !strings.Contains(err.Error(), "/nowhere/bosh.json") {
		t.Error(err)
	}
}

func TestWrongEnvironment(t *testing.T) {
	for _, c := range []struct{ variable, want string }{
		{"BOSH_MAX_DATA_HOLD=1", `environment BOSH_MAX_DATA_HOLD: there is no setting "max_data_hold": is "max_data_held" meant?`},
		{"BOSH_NONSENSE=1", "environment BOSH_NONSENSE: there is no setting"},
		{"BOSH_port=1", "write it in capitals: BOSH_PORT"},
		{"BOSH_PORT=", "want a whole number"},
		{"BOSH_PORT=x", "environment BOSH_PORT: port is \"x\": want a whole number"},
		{"BOSH_PORT=70000", "environment BOSH_PORT: --port=70000: a port is"},
		{"BOSH_DEMO=yes", "want true or false"},
		{"BOSH_FIREWALL=a.example", "want an object"},
		{"BOSH_CHECK_CONFIG=true", "for the command line alone"},
	} {
		if _, err := parseSettings(nil, []string{c.variable}, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.variable, err, c.want)
		}
	}
}

func TestWrongCommandLines(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--max-data-hold=1"}, "is --max-data-held meant?"},
		{[]string{"--prot=1"}, "is --port meant?"},
		{[]string{"--nonsense"}, "--help lists them"},
		{[]string{"--firewall=x"}, "command line: firewall is x: want an object"},
		{[]string{`--firewall={"deny":["a.example"]}`, "--firewall-deny=b.example"}, "both say it"},
		{[]string{"--http-headers=X-Node"}, "a field is NAME: VALUE"},
		{[]string{"--http-headers=X-Node: a\r\nb"}, "no line ends"},
		{[]string{"--http-socket-keepalive=-1"}, "from 0 to"},
		{[]string{"--http-idle-timeout=0"}, "from 1 to"},
		{[]string{"--http-head-timeout=0"}, "from 1 to"},
		{[]string{"--http-body-timeout=0"}, "from 1 to"},
		{[]string{"--drain-timeout=-1"}, "from 0 to"},
		{[]string{"--log-format=xml"}, "one of text, json"},
		{[]string{"--access-log=-1"}, "from 0 (none) to"},
		{[]string{"--access-log=1", "--logging=WARN"}, "leave one out"},
		{[]string{"--trim-default-length=-2"}, "from -1"},
	} {
		if _, err := parse(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.args, err, c.want)
		}
	}
}

// All that is wrong is told at once.
func TestCheckConfig(t *testing.T) {
	var out, errs bytes.Buffer
	good := writeConfig(t, nodeXMPPBosh)
	if code := run([]string{"--check-config", "--config=" + good}, &out, &errs); code != exitOK || errs.Len() > 0 {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	bad := writeConfig(t, "{\n\"prot\": 1,\n\"backend\": 5,\n\"demo\": 1}")
	if code := run([]string{"--check-config", "--config=" + bad}, &out, &errs); code != exitSetting {
		t.Errorf("exit %d", code)
	}
	for i, want := range []string{":2:1: there is no setting", ":3:12: backend is 5", ":4:9: demo is 1"} {
		if lines := strings.Split(errs.String(), "\n"); len(lines) != 4 || !strings.HasPrefix(lines[i], "bosh-server: "+bad+want) {
			t.Errorf("line %d of\n%swants %s", i, errs.String(), want)
		}
	}
	errs.Reset()
	for _, args := range [][]string{{"--backend=nonsense"}, {"--tls-port=0", "--tls-cert=missing", "--tls-key=missing"}, {"--backend-ca=missing"}} {
		if code := run(append(args, "--check-config"), &out, &errs); code != exitSetting {
			t.Errorf("%q: exit %d", args, code)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"port", "prot", 1}, {"port", "sort", 1}, {"host", "hosts", 1}, {"abc", "xyz", 3}, {strings.Repeat("a", 99), "a", 64}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestLogFormats(t *testing.T) {
	var out bytes.Buffer
	newLogger(&out, levelTrace, formatJSON).Log(t.Context(), levelTrace, "a", "session", "b")
	if got := out.String(); !strings.Contains(got, `"level":"TRACE","msg":"a","session":"b"}`) {
		t.Error(got)
	}
}
