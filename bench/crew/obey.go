package crew

import (
	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/null"
)

// nullOrders are what a null backend does.
var nullOrders = map[op]func(*null.Server, order, *answer){
	opIntroduce: func(s *null.Server, _ order, a *answer) { a.Addr = s.Addr().String() },
	opPush:      func(s *null.Server, o order, a *answer) { a.N = uint64(s.StartPush(o.Width, int(o.N))) },
	opStopPush:  func(s *null.Server, _ order, a *answer) { a.N = s.StopPush() },
	opFigures:   func(s *null.Server, _ order, a *answer) { a.Figures = s.Figures() },
}

// loadOrders are what a load generator does; each is answered with its counts besides.
var loadOrders = map[op]func(*load.Generator, order, *answer) error{
	opOpen:   func(g *load.Generator, o order, _ *answer) error { g.Open(int(o.N), o.Width); return nil },
	opClose:  func(g *load.Generator, o order, _ *answer) error { g.Close(o.Width); return nil },
	opEcho:   func(g *load.Generator, o order, _ *answer) error { g.StartEcho(int(o.N)); return nil },
	opOnce:   func(g *load.Generator, _ order, _ *answer) error { g.SendOnce(); return nil },
	opPaced:  func(g *load.Generator, o order, _ *answer) error { g.StartPaced(o.N); return nil },
	opChurn:  func(g *load.Generator, o order, _ *answer) error { g.StartChurn(o.Width); return nil },
	opCalm:   func(g *load.Generator, _ order, _ *answer) error { g.Calm(); return nil },
	opCounts: func(*load.Generator, order, *answer) error { return nil },
	opLatency: func(g *load.Generator, _ order, a *answer) (err error) {
		a.Latency, err = g.TakeLatency()
		return err
	},
}
