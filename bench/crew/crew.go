package crew

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"go-xmpp-bosh/bench/epoll"
	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/null"
)

// Backend is a null XMPP backend in a process of its own.
type Backend struct {
	m       *member
	counter *os.File
	Addr    netip.AddrPort
}

// StartBackend starts one.
func StartBackend(core int) (*Backend, error) {
	counter, err := epoll.NewCounterFile()
	if err != nil {
		return nil, err
	}
	m, err := start(roleNull, core, counter)
	if err != nil {
		return nil, err
	}
	b := &Backend{m: m, counter: counter}
	a, err := m.do(order{Op: opIntroduce})
	if err == nil {
		b.Addr, err = netip.ParseAddrPort(a.Addr)
	}
	if err != nil {
		b.Stop()
		return nil, err
	}
	return b, nil
}

// Push begins to send messages of size bytes to all sessions in turn, at most window of them under way.
func (b *Backend) Push(window, size int) (sessions int, err error) {
	a, err := b.m.do(order{Op: opPush, Width: window, N: int64(size)})
	return int(a.N), err
}

// StopPush ends it, and says how many messages were sent.
func (b *Backend) StopPush() (uint64, error) {
	a, err := b.m.do(order{Op: opStopPush})
	return a.N, err
}

// Figures counts.
func (b *Backend) Figures() (null.Figures, error) {
	a, err := b.m.do(order{Op: opFigures})
	return a.Figures, err
}

// Stop ends the process.
func (b *Backend) Stop() {
	b.m.stop()
	b.counter.Close()
}

// Load is the load generators at one target: as many processes as the descriptors of its sessions need.
type Load struct {
	members []*member
	most    int // sessions that one process can have
}

// reserve is how many descriptors a process needs for other things than sessions.
const reserve = 64

// StartLoad starts generators for up to sessions sessions. beside is the backend that may push to them; nil for servers that have none.
func StartLoad(core int, t load.Target, sessions int, beside *Backend) (*Load, error) {
	counter, err := counterOf(beside)
	if err != nil {
		return nil, err
	}
	l := &Load{most: (DescriptorsMax() - reserve) / t.Transport.Sockets()}
	for first := 0; first == 0 || first < sessions; first += l.most {
		m, err := start(roleLoad, core, counter)
		if err != nil {
			l.Stop()
			return nil, err
		}
		l.members = append(l.members, m)
		mine := t
		mine.First = first
		if _, err := m.do(order{Op: opTarget, Target: &mine}); err != nil {
			l.Stop()
			return nil, err
		}
	}
	return l, nil
}

func counterOf(b *Backend) (*os.File, error) {
	if b != nil {
		return b.counter, nil
	}
	return epoll.NewCounterFile()
}

// PIDs are the generators' processes.
func (l *Load) PIDs() (pids []int) {
	for _, m := range l.members {
		pids = append(pids, m.cmd.Process.Pid)
	}
	return pids
}

func (l *Load) all(o order) (sum load.Count, settled bool, err error) {
	settled = true
	for _, m := range l.members {
		a, err := m.do(o)
		if err != nil {
			return sum, false, err
		}
		sum = sum.Add(a.Counts)
		settled = settled && a.Settled
	}
	return sum, settled, nil
}

// Open opens n more sessions, so many at once, and returns when they stand.
func (l *Load) Open(n, inflight int, patience time.Duration) (load.Count, error) {
	if _, err := l.share(order{Op: opOpen, Width: inflight}, n); err != nil {
		return load.Count{}, err
	}
	return l.Settle(patience)
}

// share gives each its part of n.
func (l *Load) share(o order, n int) (sum load.Count, err error) {
	for i, m := range l.members {
		o.N = int64(n / len(l.members))
		if i < n%len(l.members) {
			o.N++
		}
		a, err := m.do(o)
		if err != nil {
			return sum, err
		}
		sum = sum.Add(a.Counts)
	}
	return sum, nil
}

// Echo makes so many of the sessions send in closed loops (load.All: every one), and returns when each of them has had its first echo.
func (l *Load) Echo(busy int, patience time.Duration) error {
	var c load.Count
	var err error
	if busy == load.All {
		c, _, err = l.all(order{Op: opEcho, N: load.All})
	} else {
		c, err = l.share(order{Op: opEcho}, busy)
	}
	for until := time.Now().Add(patience); err == nil && c.Silent > 0; c, err = l.Counts() {
		if time.Now().After(until) {
			return fmt.Errorf("%w: %d sessions have no echo after %v; %s", ErrUnsettled, c.Silent, patience, c.Trouble())
		}
		time.Sleep(5 * time.Millisecond)
	}
	return err
}

// SendOnce makes each session that hasn't sent yet send one message, and returns when all have come back.
func (l *Load) SendOnce(patience time.Duration) (load.Count, error) {
	if _, _, err := l.all(order{Op: opOnce}); err != nil {
		return load.Count{}, err
	}
	return l.Settle(patience)
}

// Paced makes each session send one message in each interval.
func (l *Load) Paced(interval time.Duration) error {
	_, _, err := l.all(order{Op: opPaced, N: int64(interval)})
	return err
}

// Churn opens sessions that end after one message, so many at once in each process.
func (l *Load) Churn(width int) error {
	_, _, err := l.all(order{Op: opChurn, Width: width})
	return err
}

// Calm ends what the sessions do, and returns when nothing is under way any more.
func (l *Load) Calm(patience time.Duration) (load.Count, error) {
	if _, _, err := l.all(order{Op: opCalm}); err != nil {
		return load.Count{}, err
	}
	return l.Settle(patience)
}

// Close closes all sessions properly and returns when they are.
func (l *Load) Close(inflight int, patience time.Duration) (load.Count, error) {
	if _, _, err := l.all(order{Op: opClose, Width: inflight}); err != nil {
		return load.Count{}, err
	}
	return l.Settle(patience)
}

// Counts sums up.
func (l *Load) Counts() (load.Count, error) {
	c, _, err := l.all(order{Op: opCounts})
	return c, err
}

// ErrUnsettled is what Settle ends in when something stays under way.
var ErrUnsettled = errors.New("something is still under way")

// Settle waits until nothing is under way.
func (l *Load) Settle(patience time.Duration) (load.Count, error) {
	for until := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		c, settled, err := l.all(order{Op: opCounts})
		if err != nil || settled {
			return c, err
		}
		if time.Now().After(until) {
			return c, fmt.Errorf("%w after %v: %d sessions stand, %d messages awaited; %s", ErrUnsettled, patience, c.Ready, c.Awaited, c.Trouble())
		}
	}
}

// TakeLatency is the latencies of all since it was last called.
func (l *Load) TakeLatency() (*hdrhistogram.Histogram, error) {
	var sum *hdrhistogram.Histogram
	for _, m := range l.members {
		a, err := m.do(order{Op: opLatency})
		if err != nil {
			return nil, err
		}
		h, err := hdrhistogram.Decode(a.Latency)
		if err != nil {
			return nil, fmt.Errorf("latencies: %w", err)
		}
		if sum == nil {
			sum = h
			continue
		}
		sum.Merge(h)
	}
	return sum, nil
}

// Stop ends the processes, and with them whatever sessions they have.
func (l *Load) Stop() {
	for _, m := range l.members {
		m.stop()
	}
}
