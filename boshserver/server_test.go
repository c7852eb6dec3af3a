package boshserver_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"go-xmpp-bosh/boshserver"
	"go-xmpp-bosh/proxy"
)

func TestNew(t *testing.T) {
	for name, cfg := range map[string]boshserver.Config{
		"no address":  {},
		"bad address": {Listen: []string{"nowhere"}},
		"bad backend": {Listen: []string{"127.0.0.1:0"}, Backends: []string{"?"}},
		"bad setting": {Listen: []string{"127.0.0.1:0"}, Adjust: func(*proxy.Config) error { return errors.New("no") }},
		"loops":       {Listen: []string{"127.0.0.1:0"}, Loops: 1_000_000},
	} {
		if _, err := boshserver.New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// What was never started is released; its port is free again.
func TestShutdownUnstarted(t *testing.T) {
	s, err := boshserver.New(boshserver.Config{Listen: []string{"127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	addr := s.Addr().String()
	for range 2 {
		if err := s.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

// Everybody is told, backends too, before Shutdown returns, and nobody is called after it.
func TestShutdown(t *testing.T) {
	onBoth(t, func(t *testing.T, over boshserver.Transport) {
		n := noting{calls: make(chan string, 10)}
		s := start(t, boshserver.Config{Connectors: map[string]boshserver.Connector{"*": boshserver.ConnectorFunc(
			func(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
				st.Added("", "")
				return noting{st, n.calls}
			})}})
		s.Start() // a second time
		c := connect(t, s, over, "example.org", "")
		c.want("features")
		c.send("<presence xmlns='jabber:client'/>")
		wantCalls(t, n.calls, "stanza presence")
		done := make(chan error, 1)
		go func() { done <- s.Shutdown(context.Background()) }()
		c.wantEnd("system-shutdown", "stream:error")
		if c.socket != nil {
			c.socket.Close()
		}
		if err := next(t, done); err != nil {
			t.Error(err)
		}
		wantCalls(t, n.calls, "terminate false")
		if err := s.Wait(); err != nil {
			t.Error(err)
		}
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// Who has no more time ends the server at once.
func TestShutdownInTime(t *testing.T) {
	s := start(t, boshserver.Config{Connectors: map[string]boshserver.Connector{"*": boshserver.ConnectorFunc(openEcho)}})
	c := connect(t, s, boshserver.WebSocket, "example.org", "")
	c.want("features")
	ctx, cancel := context.WithDeadline(context.Background(), time.Now())
	defer cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// A session whose client holds no request hears of nothing; the program does, however the server ends.
func TestShutdownEndsAll(t *testing.T) {
	for name, ctx := range map[string]func() (context.Context, context.CancelFunc){
		"at once": func() (context.Context, context.CancelFunc) {
			return context.WithDeadline(context.Background(), time.Now())
		},
		"in peace": func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) },
	} {
		onBoth(t, func(t *testing.T, over boshserver.Transport) {
			ended := make(chan string, 10)
			c, n := connectNoting(t, over, boshserver.Config{Hooks: boshserver.Hooks{
				StreamTerminate: func(boshserver.Session, string, bool) { ended <- "StreamTerminate" },
				SessionEnd:      func(boshserver.Session) { ended <- "SessionEnd" },
			}})
			ctx, cancel := ctx()
			defer cancel()
			if err := c.server.Shutdown(ctx); err != ctx.Err() && !errors.Is(err, ctx.Err()) {
				t.Errorf("%s: %v", name, err)
			}
			wantCalls(t, ended, "StreamTerminate", "SessionEnd")
			wantCalls(t, n.calls, "terminate false")
			if _, ok := c.server.Session(n.Session().ID()); ok {
				t.Error("the session is there")
			}
		})
	}
}
