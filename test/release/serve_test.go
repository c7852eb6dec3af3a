//go:build integration && linux

package release

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// patience bounds each wait: far above what the thing takes on a busy machine, far below a hang.
const patience = 20 * time.Second

// nobody has the rights that systemd leaves to the service.
const nobody = 65534

// serve runs the server in the root as its unit does, asks for a page, and ends it.
func (d *debian) serve(t *testing.T) {
	t.Helper()
	m := regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindStringSubmatch(string(read(t, d.path(unitFile))))
	if m == nil {
		t.Fatal("the unit has no ExecStart")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		// The network of this thread alone, which ends with the goroutine: children and sockets made here are in it.
		runtime.LockOSThread()
		if err := ownNetwork(); err != nil {
			t.Logf("the installed server is not run: no network of its own to be had here: %v", err)
			return
		}
		d.serveHere(t, strings.Fields(m[1]))
	}()
	<-done
}

func (d *debian) serveHere(t *testing.T, command []string) {
	cmd := d.command(command[0], command[1:]...)
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	var said bytes.Buffer
	out, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Errorf("%s: %v", command, err)
		return
	}
	stop := time.AfterFunc(3*patience, func() { _ = cmd.Process.Kill() })
	defer stop.Stop()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "listening") {
			break
		}
	}
	for _, page := range []struct{ address, path string }{{"127.0.0.1:5280", "/http-bind/"}, {"127.0.0.1:9280", "/readyz"}} {
		if err := get(page.address, page.path); err != nil {
			t.Errorf("http://%s%s: %v", page.address, page.path, err)
		}
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v, want 0; it said:\n%s", err, said.String())
	}
}

// get asks for a page, on this thread.
func get(address, path string) error {
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		return err
	}
	req.Close = true
	if err := req.Write(c); err != nil {
		return err
	}
	r, err := http.ReadResponse(bufio.NewReader(c), req)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return errors.New(r.Status)
	}
	return nil
}

// ownNetwork gives this thread a network with nothing but loopback.
func ownNetwork() error {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return err
	}
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	req, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	req.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, req)
}
