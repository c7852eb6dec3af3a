package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
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

// parseLevel reads --logging, in either case.
func parseLevel(s string) (slog.Level, error) {
	names := make([]string, 0, len(levelNames))
	for _, l := range levelNames {
		if strings.EqualFold(s, l.name) {
			return l.level, nil
		}
		names = append(names, l.name)
	}
	return 0, fmt.Errorf("logging is one of %s, not %q", strings.Join(names, ", "), s)
}

// newLogger writes one structured line per event.
func newLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
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
	}))
}
