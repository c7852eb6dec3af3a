package proxy

import (
	"runtime/metrics"

	"go-xmpp-bosh/timer"
)

// memory is how much the process has, and the kernel for it, looked up now and then.
type memory struct {
	at      timer.Time
	samples []metrics.Sample
	bytes   uint64
}

// memoryEvery is how often, in milliseconds, it is looked up at most.
const memoryEvery = 1000

// socketBytes is what the kernel takes for an idle socket (docs/deploying.md), of the same memory: the process is ended for it, too.
const socketBytes = 4 << 10

// inUse is how many bytes the process has from the system, and the kernel for its connections.
func (m *memory) inUse(now timer.Time, conns int) uint64 {
	if m.at == 0 || now-m.at >= memoryEvery {
		m.at = now
		if m.samples == nil {
			m.samples = []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		}
		metrics.Read(m.samples)
		m.bytes = m.samples[0].Value.Uint64() - m.samples[1].Value.Uint64()
	}
	return m.bytes + uint64(max(conns, 0))*socketBytes
}
