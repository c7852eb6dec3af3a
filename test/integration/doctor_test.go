//go:build integration && linux

package integration

import (
	"encoding/json"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// examination is what bosh-server doctor --json says.
type examination struct {
	Verdict, Condition string
	Problems           []struct{ Text string }
	Targets            []struct {
		Addresses []struct {
			TLS *struct {
				Direct      bool
				Version     string
				Certificate struct {
					Valid bool
					Why   string
				}
			}
			Stream struct {
				Inside *struct{ Mechanisms []string } `json:"inside_tls"`
				Sees   *struct{ Mechanisms []string } `json:"client_sees"`
			}
		}
	}
}

// examine runs bosh-server doctor for localhost, and gives its exit code and what it found.
func examine(t *testing.T, args ...string) (code int, found examination) {
	t.Helper()
	cmd := exec.Command(serverBinary, append([]string{"doctor", "localhost", "--json"}, args...)...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	return code, found
}

// TestDoctor: what doctor says of a Prosody is what its clients get, with the right authority and with a wrong one; and it logs nobody in.
func TestDoctor(t *testing.T) {
	t.Parallel()
	for _, x := range tlsBackends[:2] {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := makeCertificates(t, "localhost")
			p, addr := x.start(t, &c)
			backend, direct := "--backend=localhost="+x.scheme+addr, x.scheme != ""
			code, found := examine(t, backend, "--backend-ca="+c.ca)
			if code != 0 || found.Verdict != "session" || len(found.Problems) > 0 {
				t.Fatalf("with the right authority: exit %d, %+v", code, found)
			}
			a := found.Targets[0].Addresses[0]
			if a.TLS == nil || a.TLS.Direct != direct || a.TLS.Version != "TLS 1.3" || !a.TLS.Certificate.Valid {
				t.Errorf("TLS: %+v", a.TLS)
			}
			if a.Stream.Inside == nil || a.Stream.Sees == nil || !slices.ContainsFunc(a.Stream.Sees.Mechanisms, func(m string) bool { return strings.HasPrefix(m, "SCRAM-SHA-") }) {
				t.Errorf("the stream: %+v", a.Stream)
			}

			other := makeCertificates(t, "localhost")
			code, found = examine(t, backend, "--backend-ca="+other.ca)
			if code != 1 || found.Verdict != "none" || found.Condition != "remote-connection-failed" || len(found.Problems) != 1 ||
				!strings.Contains(found.Problems[0].Text, "give its CA with --backend-ca") {
				t.Fatalf("with another authority: exit %d, %+v", code, found)
			}
			if a := found.Targets[0].Addresses[0]; a.TLS == nil || a.TLS.Certificate.Valid || !strings.Contains(a.TLS.Certificate.Why, "unknown authority") || a.Stream.Sees != nil {
				t.Errorf("with another authority: %+v", a)
			}
			code, found = examine(t, backend, "--backend-ca="+other.ca, "--backend-insecure=localhost")
			if code != 3 || found.Verdict != "warnings" {
				t.Errorf("with any: exit %d, %+v", code, found)
			}
			if out := p.output(); strings.Contains(out, "<auth") || strings.Contains(out, "authentication for") {
				t.Error("the server was sent a log-in")
			}
		})
	}
}
