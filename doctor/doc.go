// Package doctor says what a client of a domain would get from this server, step by step, and what to do about what is wrong.
//
// # What it does
//
// Check opens the stream that a client would have, with a proxy.Prober: a Server of the same Config that listens nowhere. Look-up, firewall, address policy,
// the race for a connection, TLS and the stream are the server's own code, which tells its steps; nothing of it is written a second time here. A
// trace makes a Report's places of the steps. The log's warnings, which say what to do, are the Report's problems in the same words.
//
// A client goes to the first place that takes a connection. The others are looked at too, one stream for each address, since they are where clients go when
// that one is down; what is wrong there is a warning.
//
// judge.go adds what the server has no reason to say (a certificate that expires soon, passwords that cross a network in clear, a domain that nobody
// knows), and comes to the Verdict. text.go writes a Report for people; as JSON it is for programs.
//
// # What it does not
//
// It never logs in, and sends a server nothing but stream headers, <starttls/> and the end tag. It fetches nothing over HTTP: host-meta (XEP-0156) is what
// clients ask their domain's web server for. Limits on sessions are not looked at.
//
// # Bounds
//
// The context bounds all of it. At most as many addresses are looked at as the server would try. What servers say is cut and cleaned before it is shown.
//
// # Goroutines
//
// The Prober's loop has one, on which traces are written, under their lock; Check's caller waits. After Check has returned there is neither.
//
// # Errors
//
// An error of Check means that there was nothing to be found out: ErrDomain, or a Config that cannot be used. All else is in the Report.
//
// # Specifications
//
// Those of proxy, lookup and xmppconn; XEP-0440 (channel bindings), XEP-0156.
package doctor
