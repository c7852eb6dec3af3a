package crew

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// member is a part that runs.
type member struct {
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	lock sync.Mutex
}

// endPatience is how long a part may take to end.
const endPatience = 5 * time.Second

// Pinned is a command that will run on one core, with all descriptors that it may have; a negative core is any.
func Pinned(core int, program string, args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("the harness's own binary: %w", err)
	}
	return exec.Command(self, append([]string{rolePin, strconv.Itoa(core), program}, args...)...), nil
}

func start(role string, core int, counter *os.File) (*member, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("the harness's own binary: %w", err)
	}
	cmd, err := Pinned(core, self, role)
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	cmd.ExtraFiles = []*os.File{counter}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", role, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", role, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", role, err)
	}
	return &member{name: role, cmd: cmd, in: in, out: bufio.NewReader(out)}, nil
}

func (m *member) do(o order) (answer, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	var a answer
	line, err := json.Marshal(o)
	if err == nil {
		_, err = m.in.Write(append(line, '\n'))
	}
	if err != nil {
		return a, fmt.Errorf("%s: %s: %w", m.name, o.Op, err)
	}
	if line, err = m.out.ReadBytes('\n'); err != nil {
		return a, fmt.Errorf("%s: %s: %w", m.name, o.Op, err)
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("%s: %s: %w", m.name, o.Op, err)
	}
	if a.Error != "" {
		return a, fmt.Errorf("%s: %s: %s", m.name, o.Op, a.Error)
	}
	return a, nil
}

// stop lets the part end, and makes it if it won't.
func (m *member) stop() {
	m.in.Close()
	done := make(chan struct{})
	go func() {
		m.cmd.Wait() //nolint:errcheck // how it ends is nobody's concern any more
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(endPatience):
		m.cmd.Process.Kill() //nolint:errcheck // it may have ended just now
		<-done
	}
}
