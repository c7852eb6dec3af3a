package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
)

// Levels beside slog's own four, under the names that node-xmpp-bosh's users know.
const (
	levelTrace = slog.Level(-8)
	levelFatal = slog.Level(12)
	levelOff   = slog.Level(1 << 20)
)

var levelNames = []struct {
	name  string
	level slog.Level
}{
	{"ALL", levelTrace},
	{"TRACE", levelTrace},
	{"DEBUG", slog.LevelDebug},
	{"INFO", slog.LevelInfo},
	{"WARN", slog.LevelWarn},
	{"ERROR", slog.LevelError},
	{"FATAL", levelFatal},
	{"OFF", levelOff},
}

// logSettings are the flags about the log.
type logSettings struct {
	name   string
	level  slog.Level
	format string
	access int
	trim   int
}

// The forms of the log.
const (
	formatText = "text"
	formatJSON = "json"
)

func (s *logSettings) define(f *pflag.FlagSet) {
	f.StringVar(&s.name, "logging", "INFO", "least severe `level` to log: ALL, TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF")
	f.StringVar(&s.format, "log-format", formatText, "`form` of the log on standard error: text or json")
	f.IntVar(&s.access, "access-log", 0, "log one of so many HTTP requests, at level INFO; 1 is every one")
	f.IntVar(&s.trim, "trim-default-length", 256, "bytes of a stanza that are logged at level TRACE; -1: all")
}

// check refuses what cannot work.
func (s *logSettings) check() (err error) {
	if s.level, err = parseLevel(s.name); err != nil {
		return err
	}
	switch {
	case s.format != formatText && s.format != formatJSON:
		return fmt.Errorf("--log-format=%s: one of text, json", s.format)
	case s.access < 0 || s.access > 1<<30:
		return fmt.Errorf("--access-log=%d: from 0 (none) to %d", s.access, 1<<30)
	case s.access > 0 && s.level > slog.LevelInfo:
		return errors.New("--access-log writes at level INFO, which --logging leaves out: give --logging=INFO, or leave one out")
	case s.trim < -1 || s.trim > sizeMax:
		return fmt.Errorf("--trim-default-length=%d: from -1 (nothing is trimmed) to %d", s.trim, sizeMax)
	}
	return nil
}

// apply puts them into the server's configuration.
func (s *logSettings) apply(c *proxy.Config) {
	c.AccessLog = s.access
	c.TrimLength = s.trim
}

// parseLevel reads --logging, in either case.
func parseLevel(s string) (slog.Level, error) {
	names := make([]string, 0, len(levelNames))
	for _, l := range levelNames {
		if strings.EqualFold(s, l.name) {
			return l.level, nil
		}
		names = append(names, l.name)
	}
	return 0, fmt.Errorf("--logging=%s: one of %s", s, strings.Join(names, ", "))
}

// newLogger writes one structured line per event.
func newLogger(w io.Writer, level slog.Leveler, format string) *slog.Logger {
	options := &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if l, ok := a.Value.Any().(slog.Level); ok && a.Key == slog.LevelKey && len(groups) == 0 {
				switch l {
				case levelTrace:
					a.Value = slog.StringValue("TRACE")
				case levelFatal:
					a.Value = slog.StringValue("FATAL")
				}
			}
			return a
		},
	}
	if format == formatJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
