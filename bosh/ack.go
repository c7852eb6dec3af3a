package bosh

import "go-xmpp-bosh/timer"

// takeAck reads the newest request's acknowledgement (XEP-0124 §9.2). Saying nothing says that all answers have come.
func (s *Session) takeAck(now timer.Time, b *Body) {
	if !s.acks {
		return
	}
	ack, said := s.answered, b.attrs.ack != nil
	if said {
		v, ok := parseRID(b.attrs.ack)
		if !ok {
			return
		}
		ack = min(v, s.answered)
	}
	for s.acked < ack {
		s.acked++
		s.env.Out.ResponseAcknowledged(s, s.acked)
	}
	if said {
		s.raiseFloor(ack + 1)
		s.missing(now, ack+1)
	}
}

// missing has the next answer report one that the client has not got, if that isn't just under way (decisions.md 34).
func (s *Session) missing(now timer.Time, rid uint64) {
	if rid > s.answered || rid <= s.reported {
		return
	}
	if a := s.retained(rid); a != nil && a.at != 0 && now-a.at > s.env.Config.ReportDelay {
		s.report, s.release = rid, max(s.release, s.rid)
	}
}

// appendReport appends what is reported: which answer is missing, and how long ago it was sent.
func (s *Session) appendReport(dst []byte, now timer.Time) []byte {
	a := s.retained(s.report)
	if a != nil {
		dst = appendNumber(dst, "report", s.report)
		dst = appendNumber(dst, "time", uint64(now-a.at))
	}
	s.reported, s.report = s.report, 0
	return dst
}
