package proxy

import (
	"context"
	"errors"
	"net"
	"net/http"
	"reflect"
	"testing"
	"time"

	"go-xmpp-bosh/timer"
)

// statsOf asks until the numbers are as wanted: what a test has seen on one connection, the loop may still have to count.
func statsOf(t *testing.T, s *Server, want func(*Stats) bool) *Stats {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		st, err := s.Stats(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if want(st) {
			return st
		}
	}
}

func TestStats(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	ts := openSession(t, addr, l)
	w, p := openSocketSession(t, addr, l)
	ts.poll.post(ts.next("", "<message xmlns='jabber:client'/>"))
	ts.peer.want("/>")
	ts.peer.send("<message/><message/>")
	ts.poll.body()
	w.send("<presence xmlns='jabber:client'/>")
	p.want("/>")
	st := statsOf(t, s, func(st *Stats) bool { return st.Stanzas[TransportWebSocket].In > 0 })
	bosh := TransportBOSH
	if st.Sessions != [Transports]Tally{{1, 0}, {1, 0}} || st.Streams != [Transports]Tally{{1, 0}, {1, 0}} {
		t.Errorf("sessions %v, streams %v", st.Sessions, st.Streams)
	}
	if st.Stanzas[bosh].In != 1 || st.Stanzas[bosh].Out != 3 { // the features, too
		t.Errorf("stanzas %v", st.Stanzas)
	}
	if st.BOSHRequests != 2 || st.Hold.Total() != 2 || st.Connect.Total() != 2 || st.Responses[http.StatusOK] != 2 || st.Responses[http.StatusSwitchingProtocols] != 1 {
		t.Errorf("%+v", st.Counters)
	}
	for i, b := range st.Bytes {
		if b.In == 0 || b.Out == 0 {
			t.Errorf("no bytes over %v: %v", Wire(i), b)
		}
	}
	if st.HTTP != [phaseMoved]int{0, 2, 0, 0} || st.WebSockets != 1 || st.XMPP != [xmppStates]int{0, 0, 2} {
		t.Errorf("connections: %v, %d, %v", st.HTTP, st.WebSockets, st.XMPP)
	}
	ts.poll.post(ts.next("type='terminate'", ""))
	ts.poll.body()
	w.Close()
	ts.poll.Close()
	ts.more.Close()
	ts.peer.Close()
	p.Close()
	statsOf(t, s, func(st *Stats) bool {
		return st.Sessions[0].Active()+st.Sessions[1].Active()+st.Streams[0].Active()+st.Streams[1].Active() == 0 &&
			st.HTTP == [phaseMoved]int{} && st.WebSockets == 0 && st.XMPP == [xmppStates]int{}
	})
}

// What is counted when it goes wrong.
func TestStatsOfFailures(t *testing.T) {
	s, addr := startServer(t, func(c *Config) { c.MaxSessions = 1; c.MaxDataHeld = 2000 })
	b := dial(t, addr)
	b.post("<nonsense")
	b.body()
	b.post(createText(1, "nowhere.invalid"))
	b.body()
	b.raw("POST /http-bind/ HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n")
	b.answer()
	st := statsOf(t, s, func(*Stats) bool { return true })
	if st.Limits[LimitBody] != 1 || st.BOSHErrors[1] == 0 || st.Responses[http.StatusRequestEntityTooLarge] != 1 {
		t.Errorf("%+v", st.Counters)
	}
	if total(st.StreamEnds[:]) != 1 {
		t.Errorf("%v", st.StreamEnds)
	}
}

// Who asks a loop that does not run is told so, in time.
func TestStatsUnanswered(t *testing.T) {
	s, err := New(Config{Listen: []string{"127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := s.Stats(ctx); !errors.Is(err, errNoAnswer) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	s.Stop()
	if err := s.Run(); err != nil {
		t.Error(err)
	}
}

// Every number of Counters is in merge: each that is 1 becomes 2.
func TestMergeIsComplete(t *testing.T) {
	var a, b Counters
	ones(reflect.ValueOf(&a).Elem())
	ones(reflect.ValueOf(&b).Elem())
	a.merge(&b)
	each(reflect.ValueOf(&a).Elem(), func(v reflect.Value) {
		if v.Uint() != 2 {
			t.Fatalf("a number is left out: %+v", a)
		}
	})
}

func ones(v reflect.Value) { each(v, func(v reflect.Value) { v.SetUint(1) }) }

func each(v reflect.Value, fn func(reflect.Value)) {
	if v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			each(v.Field(i), fn)
		}
		return
	}
	if v.Kind() == reflect.Array {
		for i := range v.Len() {
			each(v.Index(i), fn)
		}
		return
	}
	fn(v)
}

func TestHistogram(t *testing.T) {
	var h Histogram
	for _, d := range []timer.Time{-5, 0, 1, 2, 3, 5000, 5001} {
		h.observe(&LagBounds, d)
	}
	if h.Counts[0] != 3 || h.Counts[1] != 1 || h.Counts[2] != 1 || h.Counts[buckets-1] != 1 || h.Counts[buckets] != 1 || h.Sum != 10007 || h.Total() != 7 {
		t.Errorf("%+v", h)
	}
}

func TestStatsNames(t *testing.T) {
	for what, names := range map[string]func(i int) string{
		"limit": func(i int) string { return Limit(i).String() }, "transport": func(i int) string { return Transport(i).String() }, "wire": func(i int) string { return Wire(i).String() },
		"method": MethodName, "condition": BOSHConditionName, "socket condition": SocketConditionName, "reason": ReasonName, "outcome": OutcomeName,
	} {
		n := map[string]int{
			"limit": Limits, "transport": Transports, "wire": Wires, "method": methods, "condition": boshConditions, "socket condition": socketConditions,
			"reason": reasons, "outcome": len(Counters{}.DNS.Answers),
		}[what]
		for i := range n {
			if names(i) == "invalid" || names(i) == "" {
				t.Errorf("%s %d has no name", what, i)
			}
		}
		if got := names(n); got != "invalid" {
			t.Errorf("%s %d is %s: one too many", what, n, got)
		}
	}
}

// Histories are put together by their time: what another loop has said a while ago is not now.
func TestMergeAlignsHistories(t *testing.T) {
	a, b := Stats{period: 100}, Stats{period: 97}
	a.History[samples-1].Requests, b.History[samples-1].Requests, b.History[0].Requests = 1, 2, 4
	a.merge(&b)
	if a.History[samples-1].Requests != 1 || a.History[samples-4].Requests != 2 || a.History[0].Requests != 0 {
		t.Errorf("%+v", a.History)
	}
	b.merge(&Stats{period: 100})
}

// The page of one loop shows the sessions of all, and their domains.
func TestPageOfGroup(t *testing.T) {
	g, addr := startGroup(t, 2, func(*Config) {})
	for i, s := range g.servers {
		inLoop(t, s, func() {
			s.stats.Sessions[TransportWebSocket].Opened += uint64(i + 1)
			s.publish()
		})
	}
	_, body := get(t, addr, "/http-bind/")
	wantContains(t, body, `<div class="value">3</div>`)
}
