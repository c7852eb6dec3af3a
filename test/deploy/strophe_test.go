//go:build integration && linux

package deploy

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// strophes are clients of strophe.js, all in one process of Node.
type strophes struct {
	*process
	in      io.Writer
	clients []*client
	home    map[string]string // by domain: the node
}

// stropheResult is what client_farm.mjs prints of one.
type stropheResult struct {
	Domain   string   `json:"domain"`
	Sessions int      `json:"sessions"`
	Ends     []string `json:"ends"`
	Seen     []string `json:"seen"`
	Acked    []string `json:"acked"`
}

// strophes logs fifty of them in, and sees that each is at one node, and that there are some at both.
func (f *farm) strophes(t *testing.T) *strophes {
	t.Helper()
	parts.NeedProgram(t, "node")
	const scripts = "../integration"
	if _, err := os.Stat(filepath.Join(scripts, "node_modules", "strophe.js")); err != nil {
		t.Log("no strophe.js here: run test/install.sh; the clients of the test's own have to do")
		return nil
	}
	s := &strophes{home: map[string]string{}}
	var domains []string
	for range clientsPerFarm {
		c := &client{domain: fmt.Sprintf("d%d.example.org", clientsMade.Add(1)), acked: map[string]bool{}, seen: map[string]bool{}}
		s.clients = append(s.clients, c)
		domains = append(domains, c.domain)
	}
	text, err := json.Marshal(map[string]any{"service": f.url, "domains": domains, "localAddress": clientAddress.IP.String()})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", filepath.Join(scripts, "client_farm.mjs"), string(text))
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+f.authority)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	cmd.Stdin, s.in = r, w
	s.process = start(t, "node", cmd)
	r.Close()
	s.waitLine(t, regexp.MustCompile(`^ready$`))
	count := map[string]int{}
	for _, c := range s.clients {
		at := f.visited(c)
		if len(at) != 1 {
			t.Fatalf("strophe.js for %s was at %v; want one node", c.domain, at)
		}
		s.home[c.domain] = at[0]
		count[at[0]]++
	}
	if len(count) != 2 {
		t.Errorf("strophe.js by node: %v, want some at both", count)
	}
	return s
}

// talk has them say one message after the other from now on.
func (s *strophes) talk(t *testing.T) {
	t.Helper()
	if s != nil {
		s.tell(t)
	}
}

func (s *strophes) tell(t *testing.T) {
	t.Helper()
	if _, err := io.WriteString(s.in, "\n"); err != nil {
		t.Fatal(err)
	}
}

// wantMoved ends them, once node1 has ended: its clients have moved, the others have noticed nothing, and nothing is lost.
func (s *strophes) wantMoved(t *testing.T, f *farm) {
	t.Helper()
	if s == nil {
		return
	}
	s.tell(t)
	var results []stropheResult
	if err := json.Unmarshal([]byte(s.waitLine(t, regexp.MustCompile(`^\[.*\]$`))[0]), &results); err != nil {
		t.Fatal(err)
	}
	moved := 0
	for i, r := range results {
		c := s.clients[i]
		for _, id := range r.Seen {
			c.seen[id] = true
		}
		for _, id := range r.Acked {
			c.acked[id] = true
		}
		switch atFirst := s.home[r.Domain] == f.node1.name; {
		case atFirst && r.Sessions > 1:
			moved++
		case atFirst:
			t.Errorf("strophe.js for %s has not noticed that its node ended", r.Domain)
		case r.Sessions != 1:
			t.Errorf("strophe.js for %s was at node2, and its session ended: %v", r.Domain, r.Ends)
		}
	}
	t.Logf("%d of %d strophe.js clients moved", moved, len(results))
	f.wantNothingLost(t, s.clients)
}
