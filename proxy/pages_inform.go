package proxy

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
)

// info is what the operators' page has beside the statistics.
type info struct {
	Facts    []fact
	Memory   []fact
	Domains  []domainRow
	Left     int // domains that are not shown
	Troubles []fact
	Settings []Setting
}

type fact struct{ Name, Value string }

type domainRow struct {
	Name            string
	BOSH, WebSocket int
}

// Bounds of what is looked at and shown for the table of domains, so that the loop is not kept.
const (
	domainsShown   = 100
	domainsScanned = 100_000
)

// byDomain counts the streams of this loop.
func (s *Server) byDomain() map[string][Transports]int {
	found := map[string][Transports]int{}
	from, done := uint32(0), false
	for n := 0; !done && n < domainsScanned; n += scanMax {
		from, done = s.backends.scan(from, func(_ uint32, b *backend) bool {
			if name := b.xmpp.Domain(); !b.ended && name != "" {
				counts := found[name]
				counts[b.of.kind.transport()]++
				found[name] = counts
			}
			return true
		})
	}
	return found
}

// inform is the operators' page.
func (s *Server) inform(st *Stats) *view {
	v := s.view(st)
	v.Title, v.Refresh = "System information", 3*SampleSeconds
	in := &info{Settings: s.cfg.Settings}
	v.Info = in
	in.Facts = []fact{
		{"Version", cmp.Or(s.cfg.Version, "unknown")},
		{"Go", runtime.Version() + ", " + runtime.GOOS + "/" + runtime.GOARCH},
		{"Started", st.Started.UTC().Format("2006-01-02 15:04:05 UTC")},
		{"Event loops", strconv.Itoa(st.Loops)},
		{"HTTP connections", strconv.Itoa(sum(st.HTTP[:]))},
		{"WebSocket connections", strconv.Itoa(st.WebSockets)},
		{"Connections to servers", fmt.Sprintf("%d, %d more on their way", st.XMPP[2], st.XMPP[0]+st.XMPP[1])},
		{"HTTP requests", grouping(total(st.Requests[:]))},
		{"TLS with clients", handshakesText(st.ClientTLS)},
		{"TLS with servers", handshakesText(st.ServerTLS)},
		{"DNS", fmt.Sprintf("%d queries, %d answers from the cache", st.DNS.Queries, st.DNS.CacheHits)},
		{"Loop lag above 10 ms", fmt.Sprintf("%d of %d looks", st.Lag.Total()-total(st.Lag.Counts[:4]), st.Lag.Total())},
	}
	in.Memory = memoryFacts()
	in.Troubles = troubles(st)
	for name, n := range st.Domains {
		in.Domains = append(in.Domains, domainRow{name, n[TransportBOSH], n[TransportWebSocket]})
	}
	slices.SortFunc(in.Domains, func(a, b domainRow) int {
		return cmp.Or(cmp.Compare(b.BOSH+b.WebSocket, a.BOSH+a.WebSocket), cmp.Compare(a.Name, b.Name))
	})
	if len(in.Domains) > domainsShown {
		in.Left = len(in.Domains) - domainsShown
		in.Domains = in.Domains[:domainsShown]
	}
	return v
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}

func total(list []uint64) (n uint64) {
	for _, v := range list {
		n += v
	}
	return n
}

func handshakesText(h Handshakes) string { return fmt.Sprintf("%d, %d failed", h.OK, h.Failed) }

// memoryFacts asks the runtime, without stopping the world.
func memoryFacts() []fact {
	list := []struct {
		name, metric string
		text         func(uint64) string
	}{
		{"Objects on the heap", "/memory/classes/heap/objects:bytes", bytesText},
		{"Heap that the next collection aims at", "/gc/heap/goal:bytes", bytesText},
		{"Stacks", "/memory/classes/heap/stacks:bytes", bytesText},
		{"From the system in all", "/memory/classes/total:bytes", bytesText},
		{"Collections", "/gc/cycles/total:gc-cycles", grouping},
		{"Goroutines", "/sched/goroutines:goroutines", grouping},
		{"Threads that may run Go", "/sched/gomaxprocs:threads", grouping},
	}
	read := make([]metrics.Sample, len(list))
	for i, e := range list {
		read[i].Name = e.metric
	}
	metrics.Read(read)
	var facts []fact
	for i, e := range list {
		if read[i].Value.Kind() == metrics.KindUint64 {
			facts = append(facts, fact{e.name, e.text(read[i].Value.Uint64())})
		}
	}
	return facts
}

func bytesText(n uint64) string { return size(float64(n)) }

// troubles are the conditions, ends and limits that have occurred.
func troubles(st *Stats) (facts []fact) {
	note := func(what, name string, n uint64) {
		if n > 0 {
			facts = append(facts, fact{what + " " + name, grouping(n)})
		}
	}
	for i, n := range st.Limits {
		note("Limit", Limit(i).String(), n)
	}
	for i, n := range st.BOSHErrors[1:] {
		note("BOSH", BOSHConditionName(i+1), n)
	}
	for i, n := range st.SocketErrors[1:] {
		note("WebSocket", SocketConditionName(i+1), n)
	}
	for i, n := range st.StreamEnds[1:] {
		note("Stream", ReasonName(i+1), n)
	}
	return facts
}
