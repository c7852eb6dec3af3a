package crew

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/bench/load"
)

// This test binary is the crew, too.
func TestMain(m *testing.M) {
	if args := os.Args[1:]; IsPart(args) {
		if err := Main(args, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

const (
	anyCore  = -1
	patience = 20 * time.Second
)

// Two processes: clients over TCP at the backend itself.
func TestCrew(t *testing.T) {
	b, err := StartBackend(anyCore)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Stop()
	l, err := StartLoad(anyCore, load.Target{Addr: b.Addr, Transport: load.Raw, Domain: "localhost", MessageBytes: 256}, 10, b)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Stop()
	if c, err := l.Open(10, 4, patience); err != nil || c.Ready != 10 || len(l.PIDs()) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	if c, err := l.SendOnce(patience); err != nil || c.Echoed != 10 {
		t.Errorf("%+v, %v", c, err)
	}
	if n, err := b.Push(5, 256); err != nil || n != 10 {
		t.Fatal(n, err)
	}
	sent, err := b.StopPush()
	if err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(patience); ; {
		if c, err := l.Counts(); err != nil || time.Now().After(until) {
			t.Fatalf("%+v, %v", c, err)
		} else if c.Pushed == sent {
			break
		}
	}
	if h, err := l.TakeLatency(); err != nil || uint64(h.TotalCount()) != 10+sent {
		t.Errorf("%v, %v", h, err)
	}
	if f, err := b.Figures(); err != nil || f.Open != 10 || f.Echoed != 10 || f.Pushed != sent {
		t.Errorf("%+v, %v", f, err)
	}
	if c, err := l.Close(4, patience); err != nil || c.Closed != 10 || c.Trouble() != "" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestOpenSaysWhatKeepsIt(t *testing.T) {
	b, err := StartBackend(anyCore)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Stop()
	l, err := StartLoad(anyCore, load.Target{Addr: b.Addr, Transport: load.WebSocket, Domain: "localhost", MessageBytes: 256}, 1, b)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Stop()
	if c, err := l.Open(1, 1, patience); c.Failed != 1 || errors.Is(err, ErrUnsettled) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestPinned(t *testing.T) {
	cmd, err := Pinned(anyCore, "cat", "/proc/self/limits")
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); strings.HasPrefix(line, "Max open files") && f[3] != f[4] {
			t.Errorf("not all descriptors: %s", line)
		}
	}
}

func TestPartsRefuseNonsense(t *testing.T) {
	if IsPart([]string{"--quick"}) || IsPart(nil) {
		t.Error("an option is taken for a part")
	}
	if err := Main([]string{rolePin, "x"}, nil, nil); err == nil {
		t.Error("taken")
	}
	if err := obey(strings.NewReader("{"), os.Stdout, nil); err == nil {
		t.Error("half an order is obeyed")
	}
}
