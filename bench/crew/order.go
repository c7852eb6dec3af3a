package crew

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/null"
)

// op is what is ordered.
type op string

const (
	opTarget    op = "target" // to a generator, first of all
	opOpen      op = "open"
	opClose     op = "close"
	opEcho      op = "echo"
	opPaced     op = "paced"
	opOnce      op = "once"
	opChurn     op = "churn"
	opCalm      op = "calm"
	opCounts    op = "counts"
	opLatency   op = "latency"
	opPush      op = "push"
	opStopPush  op = "stop-push"
	opFigures   op = "figures"
	opIntroduce op = "introduce" // to a backend: where does it listen?
)

func (o op) String() string { return string(o) }

// order is a line to a part; N and Width are what the operation says.
type order struct {
	Op     op           `json:"op"`
	N      int64        `json:"n,omitempty"`
	Width  int          `json:"width,omitempty"`
	Target *load.Target `json:"target,omitempty"`
}

// answer is a line from a part.
type answer struct {
	Error   string       `json:"error,omitempty"`
	Addr    string       `json:"addr,omitempty"`
	N       uint64       `json:"n,omitempty"`
	Settled bool         `json:"settled,omitempty"`
	Counts  load.Count   `json:"counts"`
	Figures null.Figures `json:"figures"`
	Latency []byte       `json:"latency,omitempty"`
}

// obey reads orders until there are no more, and answers each.
func obey(in io.Reader, out io.Writer, do func(order) answer) error {
	enc := json.NewEncoder(out)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return fmt.Errorf("order: %w", err)
		}
		if err := enc.Encode(do(o)); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
	return lines.Err()
}
