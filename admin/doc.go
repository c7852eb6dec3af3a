// Package admin serves the operator: metrics, health, profiles and the list of sessions, on an address of its own.
//
// # What it serves
//
//	GET    /metrics         for Prometheus: bosh_server_…, go_… and process_…
//	GET    /healthz         200 while the event loop answers, else 503
//	GET    /readyz          200 while new sessions are taken; 503 while draining
//	GET    /sessions        a JSON list, ?limit=100&from=PLACE: names and numbers, no contents and no sids
//	DELETE /sessions/ID     ends a session; so does POST /sessions/ID/end
//	GET    /debug/pprof/    Go's profiles
//
// # What it does not
//
// It knows no session and no socket of the proxy's: whatever it shows it asks a Source for, which copies it on its loop. It has no login and no TLS: who reaches
// the address is the operator, so it is on loopback unless told otherwise.
//
// # Against browsers
//
// A page on another site can have its reader's browser send requests to an address on the reader's machine. So the Host has to be an address or localhost (a name
// of the attacker's that resolves to 127.0.0.1 is refused), what the browser says is another site's is refused, nothing has CORS fields, and what changes something
// needs a header field, which a page cannot send to another origin without asking first.
//
// # Goroutines
//
// Those of net/http, apart from the event loop; none of them holds a lock that a loop wants. Every question to a loop has a deadline.
package admin
