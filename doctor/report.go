package doctor

import (
	"encoding/json"
	"time"
)

// Verdict is what it all comes to.
type Verdict uint8

const (
	// VerdictSession: a client gets a session, and nothing is wrong.
	VerdictSession Verdict = iota
	// VerdictWarnings: a client gets a session, but something is wrong.
	VerdictWarnings
	// VerdictNone: a client gets none.
	VerdictNone
)

var verdictNames = [...]string{VerdictSession: "session", VerdictWarnings: "warnings", VerdictNone: "none"}

func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "invalid"
}

// MarshalText is for JSON.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Report is what was found. Times are in milliseconds.
type Report struct {
	Domain       string     `json:"domain"` // in its ASCII form
	Route        string     `json:"route,omitempty"`
	Verdict      Verdict    `json:"verdict"`
	Problems     []Problem  `json:"problems"`
	Milliseconds ms         `json:"milliseconds"`        // to the features that the client sees, or to the end
	Reason       string     `json:"reason,omitempty"`    // why there is no session, as this server's log has it
	Condition    string     `json:"condition,omitempty"` // and as the client is told
	StreamError  string     `json:"stream_error,omitempty"`
	Settings     []Setting  `json:"settings"`
	Resolvers    []string   `json:"resolvers"`
	Questions    []Question `json:"dns"`
	Targets      []*Target  `json:"targets"` // in the order to try them
	HostMeta     HostMeta   `json:"host_meta"`
}

// ms is a time in milliseconds, for JSON with a microsecond's digits.
type ms float64

func since(from, to time.Time) ms { return ms(float64(to.Sub(from).Microseconds()) / 1000) }

// MarshalJSON leaves out digits that nobody has measured.
func (m ms) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(int64(float64(m)*1000+0.5)) / 1000)
}

// Problem is one line about what is wrong and what to do.
type Problem struct {
	Error bool   `json:"error"`           // this is why a client gets no session; else a warning
	Place string `json:"place,omitempty"` // the address that it is about, if it is not the client's
	Text  string `json:"text"`
}

// Setting is what the configuration says about the domain.
type Setting struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Question is one question to the DNS, and what came of it.
type Question struct {
	Type         string   `json:"type"`
	Name         string   `json:"name"`
	Resolver     string   `json:"resolver,omitempty"`
	Outcome      string   `json:"outcome"`
	Records      []string `json:"records,omitempty"` // addresses, or "PRIORITY WEIGHT PORT TARGET"
	TTL          int64    `json:"ttl,omitempty"`     // seconds
	Milliseconds ms       `json:"milliseconds"`
}

// Target is a host and port where the domain may be.
type Target struct {
	Name      string     `json:"target"` // xmpp:HOST:PORT, or xmpps:
	From      string     `json:"from"`
	Outcome   string     `json:"outcome,omitempty"` // why there is no address
	Addresses []*Address `json:"addresses"`         // in the order to try them
}

// Address is one address of a target, and what is there.
type Address struct {
	Address   string   `json:"address"`
	Network   string   `json:"network"`
	Client    bool     `json:"client"`            // the client's stream went here
	Refused   bool     `json:"refused,omitempty"` // by the address policy: no connection was made
	Unknown   bool     `json:"unknown,omitempty"` // it was not looked at, for want of time or since there are many
	Connect   ms       `json:"connect_milliseconds,omitempty"`
	Error     string   `json:"error,omitempty"` // no connection
	Policy    string   `json:"starttls_policy,omitempty"`
	TLS       *TLS     `json:"tls,omitempty"`
	Stream    *Stream  `json:"stream,omitempty"`
	Elsewhere string   `json:"elsewhere,omitempty"` // see-other-host
	problems  []string // what the log has said
	judged    bool     // by the trace that had it
}

// TLS is a handshake.
type TLS struct {
	Direct       bool         `json:"direct"` // with the first byte; else by STARTTLS
	Version      string       `json:"version,omitempty"`
	Cipher       string       `json:"cipher,omitempty"`
	Milliseconds ms           `json:"milliseconds"`
	Error        string       `json:"error,omitempty"`
	Certificate  *Certificate `json:"certificate,omitempty"`
}

// Certificate is what a server has shown.
type Certificate struct {
	Names  []string  `json:"names"`
	Issuer string    `json:"issuer"`
	From   time.Time `json:"not_before"`
	Until  time.Time `json:"not_after"`
	Valid  bool      `json:"valid"`
	Why    string    `json:"why,omitempty"` // it is not valid
}

// Stream is what the server has said on it.
type Stream struct {
	From         string    `json:"from,omitempty"`
	Version      string    `json:"version,omitempty"`
	Old          bool      `json:"old,omitempty"` // older than XMPP 1.0: without features
	Language     string    `json:"language,omitempty"`
	Milliseconds ms        `json:"milliseconds"`          // from the connection, or the end of the handshake, to the features
	Clear        *Features `json:"before_tls,omitempty"`  // as the server sent them
	Inside       *Features `json:"inside_tls,omitempty"`  // likewise
	Shown        *Features `json:"client_sees,omitempty"` // as the client gets them
	Hidden       []string  `json:"hidden,omitempty"`      // what it does not get
	Error        string    `json:"error,omitempty"`
}

// Features are a stream's.
type Features struct {
	Names       []string `json:"names"`
	Mechanisms  []string `json:"mechanisms"`
	Mechanisms2 []string `json:"sasl2_mechanisms,omitempty"`
	Bindings    []string `json:"channel_bindings,omitempty"`
}

// HostMeta is where clients look for this server (XEP-0156), and what it would tell them.
type HostMeta struct {
	At   string   `json:"at"` // not fetched
	URLs []string `json:"urls"`
}

// client is the address that the client's stream went to, the last one if it was sent elsewhere; nil: none.
func (r *Report) client() (found *Address) {
	for _, t := range r.Targets {
		for _, a := range t.Addresses {
			if a.Client {
				found = a
			}
		}
	}
	return found
}
