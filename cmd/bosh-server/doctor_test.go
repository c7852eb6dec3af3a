package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// demoDoctor are settings with which doctor finds its domain in this process, and asks nobody else.
var demoDoctor = []string{"doctor", "localhost", "--demo", "--dns=127.0.0.1:9"}

func TestDoctor(t *testing.T) {
	denied := writeConfig(t, `{"demo": true, "firewall": {"deny": ["localhost"]}}`)
	for _, test := range []struct {
		name string
		args []string
		code int
		out  string
		errs string
	}{
		{"good", demoDoctor, exitOK, "A client gets a session", ""},
		{"flags before the domain", []string{"doctor", "--demo", "--timeout=5", "localhost"}, exitOK, "Nothing is wrong", ""},
		{"a configuration file", []string{"doctor", "localhost", "--config=" + denied}, exitFailed, "--firewall-deny names", ""},
		{"no domain", []string{"doctor"}, exitSetting, "", "wants one domain"},
		{"two domains", []string{"doctor", "a.example", "b.example"}, exitSetting, "", "wants one domain"},
		{"not a domain", []string{"doctor", "a b"}, exitSetting, "", `"a b": want a domain`},
		{"no time", append([]string{"doctor", "--timeout=0"}, demoDoctor[1:]...), exitSetting, "", "--timeout=0: from 1 to 300"},
		{"a wrong flag", []string{"doctor", "localhost", "--jsn"}, exitSetting, "", "is --json meant?"},
		{"a wrong setting", []string{"doctor", "localhost", "--backend=nonsense"}, exitSetting, "", "want DOMAIN=HOST:PORT"},
		{"another command", []string{"doctor", "localhost", "--check-config"}, exitSetting, "", "does nothing else"},
		{"help", []string{"doctor", "--help"}, exitOK, "It ends with 0", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(test.args, &out, &errs); code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
			if !strings.Contains(out.String(), test.out) || !strings.Contains(errs.String(), test.errs) || test.errs == "" && errs.Len() > 0 {
				t.Errorf("output\n%s\n%s", out.String(), errs.String())
			}
		})
	}
}

// A route that the server would refuse is refused to doctor, too.
func TestDoctorRoute(t *testing.T) {
	var out, errs bytes.Buffer
	code := run(append(demoDoctor, "--route=xmpp:127.0.0.2:5333"), &out, &errs)
	if code != exitFailed || !strings.Contains(out.String(), "--allow-private-backends=127.0.0.2/32") {
		t.Errorf("exit %d\n%s", code, out.String())
	}
}

func TestDoctorJSON(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(append(demoDoctor, "--json"), &out, &errs); code != exitOK {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	var report struct{ Domain, Verdict string }
	if err := json.Unmarshal(out.Bytes(), &report); err != nil || report.Domain != "localhost" || report.Verdict != "session" {
		t.Errorf("%v: %s", err, out.String())
	}
}

// The settings come from the environment too, as the server's do; doctor's own don't.
func TestDoctorEnvironment(t *testing.T) {
	t.Setenv("BOSH_FIREWALL_DENY", "localhost")
	var out, errs bytes.Buffer
	if code := run(demoDoctor, &out, &errs); code != exitFailed || !strings.Contains(out.String(), "--firewall-deny names") {
		t.Errorf("exit %d\n%s", code, out.String())
	}
	os.Unsetenv("BOSH_FIREWALL_DENY")
	t.Setenv("BOSH_JSON", "true")
	if code := run(demoDoctor, &out, &errs); code != exitSetting || !strings.Contains(errs.String(), "command line alone") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}
