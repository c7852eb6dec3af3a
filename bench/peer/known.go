package peer

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// known are the servers, in the order of the table.
var known = []struct {
	name  string
	needs []string // programs
	start func(Setting) (*Server, error)
}{
	{Ours, nil, startOurs},
	{"haproxy", []string{"haproxy"}, startHAProxy},
	{"nginx", []string{"nginx"}, startNginx},
	{"node-xmpp-bosh", []string{"node", "npm"}, startNodeXMPPBosh},
	{"prosody", []string{"prosody"}, startProsody},
	{"ejabberd", []string{"ejabberdctl", "erl"}, startEjabberd},
}

// Names are all that Start knows.
func Names() (names []string) {
	for _, k := range known {
		names = append(names, k.name)
	}
	return names
}

// Missing says why a server can't be started here, "" if it can.
func Missing(name string) string {
	for _, k := range known {
		if k.name != name {
			continue
		}
		for _, program := range k.needs {
			if _, err := exec.LookPath(program); err != nil {
				return program + " is not installed"
			}
		}
		return ""
	}
	return "no such server; there are " + strings.Join(Names(), ", ")
}

// Start starts one.
func Start(name string, cfg Setting) (*Server, error) {
	if why := Missing(name); why != "" {
		return nil, fmt.Errorf("%s: %s", name, why)
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, k := range known {
		if k.name == name {
			return k.start(cfg)
		}
	}
	return nil, fmt.Errorf("%s: no such server", name)
}

// version is what a program says of itself, in one short line.
func version(program string, args ...string) string {
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		return "unknown"
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	fields := strings.Fields(line)
	for _, f := range fields {
		if strings.ContainsAny(f, "0123456789") {
			return strings.TrimPrefix(f, "nginx/")
		}
	}
	return line
}

// packageVersion is Debian's, for programs that start a whole server to tell it.
func packageVersion(name string) string {
	out, err := exec.Command("dpkg-query", "--showformat=${Version}", "--show", name).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
