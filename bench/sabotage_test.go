package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go-xmpp-bosh/bench/wire"
)

// A saboteur is a bosh-server that does one thing wrong: this test binary, started in its place, starts the real one and relays its clients'
// connections in clear to it. What it tampers with is a message in a frame of WebSocket.
const (
	sabotageKind   = "BENCH_TEST_SABOTAGE"
	sabotageBinary = "BENCH_TEST_BINARY"
)

// sabotaged is the message that is tampered with, on the connection where it comes first: the second, since the first is the warm-up's.
const sabotaged = 2

// spoilt says that it has been.
var spoilt atomic.Bool

// tamper is what becomes of a message; held is the one before it, if that was held back.
var tamper = map[string]func(frame, held []byte) (out, hold []byte){
	"lose":   func([]byte, []byte) (out, hold []byte) { return nil, nil },
	"double": func(frame, _ []byte) (out, hold []byte) { return append(bytes.Clone(frame), frame...), nil },
	"reorder": func(frame, held []byte) (out, hold []byte) {
		if held == nil {
			return nil, bytes.Clone(frame)
		}
		return append(bytes.Clone(frame), held...), nil
	},
	"nothing": func(frame, _ []byte) (out, hold []byte) { return frame, nil },
}

func sabotage(kind string, args []string) error {
	front := ""
	for i, a := range args {
		if port, ok := strings.CutPrefix(a, "--port="); ok {
			front = "127.0.0.1:" + port
			args[i] = "--port=0"
		}
	}
	back, err := freePort()
	if err != nil {
		return err
	}
	cmd := exec.Command(os.Getenv(sabotageBinary), append(args, "--port="+back)...)
	cmd.Env = append(os.Environ(), sabotageKind+"=")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if len(args) > 0 && args[0] == "--help" {
		cmd.Args = []string{cmd.Path, "--help"}
		return cmd.Run()
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", front)
	if err != nil {
		return err
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() {
		<-ended
		cmd.Wait() //nolint:errcheck // the whole group was told
		os.Exit(exitOK)
	}()
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		go relay(client.(*net.TCPConn), "127.0.0.1:"+back, kind)
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

func relay(client *net.TCPConn, to, kind string) {
	defer client.Close()
	var server net.Conn
	for until := time.Now().Add(10 * time.Second); ; {
		var err error
		if server, err = net.Dial("tcp", to); err == nil {
			break
		}
		if time.Now().After(until) {
			return
		}
	}
	defer server.Close()
	go func() {
		io.Copy(server, client)            //nolint:errcheck // whichever side ends it
		server.(*net.TCPConn).CloseWrite() //nolint:errcheck // it may be gone
	}()
	spoil(client, server, kind)
}

// spoil hands on what the server says, but for the one message.
func spoil(client io.Writer, server io.Reader, kind string) {
	var in, held []byte
	buf := make([]byte, 64<<10)
	upgraded, messages := false, 0
	for {
		n, err := server.Read(buf)
		if err != nil {
			return
		}
		in = append(in, buf[:n]...)
		for size := whole(in, upgraded); size > 0; size = whole(in, upgraded) {
			out := in[:size]
			in, upgraded = in[size:], true
			if isSpoilable(out, kind) {
				messages++
				if held != nil || messages >= sabotaged && spoilt.CompareAndSwap(false, true) {
					out, held = tamper[kind](out, held)
				}
			}
			if _, err := client.Write(out); err != nil {
				return
			}
		}
	}
}

// whole is the size of the answer to the upgrade, or of the frame, with which b begins; 0: it isn't all there.
func whole(b []byte, upgraded bool) int {
	if upgraded {
		f, err := wire.CutFrame(b)
		if err != nil {
			return 0
		}
		return f.Bytes
	}
	a, err := wire.CutAnswer(b)
	if err != nil {
		return 0
	}
	return a.Bytes
}

// isSpoilable says whether a frame holds a message of the sort that is tampered with: only of those that are pushed there may be two under way.
func isSpoilable(frame []byte, kind string) (yes bool) {
	wire.EachMark(frame, func(m wire.Mark) { yes = kind != "reorder" || m.Kind == wire.KindPush })
	return yes
}

// A run in which a message was lost, doubled or out of order ends with an exit code, and says what happened.
func TestSabotageIsNoticed(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary := t.TempDir() + "/bosh-server"
	if err := build(binary); err != nil {
		t.Fatal(err)
	}
	t.Setenv(sabotageBinary, binary)
	for kind, want := range map[string]string{
		"lose": "still under way", "double": "1 doubled", "reorder": "1 skipped, 1 doubled", "nothing": "",
	} {
		t.Setenv(sabotageKind, kind)
		o, err := parseOptions([]string{"--quick", "--peer=none", "--sessions=4", "--only==bosh-server websocket", "--server-core=-1", "--load-core=-1", "--results="}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		o.sizing, o.binary = tinySizing, self
		o.patience = 2 * time.Second
		var table strings.Builder
		code := measure(o, &table, t.Output())
		switch failed := kind != "nothing"; {
		case failed && (code != exitFailed || !strings.Contains(table.String(), want)):
			t.Errorf("%s: exit code %d, no %q in\n%s", kind, code, want, table.String())
		case !failed && code != exitOK:
			t.Errorf("%s: exit code %d\n%s", kind, code, table.String())
		}
	}
}

// asSaboteur is main for a saboteur.
func asSaboteur(kind string) int {
	if err := sabotage(kind, os.Args[1:]); err != nil && !errors.Is(err, net.ErrClosed) {
		return exitFailed
	}
	return exitOK
}
