package admin

import "github.com/prometheus/client_golang/prometheus"

// families are all that Describe names.
var families []*prometheus.Desc

// family makes one. It is called for package variables only.
func family(name, help string, labels ...string) *prometheus.Desc {
	d := prometheus.NewDesc("bosh_server_"+name, help, labels, nil)
	families = append(families, d)
	return d
}

// The metric families. In labels the words are those of the log and of the specifications.
var (
	descUp          = family("up", "1 while the event loops answer.")
	descBuild       = family("build_info", "Always 1; the version is in the label.", "version")
	descStart       = family("start_time_seconds", "When the process started, in seconds since 1970.")
	descLoops       = family("loops", "Event loops.")
	descDraining    = family("draining", "1 while the server is shutting down.")
	descSessionsMax = family("sessions_limit", "The most sessions there may be (--max-sessions); 0: as many as the file descriptors carry.")

	descSessions       = family("sessions", "Sessions of clients.", "transport")
	descSessionsOpened = family("sessions_opened_total", "Sessions that were opened.", "transport")
	descStreams        = family("streams", "Streams to XMPP servers.", "transport")
	descStreamsOpened  = family("streams_opened_total", "Streams that were opened.", "transport")
	descConnections    = family("connections", "Connections, by what they are for and what they wait for.", "transport", "state")

	descRequests     = family("http_requests_total", "HTTP requests, by method.", "method")
	descResponses    = family("http_responses_total", "HTTP answers, by status.", "code")
	descBOSHRequests = family("bosh_requests_total", "Requests with a <body/> for a session.")
	descStanzas      = family("stanzas_total", "Stanzas and other elements that were passed on.", "transport", "direction")
	descBytes        = family("bytes_total", "Bytes, inside TLS where there is some.", "transport", "direction")

	descHold    = family("bosh_hold_seconds", "How long BOSH requests waited for their answers.")
	descConnect = family("xmpp_connect_seconds", "How long it took until a connection to an XMPP server was up, its name looked up.")
	descLag     = family("loop_lag_seconds", "How late the event loop was for a timer, once a second while somebody looks.")

	descErrors     = family("errors_total", "Sessions and requests that ended with a condition.", "transport", "condition")
	descStreamEnds = family("stream_ends_total", "Streams to XMPP servers, by how they ended.", "reason")
	descLimits     = family("limit_hits_total", "How often a limit was hit.", "limit")
	descTLS        = family("tls_handshakes_total", "TLS handshakes, by who is at the other end.", "peer", "result")

	descDNSQueries   = family("dns_queries_total", "Messages that were sent to DNS resolvers, every try counted.")
	descDNSAnswers   = family("dns_answers_total", "Questions to DNS resolvers, by how they ended.", "outcome")
	descDNSCacheHits = family("dns_cache_hits_total", "Questions that the cache answered.")
	descDNSCached    = family("dns_cache_entries", "Answers in the cache.")
)
