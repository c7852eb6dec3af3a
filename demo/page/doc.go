// Package page is the page of the demo: a chat client for two users in one web page, which logs in to the embedded XMPP server over BOSH or
// WebSocket, and shows beside it what goes over the wire.
//
// What it does: it holds the page's files inside the binary and gives them as the proxy serves them. web/ has the page's own: page.html, a template that is
// told where the server's paths are; style.css; and one script a concern. strophe/ has strophe.js as its authors built it, with its licence, and
// fetch.sh, which lays both there (make strophe).
//
// What it does not: it serves nothing itself, and the page asks no other host for anything. Its policy (Content-Security-Policy) lets it use
// files of its own origin and nothing else: no inline script, no inline style.
//
// Bytes: a File's content is never changed. Errors: what is wrong with the files of this package is found by its tests, so it panics.
package page
