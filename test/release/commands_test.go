//go:build integration && linux

package release

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"go-xmpp-bosh/test/parts"
)

// handling is what the test does with a command of a document.
type handling int

const (
	run   handling = iota // it has to end with 0
	serve                 // it has to listen; it is ended by Ctrl-C before the next one
	fail                  // it has to say what is expected, and ends with 1: here are no XMPP server and no DNS
	skip                  // it is not run, for the reason given
)

func (h handling) String() string { return [...]string{"run", "serve", "fail", "skip"}[h] }

// commands says by their beginnings how those of the documents are handled: the first that matches counts.
var commands = []struct {
	begins string
	handling
	says string // what the output has to have, or the reason to skip it
}{
	{"make run", serve, "listening"},
	{"make build", run, ""},
	{"make check", skip, "continuous integration runs it"},
	{"make test", skip, "this is a part of it"},
	{"make bench", skip, "minutes; bench has tests of its own"},
	{"bin/bosh-server doctor ", fail, "as a client of this server would find it"},
	{"bin/bosh-server --config=bosh.json --check-config", run, "can be used"},
	{"bin/bosh-server ", serve, "listening"},
	{"curl -s http://localhost:5280/http-bind/ -d", run, " sid='"},
	{"URL=", run, ""},
	{"NS=", run, ""},
	{"SID=", run, ""},
	{"curl -s $URL -d", run, "<body"},
	{"cat > bosh.json", run, ""},
	{"echo '", run, ""},
	{"mkdir -p /tmp/first-client", skip, "outside of the test's folder"},
	{"npm install strophe.js", skip, "test/integration has it, and drives it in a browser"},
	{"cat > index.html", skip, "likewise"},
	{"python3 -m http.server", skip, "likewise"},
	{"http://", skip, "an address"},
	{"page ", skip, "a drawing"},
	{" ", skip, "a drawing"},
}

// TestCommands does what a new user does: in a fresh copy of the sources, the commands of a document in their order, as they are written.
// Each command has a place in the table, and each place a command. They run in a network of their own, where their ports are free.
func TestCommands(t *testing.T) {
	t.Parallel()
	parts.NeedProgram(t, "make")
	parts.NeedProgram(t, "curl")
	if os.Getuid() != 0 {
		t.Skip("this is not root, who alone may have a network of his own")
	}
	dir := t.TempDir()
	sources(t, dir)
	used := map[string]bool{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with its network
		if err := ownNetwork(); err != nil {
			t.Logf("the commands are not run: no network of their own to be had here: %v", err)
			return
		}
		for _, name := range []string{"README.md", "docs/getting-started.md", "docs/how-bosh-works.md", "docs/migrating.md", "docs/security.md"} {
			u := &user{t: t, dir: dir, document: name, used: used}
			if name == "docs/how-bosh-works.md" {
				u.do([]string{"make run"}) // as it says
			}
			for _, block := range blocks(string(read(t, filepath.Join(dir, name)))) {
				u.do(block)
			}
			u.stop()
		}
		for _, c := range commands {
			if !used[c.begins] {
				t.Errorf("no document has a command that begins with %q", c.begins)
			}
		}
	}()
	<-done
}

var heredoc = regexp.MustCompile(`<<'(\w+)'$`)

// blocks are the indented commands of a document, by what stands together. A command may go on over lines.
func blocks(text string) (list [][]string) {
	var block []string
	var ends string // of the heredoc that the last command has
	goes := false   // on: the last line ended with a backslash
	fenced := false
	for line := range strings.Lines(text + "\nend\n") {
		line = strings.TrimRight(line, "\n")
		fenced = fenced != strings.HasPrefix(line, "```")
		command, indented := strings.CutPrefix(line, "    ")
		switch {
		case fenced || line == "" && ends == "":
		case !indented && ends == "":
			if block != nil {
				list = append(list, block)
			}
			block = nil
		case ends != "" || goes:
			block[len(block)-1] += "\n" + command
			if command == ends {
				ends = ""
			}
			goes = strings.HasSuffix(command, `\`)
		default:
			block = append(block, command)
			if m := heredoc.FindStringSubmatch(command); m != nil {
				ends = m[1]
			}
			goes = strings.HasSuffix(command, `\`)
		}
	}
	return list
}

func TestBlocks(t *testing.T) {
	got := fmt.Sprintf("%q", blocks("text\n\n    a\n    b \\\n      c\n\n    cat <<'END'\n    {\n\n    }\n    END\n    d\n\ntext\n```\n    no\n```\n    e\n"))
	if want := fmt.Sprintf("%q", [][]string{{"a", "b \\\n  c", "cat <<'END'\n{\n\n}\nEND", "d"}, {"e"}}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// user follows a document.
type user struct {
	t        *testing.T
	dir      string
	document string
	used     map[string]bool
	state    string // assignments of the shell's variables
	server   *exec.Cmd
	started  string
	output   *bufio.Scanner
}

// do does what a block says.
func (u *user) do(block []string) {
	for _, command := range block {
		found := false
		for _, c := range commands {
			if !strings.HasPrefix(command, c.begins) {
				continue
			}
			found = true
			u.used[c.begins] = true
			switch c.handling {
			case run, fail:
				u.run(command, c.handling == run, c.says)
			case serve:
				u.serve(command, c.says)
			case skip:
			}
			break
		}
		if !found {
			u.t.Errorf("%s: a command without a place in the table of this test: %s", u.document, command)
		}
	}
}

func (u *user) shell(command string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", u.state+command)
	cmd.Dir = u.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

var assignment = regexp.MustCompile(`^[A-Z]+=`)

func (u *user) run(command string, succeeds bool, says string) {
	cmd := u.shell(command)
	if name := assignment.FindString(command); name != "" { // what follows needs what it sets, and not twice
		cmd = u.shell(command + "\nprintf %s \"$" + strings.TrimSuffix(name, "=") + "\"")
		value, err := cmd.Output()
		if err != nil || len(value) == 0 {
			u.t.Errorf("%s: %s\nsets %q, and ended with %v", u.document, command, value, err)
		}
		u.state += name + "'" + strings.ReplaceAll(string(value), "'", `'\''`) + "'\n"
		return
	}
	out, err := cmd.CombinedOutput()
	if succeeds != (err == nil) || !strings.Contains(string(out), says) {
		u.t.Errorf("%s: %s\nended with %v, and has to say %q; it said:\n%s", u.document, command, err, says, out)
	}
}

func (u *user) serve(command, says string) {
	u.stop()
	cmd := u.shell("exec " + command + " 2>&1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		u.t.Errorf("%s: %s: %v", u.document, command, err)
		return
	}
	u.server, u.started, u.output = cmd, command, bufio.NewScanner(out)
	var said bytes.Buffer
	for u.output.Scan() {
		said.WriteString(u.output.Text() + "\n")
		if strings.Contains(u.output.Text(), says) {
			return
		}
	}
	u.t.Errorf("%s: %s\nended, and has not said %q, but:\n%s", u.document, command, says, said.String())
}

// stop ends the server as Ctrl-C does.
func (u *user) stop() {
	if u.server == nil {
		return
	}
	group := -u.server.Process.Pid
	_ = syscall.Kill(group, syscall.SIGINT)
	late := time.AfterFunc(3*patience, func() { _ = syscall.Kill(group, syscall.SIGKILL) })
	defer late.Stop()
	for u.output.Scan() {
		continue
	}
	// make says that it was interrupted.
	if err := u.server.Wait(); err != nil && !strings.HasPrefix(u.started, "make ") {
		u.t.Errorf("%s: %s\nended with %v", u.document, u.started, err)
	}
	u.server = nil
}
