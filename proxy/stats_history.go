package proxy

import (
	"go-xmpp-bosh/timer"
)

// The history: a sample for every ten seconds of the last ten minutes.
const (
	samplePeriod = 10 * timer.Second
	samples      = 60
)

// Sample is one of them: what there was at its end, and what happened in its ten seconds.
type Sample struct {
	Sessions [Transports]uint64
	Streams  uint64
	Requests uint64
	Stanzas  Traffic
	Bytes    Traffic // with clients
}

func (p *Sample) merge(o *Sample) {
	for t := range p.Sessions {
		p.Sessions[t] += o.Sessions[t]
	}
	p.Streams += o.Streams
	p.Requests += o.Requests
	p.Stanzas.merge(o.Stanzas)
	p.Bytes.merge(o.Bytes)
}

// watch is the part of the counting that takes time: the history, and how late the loop is.
//
// The history's timer runs while there are sessions or streams, and until one sample has none: a server with nothing to do sleeps, and what it slept through is
// filled in with zeros. The lag is taken from a timer of its own, once a second, for two minutes after somebody has looked, so that a scraper keeps it going and
// nobody else pays.
type watch struct {
	ring    [samples]Sample
	number  int64  // of the newest sample: its time in periods; 0: none yet
	base    Sample // the sums as of its end
	history timer.Node
	lag     timer.Node
	lagDue  timer.Time
	looked  timer.Time
}

// lagPeriod is how often the lag is taken, and lookTime for how long after a look.
const (
	lagPeriod = 1 * timer.Second
	lookTime  = 120 * timer.Second
)

// sums are the counters that samples are the differences of.
func (s *Server) sums() (p Sample) {
	c := &s.stats.Counters
	for _, n := range c.Requests {
		p.Requests += n
	}
	for t := range c.Stanzas {
		p.Stanzas.merge(c.Stanzas[t])
	}
	p.Bytes.merge(c.Bytes[WireHTTP])
	p.Bytes.merge(c.Bytes[WireWebSocket])
	return p
}

// wakeHistory begins to take samples, if none are taken.
func (s *Server) wakeHistory() {
	w := &s.stats.watch
	if w.history.Armed() {
		return
	}
	now := int64(s.now() / samplePeriod)
	if w.number == 0 {
		w.number = now
	}
	w.skip(now)
	w.base = s.sums()
	w.history.Key = uint64(keyHistory) << 32
	s.loop.SetTimer(&w.history, timer.Time(now+1)*samplePeriod)
}

// skip moves on to a period in which nothing was sampled.
func (w *watch) skip(to int64) {
	for n := max(w.number, to-samples); n < to; n++ {
		w.ring[(n+1)%samples] = Sample{}
	}
	w.number = max(w.number, to)
}

// handleHistoryTimer takes a sample.
func (s *Server) handleHistoryTimer() {
	w := &s.stats.watch
	now := int64(s.now() / samplePeriod)
	w.skip(now - 1) // a loop that was late
	p, sums := Sample{}, s.sums()
	p.Requests = sums.Requests - w.base.Requests
	p.Stanzas = Traffic{sums.Stanzas.In - w.base.Stanzas.In, sums.Stanzas.Out - w.base.Stanzas.Out}
	p.Bytes = Traffic{sums.Bytes.In - w.base.Bytes.In, sums.Bytes.Out - w.base.Bytes.Out}
	for t := range p.Sessions {
		p.Sessions[t] = s.active(Transport(t))
		p.Streams += s.stats.Streams[t].Active()
	}
	w.number, w.base = now, sums
	w.ring[now%samples] = p
	s.publish()
	if p.Sessions[TransportBOSH]+p.Sessions[TransportWebSocket]+p.Streams > 0 {
		s.loop.SetTimer(&w.history, timer.Time(now+1)*samplePeriod)
	}
}

// past is the history up to a period, oldest first.
func (w *watch) past(now int64) (p [samples]Sample) {
	for i := range p {
		n := now - samples + 1 + int64(i)
		if n <= w.number && n > w.number-samples && n > 0 {
			p[i] = w.ring[n%samples]
		}
	}
	return p
}

// look is called when somebody looks at the numbers.
func (s *Server) look() {
	w := &s.stats.watch
	w.looked = s.now()
	if !w.lag.Armed() {
		w.lag.Key = uint64(keyLag) << 32
		w.lagDue = s.now() + lagPeriod
		s.loop.SetTimer(&w.lag, w.lagDue)
	}
}

// handleLagTimer takes the loop's lag: how much later it is than it was to be.
func (s *Server) handleLagTimer() {
	w := &s.stats.watch
	s.stats.Lag.observe(&LagBounds, s.now()-w.lagDue)
	if s.now()-w.looked < lookTime {
		w.lagDue = s.now() + lagPeriod
		s.loop.SetTimer(&w.lag, w.lagDue)
	}
}
