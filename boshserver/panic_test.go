package boshserver_test

import (
	"slices"
	"testing"

	"go-xmpp-bosh/boshserver"
)

// faulty gives hooks of which one panics.
func faulty(where string) boshserver.Hooks {
	at := func(name string) {
		if name == where {
			panic("oops")
		}
	}
	return boshserver.Hooks{
		StreamAdd: func(boshserver.Session, *boshserver.Request) boshserver.Condition {
			at("StreamAdd")
			return boshserver.None
		},
		StreamAdded:          func(boshserver.Session, string) { at("StreamAdded") },
		StreamRestart:        func(boshserver.Session, *boshserver.Request) { at("StreamRestart") },
		StreamRestarted:      func(boshserver.Session, string) { at("StreamRestarted") },
		StreamTerminate:      func(boshserver.Session, string, bool) { at("StreamTerminate") },
		StreamEnd:            func(boshserver.Session, string, boshserver.Condition) { at("StreamEnd") },
		FromClient:           func(boshserver.Session, *boshserver.Stanza) { at("FromClient") },
		FromServer:           func(boshserver.Session, *boshserver.Stanza) { at("FromServer") },
		NoClient:             func(boshserver.Session, *boshserver.Stanza) bool { at("NoClient"); return true },
		ResponseAcknowledged: func(boshserver.Session, uint64) { at("ResponseAcknowledged") },
		Error:                func(boshserver.Session, string) { at("Error") },
	}
}

// A faultyBackend panics in one of its methods.
type faultyBackend struct {
	boshserver.Stream
	where string
}

func (b faultyBackend) at(name string) {
	if name == b.where {
		panic("oops")
	}
}

func (b faultyBackend) HandleStanza(*boshserver.Stanza) {
	b.at("HandleStanza")
	b.Respond("<message/>")
}

func (b faultyBackend) HandleRestart(*boshserver.Request)    { b.at("HandleRestart"); b.Restarted("", "") }
func (b faultyBackend) HandleTerminate(bool)                 { b.at("HandleTerminate") }
func (b faultyBackend) HandlePressure(bool)                  { b.at("HandlePressure") }
func (b faultyBackend) HandleNoClient(st *boshserver.Stanza) { b.at("HandleNoClient") }

// Wherever a program's function panics, that is logged and the session is over; the server is not.
func TestPanicAnywhere(t *testing.T) {
	// Where the session is over by then, or nobody is left to be told.
	silent := []string{"StreamTerminate", "StreamEnd", "NoClient", "Error", "HandleTerminate", "HandleNoClient"}
	for _, where := range []string{
		"StreamAdd", "StreamAdded", "StreamRestart", "StreamRestarted", "StreamTerminate", "StreamEnd", "FromClient", "FromServer", "NoClient",
		"ResponseAcknowledged", "Error", "Connector", "HandleStanza", "HandleRestart", "HandleTerminate", "HandleNoClient",
	} {
		t.Run(where, func(t *testing.T) {
			onBoth(t, func(t *testing.T, over boshserver.Transport) {
				if over == boshserver.WebSocket && slices.Contains([]string{"ResponseAcknowledged", "NoClient", "HandleNoClient"}, where) {
					t.Skip("only a BOSH client comes to that")
				}
				panicAt(t, over, where, slices.Contains(silent, where))
			})
		})
	}
}

func panicAt(t *testing.T, over boshserver.Transport, where string, silent bool) {
	j, log := newJournal()
	streams := make(chan boshserver.Stream, 10)
	hooks := faulty(where)
	if where == "HandleNoClient" {
		hooks.NoClient = nil
	}
	s := start(t, boshserver.Config{Logger: log, Hooks: hooks, Connectors: map[string]boshserver.Connector{
		"bad.example": boshserver.ConnectorFunc(func(st boshserver.Stream, _ *boshserver.Request) boshserver.Backend {
			if where == "Connector" {
				panic("oops")
			}
			st.Added("", "")
			streams <- st
			return faultyBackend{st, where}
		}),
		"*": boshserver.ConnectorFunc(openEcho),
	}})
	c := connect(t, s, over, "bad.example", "ack='1'")
	switch where {
	case "StreamAdd", "StreamAdded", "FromServer", "Connector":
	case "StreamRestart", "StreamRestarted", "HandleRestart":
		c.want("features")
		c.restart("bad.example")
	case "StreamTerminate", "HandleTerminate":
		c.want("features")
		c.leave()
	case "StreamEnd", "Error":
		c.want("features")
		next(t, streams).End(boshserver.HostUnknown)
	case "NoClient", "HandleNoClient":
		st := next(t, streams)
		st.Respond("<message/>")
		st.Session().Terminate(boshserver.None)
	case "FromClient", "HandleStanza":
		c.want("features")
		c.send("<message xmlns='jabber:client'/>")
	case "ResponseAcknowledged":
		c.want("features")
		c.request("", "<presence xmlns='jabber:client'/>") // it acknowledges the answer that there was
	}
	j.want(t, "panicked", "hook="+where, "panic=oops")
	if !silent {
		c.wantEnd("internal-server-error", "stream:error")
	}
	if where == "HandleStanza" || where == "HandleRestart" || where == "HandleTerminate" {
		other := connect(t, s, over, "good.example", "")
		other.want("features")
		other.send("<message xmlns='jabber:client' id='1'/>")
		other.want("id='1'")
	}
}
