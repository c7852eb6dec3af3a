package peer

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"go-xmpp-bosh/bench/crew"
	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/proc"
)

// Setting is what a server is started with.
type Setting struct {
	Dir     string         // its own folder, empty
	Core    int            // the one it is pinned to
	Backend netip.AddrPort // of the null backend
	Cert    Certificate
	Tools   string // the folder in which peers from npm are installed
	Binary  string // of bosh-server
	Loops   int    // of bosh-server; 0: as it has them by itself
}

// Server is one that runs.
type Server struct {
	Name    string
	Version string
	Pushes  bool                // messages pushed by the null backend reach its clients
	Go      *proc.Collections   // of servers in Go
	targets map[key]load.Target // by what is spoken
	lacking map[key]string      // why a transport is not to be had
	cmd     *exec.Cmd
	output  string // file of what it says, but what Go has
	done    chan struct{}
}

type key struct {
	transport load.Transport
	tls       bool
}

// Target is how to reach the server over a transport, or the reason why it can't be.
func (s *Server) Target(t load.Transport, tls bool) (load.Target, string) {
	if target, ok := s.targets[key{t, tls}]; ok {
		target.Transport, target.TLS, target.Domain = t, tls, "localhost"
		return target, ""
	}
	if why := s.lacking[key{t, tls}]; why != "" {
		return load.Target{}, why
	}
	return load.Target{}, "not spoken by " + s.Name
}

// PID is the server's process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// endPatience is how long a server may take to end.
const endPatience = 5 * time.Second

// Stop ends the server and its children.
func (s *Server) Stop() {
	s.signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(endPatience):
		s.signal(syscall.SIGKILL)
		<-s.done
	}
}

// Dump makes a Go server end with a list of its goroutines, and says how many there were.
func (s *Server) Dump() int {
	if s.Go == nil {
		return 0
	}
	s.signal(syscall.SIGQUIT)
	select {
	case <-s.done:
	case <-time.After(endPatience):
	}
	return s.Go.Goroutines()
}

// signal goes to the server's process group: some have workers.
func (s *Server) signal(sig syscall.Signal) {
	syscall.Kill(-s.PID(), sig) //nolint:errcheck // it may have ended
}

// run starts a command as a server that is ready when its address can be connected to.
func (s *Server) run(cfg Setting, ready []string, stderr io.Writer, env []string, program string, args ...string) error {
	cmd, err := crew.Pinned(cfg.Core, program, args...)
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(cfg.Dir, "output"))
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	defer log.Close()
	s.output = log.Name()
	cmd.Dir = cfg.Dir
	cmd.Env = append(cmd.Environ(), env...)
	cmd.Stdout, cmd.Stderr = log, log
	if stderr != nil {
		cmd.Stderr = stderr
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	s.cmd, s.done = cmd, make(chan struct{})
	go func() {
		cmd.Wait() //nolint:errcheck // servers end by signal
		close(s.done)
	}()
	for _, addr := range ready {
		if err := s.await(addr); err != nil {
			s.Stop()
			return fmt.Errorf("%s: %w\n%s", s.Name, err, s.Said())
		}
	}
	return nil
}

// startPatience is how long a server may take to listen.
const startPatience = 40 * time.Second

func (s *Server) await(addr string) error {
	for until := time.Now().Add(startPatience); time.Now().Before(until); {
		c, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			return c.Close()
		}
		select {
		case <-s.done:
			return errors.New("it ended while starting")
		case <-time.After(20 * time.Millisecond):
		}
	}
	return errors.New("it doesn't listen")
}

// saidMax is how many lines of its log a server is quoted with.
const saidMax = 4

// Said is the last that the server has written to its log.
func (s *Server) Said() string {
	text := ""
	if s.Go != nil {
		text = s.Go.Said()
	} else if b, err := os.ReadFile(s.output); err == nil {
		text = string(b)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-saidMax):], "\n")
}

// freePorts are n ports on which nobody listens at the moment.
func freePorts(n int) ([]string, error) {
	var ports []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("a free port: %w", err)
		}
		defer l.Close()
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			return nil, fmt.Errorf("a free port: %w", err)
		}
		ports = append(ports, port)
	}
	return ports, nil
}

func local(port string) netip.AddrPort { return netip.MustParseAddrPort("127.0.0.1:" + port) }
