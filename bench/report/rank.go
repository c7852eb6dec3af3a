package report

import "fmt"

// The servers whose figures have a part of their own: the one that all is about, the relay that doesn't look at what it carries, to which ratios are, and
// the web server that answers with nothing.
const (
	oursName = "bosh-server"
	baseName = "haproxy"
	postName = "nginx"
)

// IsOurs says whether a subject is bosh-server.
func IsOurs(s *Subject) bool { return s.Server == oursName }

// IsFloor says whether a subject is there to show what can't be undercut.
func IsFloor(s *Subject) bool { return s.Server == baseName || s.Server == postName }

// find is a server over a transport without TLS, as it runs by itself; one without figures if there is none.
func (r *Report) find(server, transport string) *Subject {
	for _, s := range r.Subjects {
		if s.Server == server && s.Transport == transport && !s.TLS && s.Loops == 0 {
			return s
		}
	}
	return &Subject{Server: server, Transport: transport}
}

// base finds the relay's figures.
func (r *Report) base() *Subject { return r.find(baseName, "tcp") }

// isBOSH says whether a transport is HTTP that holds requests.
func isBOSH(transport string) bool { return transport == "bosh2" || transport == "bosh1" }

// PacedP99 is the 99th percentile of each window of paced traffic, in milliseconds.
func PacedP99(s *Subject) Spread {
	var values []float64
	for i := range s.Paced {
		values = append(values, s.Paced[i].Latency.P99.Seconds()*1000)
	}
	return SpreadOf(values)
}

// rank is a subject's place among the servers that do the same work, by the 99th percentile of paced traffic: all over BOSH, or all over
// WebSocket, the floors and TLS apart.
func (r *Report) rank(s *Subject) string {
	mine := PacedP99(s)
	if mine.N == 0 || IsFloor(s) || s.TLS || s.Loops > 0 {
		return "–"
	}
	place, of := 1, 1
	for _, other := range r.Subjects {
		if other.Server == s.Server || IsFloor(other) || other.TLS || other.Loops > 0 || isBOSH(other.Transport) != isBOSH(s.Transport) {
			continue
		}
		p := PacedP99(other)
		if p.N == 0 {
			continue
		}
		of++
		if p.Median < mine.Median {
			place++
		}
	}
	return fmt.Sprintf("%d of %d", place, of)
}

// lowestOther is the lowest 99th percentile that a server that is neither ours nor a floor has over BOSH, or over WebSocket.
func (r *Report) lowestOther(bosh bool) (least float64, ok bool) {
	for _, s := range r.Subjects {
		if IsOurs(s) || IsFloor(s) || s.TLS || isBOSH(s.Transport) != bosh {
			continue
		}
		if p := PacedP99(s); p.N > 0 && (!ok || p.Median < least) {
			least, ok = p.Median, true
		}
	}
	return least, ok
}

// Scaling says what more loops came to, each beside one loop on the same cores.
func (r *Report) Scaling() (lines []string) {
	for _, s := range r.Subjects {
		if s.Loops < 2 || len(s.Echo) == 0 {
			continue
		}
		for _, one := range r.Subjects {
			if one.Loops != 1 || one.Transport != s.Transport || one.Server != s.Server || len(one.Echo) == 0 {
				continue
			}
			lines = append(lines, fmt.Sprintf("%s over one loop, %d sessions, all on any core: %s × the messages/s (%s against %s) at %s × the CPU of a message",
				s.Name(), s.Echo[0].Sessions, compare(s.Echo, one.Echo, (*Traffic).Rate), rates(s.Echo), rates(one.Echo), Ratio(s.Echo, one.Echo)))
		}
	}
	return lines
}

func rates(rounds []Traffic) string {
	var values []float64
	for i := range rounds {
		values = append(values, rounds[i].Rate())
	}
	return fmt.Sprintf("%.0f", SpreadOf(values).Median)
}
