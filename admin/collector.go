package admin

import (
	"context"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
)

// collector turns a snapshot into metrics at each scrape. The names are in families.go.
type collector struct {
	source  Source
	version string
}

func newCollector(source Source, version string) *collector { return &collector{source, version} }

// Describe names the families.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range families {
		ch <- d
	}
}

// Collect asks for a snapshot. When there is none in time, the scrape fails: old numbers would lie.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	st, err := c.source.Observe(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(descUp, err)
		return
	}
	g := gauger{ch}
	g.gauge(descUp, 1)
	g.gauge(descBuild, 1, c.version)
	g.gauge(descStart, float64(st.Started.UnixMilli())/1000)
	g.gauge(descLoops, float64(st.Loops))
	g.gauge(descDraining, boolean(st.Draining))
	g.gauge(descSessionsMax, float64(st.MaxFull))
	g.sessions(st)
	g.connections(st)
	g.traffic(st)
	g.failures(st)
	g.names(st)
	g.histogram(descHold, &st.Hold, proxy.HoldBounds[:])
	g.histogram(descConnect, &st.Connect, proxy.ConnectBounds[:])
	g.histogram(descLag, &st.Lag, proxy.LagBounds[:])
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// gauger writes metrics.
type gauger struct{ ch chan<- prometheus.Metric }

func (g gauger) gauge(d *prometheus.Desc, v float64, labels ...string) {
	g.ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func (g gauger) count(d *prometheus.Desc, n uint64, labels ...string) {
	g.ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

func (g gauger) histogram(d *prometheus.Desc, h *proxy.Histogram, bounds []timer.Time) {
	below := make(map[float64]uint64, len(bounds))
	n := uint64(0)
	for i, b := range bounds {
		n += h.Counts[i]
		below[float64(b)/1000] = n
	}
	g.ch <- prometheus.MustNewConstHistogram(d, h.Total(), float64(h.Sum)/1000, below)
}

func (g gauger) sessions(st *proxy.Stats) {
	for i := range st.Sessions {
		t := proxy.Transport(i).String()
		g.gauge(descSessions, float64(st.Sessions[i].Active()), t)
		g.count(descSessionsOpened, st.Sessions[i].Opened, t)
		g.gauge(descStreams, float64(st.Streams[i].Active()), t)
		g.count(descStreamsOpened, st.Streams[i].Opened, t)
		g.count(descStanzas, st.Stanzas[i].In, t, "from_client")
		g.count(descStanzas, st.Stanzas[i].Out, t, "to_client")
	}
}

func (g gauger) connections(st *proxy.Stats) {
	for i, state := range proxy.HTTPStates() {
		g.gauge(descConnections, float64(st.HTTP[i]), proxy.WireHTTP.String(), state)
	}
	g.gauge(descConnections, float64(st.WebSockets), proxy.WireWebSocket.String(), "open")
	for i, state := range proxy.XMPPStates() {
		g.gauge(descConnections, float64(st.XMPP[i]), proxy.WireXMPP.String(), state)
	}
}

func (g gauger) traffic(st *proxy.Stats) {
	for i := range st.Bytes {
		w := proxy.Wire(i).String()
		g.count(descBytes, st.Bytes[i].In, w, "received")
		g.count(descBytes, st.Bytes[i].Out, w, "sent")
	}
	for i, n := range st.Requests {
		g.count(descRequests, n, proxy.MethodName(i))
	}
	g.count(descBOSHRequests, st.BOSHRequests)
	for status, n := range st.Responses {
		if n > 0 || status == http.StatusOK {
			g.count(descResponses, n, strconv.Itoa(status))
		}
	}
}

func (g gauger) failures(st *proxy.Stats) {
	for i, n := range st.BOSHErrors {
		if i > 0 {
			g.count(descErrors, n, proxy.TransportBOSH.String(), proxy.BOSHConditionName(i))
		}
	}
	for i, n := range st.SocketErrors {
		if i > 0 {
			g.count(descErrors, n, proxy.TransportWebSocket.String(), proxy.SocketConditionName(i))
		}
	}
	for i, n := range st.StreamEnds {
		if i > 0 {
			g.count(descStreamEnds, n, proxy.ReasonName(i))
		}
	}
	for i, n := range st.Limits {
		g.count(descLimits, n, proxy.Limit(i).String())
	}
	g.count(descTLS, st.ClientTLS.OK, "client", "ok")
	g.count(descTLS, st.ClientTLS.Failed, "client", "failed")
	g.count(descTLS, st.ServerTLS.OK, "server", "ok")
	g.count(descTLS, st.ServerTLS.Failed, "server", "failed")
}

func (g gauger) names(st *proxy.Stats) {
	g.count(descDNSQueries, st.DNS.Queries)
	g.count(descDNSCacheHits, st.DNS.CacheHits)
	g.gauge(descDNSCached, float64(st.DNSCached))
	for i, n := range st.DNS.Answers {
		g.count(descDNSAnswers, n, proxy.OutcomeName(i))
	}
}
