// Package report is what a run of the harness comes to: the figures, the table, the file of JSON and the page of HTML.
//
// It measures nothing. Figures keep what was counted and timed (messages, nanoseconds of CPU, bytes), and what is derived (µs per message, ratios
// with their spread) is derived here, in one place. Nothing in a report names the machine or a folder of it. The page has its charts inside, as SVG,
// and needs no other file.
package report
