package report

import (
	"fmt"
	"time"

	"go-xmpp-bosh/bench/proc"
)

// Report is one run.
type Report struct {
	Date     time.Time  `json:"date"`
	Commit   string     `json:"commit"` // with "+" when the tree had changes
	Command  string     `json:"command"`
	Machine  Machine    `json:"machine"`
	Quick    bool       `json:"quick"`
	Part     bool       `json:"part,omitempty"` // not all subjects, or fewer sessions
	Message  int        `json:"message_bytes"`
	Closing  float64    `json:"seconds_after_close"` // how long after the last session closed memory was measured
	Ended    string     `json:"ended,omitempty"`     // why not all was measured
	Subjects []*Subject `json:"subjects"`
}

// Machine is where it ran.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory_bytes"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
}

// Subject is one server over one transport, and all that was measured of it.
type Subject struct {
	Server    string `json:"server"`
	Version   string `json:"version,omitempty"`
	Transport string `json:"transport"`
	TLS       bool   `json:"tls"`
	Loops     int    `json:"loops,omitempty"`   // of bosh-server on any core, to compare throughput; 0: one loop on one core
	Missing   string `json:"missing,omitempty"` // why nothing was measured
	Failure   string `json:"failure,omitempty"` // what makes the run a failed one

	Start      proc.Memory        `json:"start"` // after one warm-up session
	SetUps     []SetUp            `json:"set_ups,omitempty"`
	Idle       []Idle             `json:"idle,omitempty"`
	Echo       []Traffic          `json:"echo,omitempty"`
	Push       []Traffic          `json:"push,omitempty"`
	NoPush     string             `json:"no_push,omitempty"`
	Busy       *Traffic           `json:"busy,omitempty"`  // echo of some, while the rest rests
	Paced      []Traffic          `json:"paced,omitempty"` // windows of one interval each
	Steady     proc.Summary       `json:"steady_gc"`       // collections from the first round of traffic to the last
	Churn      *Traffic           `json:"churn,omitempty"` // its messages are whole sessions
	After      *proc.Memory       `json:"after,omitempty"` // after everything has closed
	Goroutines int                `json:"goroutines,omitempty"`
	Calls      map[string]float64 `json:"system_calls_per_message,omitempty"`
}

// SetUp is the opening of sessions, from connect to bind.
type SetUp struct {
	Sessions int           `json:"sessions"`
	Wall     time.Duration `json:"wall_ns"`
	CPU      time.Duration `json:"cpu_ns"`
	GC       proc.Summary  `json:"gc"`
}

// Idle is what sessions cost that do nothing.
type Idle struct {
	Sessions int         `json:"sessions"`
	Memory   proc.Memory `json:"memory"`
	Kernel   proc.Kernel `json:"kernel"` // more than before the sessions, at both ends of every connection
}

// Traffic is a while of messages.
type Traffic struct {
	Round    int           `json:"round"`
	Sessions int           `json:"sessions"`
	Messages uint64        `json:"messages"`
	Wall     time.Duration `json:"wall_ns"`
	CPU      time.Duration `json:"cpu_ns"`
	Latency  Latency       `json:"latency"`
	GC       proc.Summary  `json:"gc"`
}

// Latency is from the moment a message was due to its arrival.
type Latency struct {
	P50  time.Duration `json:"p50_ns"`
	P99  time.Duration `json:"p99_ns"`
	P999 time.Duration `json:"p999_ns"`
	Max  time.Duration `json:"max_ns"`
}

// Name is how a subject is called in the table.
func (s *Subject) Name() string {
	name := s.Server + " " + s.Transport
	if s.TLS {
		name += "+tls"
	}
	if s.Loops > 0 {
		name += fmt.Sprintf(" loops=%d", s.Loops)
	}
	return name
}

// PerMessage is the CPU time of one message, in µs.
func (t *Traffic) PerMessage() float64 {
	if t.Messages == 0 {
		return 0
	}
	return float64(t.CPU.Nanoseconds()) / 1000 / float64(t.Messages)
}

// Busy is the share of its core that the server used.
func (t *Traffic) Busy() float64 {
	if t.Wall == 0 {
		return 0
	}
	return t.CPU.Seconds() / t.Wall.Seconds()
}

// Rate is messages a second.
func (t *Traffic) Rate() float64 {
	if t.Wall == 0 {
		return 0
	}
	return float64(t.Messages) / t.Wall.Seconds()
}

// PerSession is the CPU time of one set-up, in µs.
func (s *SetUp) PerSession() float64 {
	if s.Sessions == 0 {
		return 0
	}
	return float64(s.CPU.Nanoseconds()) / 1000 / float64(s.Sessions)
}

// BytesPerSession is how much more than at the start a server holds, for each session.
func (s *Subject) BytesPerSession(i Idle) (resident, proportional float64) {
	n := float64(max(1, i.Sessions))
	return float64(i.Memory.Resident-s.Start.Resident) / n, float64(i.Memory.Proportional-s.Start.Proportional) / n
}

// Kept is the memory after everything closed, as a multiple of the start's.
func (s *Subject) Kept() float64 {
	if s.After == nil || s.Start.Resident == 0 {
		return 0
	}
	return float64(s.After.Resident) / float64(s.Start.Resident)
}
