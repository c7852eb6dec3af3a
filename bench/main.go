package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/bench/crew"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailed  = 1 // a message was lost, doubled or out of order, or something broke down
	exitSetting = 2
)

func main() {
	if args := os.Args[1:]; crew.IsPart(args) {
		if err := crew.Main(args, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(exitFailed)
		}
		return
	}
	os.Exit(bench(os.Args[1:], os.Stdout, os.Stderr))
}

// bench is main with its surroundings as parameters.
func bench(args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintln(stderr, "bench:", err)
		return exitSetting
	}
	switch {
	case o.publishing != "":
		if err := publishResult(o.publishing, o.results, stdout); err != nil {
			fmt.Fprintln(stderr, "bench:", err)
			return exitFailed
		}
		return exitOK
	case o.million > 0:
		if err := machines(o.million, o.results, stdout); err != nil {
			fmt.Fprintln(stderr, "bench:", err)
			return exitFailed
		}
		return exitOK
	}
	return measure(o, stdout, stderr)
}

// measure is a whole run.
func measure(o *options, stdout, stderr io.Writer) int {
	r, err := newRun(o, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return exitFailed
	}
	defer r.stop()
	if err := r.all(); err != nil {
		r.report.Ended = err.Error() // what was measured until then is worth having
	}
	if err := r.publish(stdout); err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return exitFailed
	}
	if r.report.Failed() {
		return exitFailed
	}
	return exitOK
}
