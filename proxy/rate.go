package proxy

import "go-xmpp-bosh/timer"

// rateWindow is over how long, in milliseconds, what a client sends is counted: bursts are how chat goes.
const rateWindow = 10_000

// rate counts what a session's client sends.
type rate struct {
	since           timer.Time
	requests, bytes int
}

// spend counts what a client has sent; false: it was too much, and its session is to end.
func (s *Server) spend(h holder, requests, bytes int) bool {
	maxRequests, maxBytes := s.cfg.RequestsPerSecond, s.cfg.BytesPerSecond
	if maxRequests == 0 && maxBytes == 0 {
		return true
	}
	t := &s.admission
	r := t.rates[h]
	if r == nil {
		if t.rates == nil {
			t.rates = map[holder]*rate{}
		}
		r = new(rate)
		t.rates[h] = r
	}
	if now := s.now(); r.since == 0 || now-r.since >= rateWindow {
		*r = rate{since: now}
	}
	r.requests += requests
	r.bytes += bytes
	const seconds = int(rateWindow / timer.Second)
	switch {
	case maxRequests > 0 && r.requests > maxRequests*seconds:
		s.stats.hit(LimitRequests)
		s.complain.warn(s.log, s.now(), "sessions were ended that sent more than --max-requests-per-second allows")
	case maxBytes > 0 && r.bytes > maxBytes*seconds:
		s.stats.hit(LimitBytes)
		s.complain.warn(s.log, s.now(), "sessions were ended that sent more than --max-bytes-per-second allows")
	default:
		return true
	}
	return false
}
