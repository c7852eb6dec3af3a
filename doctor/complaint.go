package doctor

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// complaints keeps what the server's log would have said to its operator, by session. It is the Handler of the Prober's log.
type complaints struct {
	mu    sync.Mutex
	lines map[string][]string
}

func (c *complaints) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
func (c *complaints) WithAttrs([]slog.Attr) slog.Handler           { return c }
func (c *complaints) WithGroup(string) slog.Handler                { return c }

// Handle makes one line of a record: the flags that would help stand behind the message, and the reason in brackets.
func (c *complaints) Handle(_ context.Context, r slog.Record) error {
	session, reason := "", ""
	var flags []string
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "session":
			session = a.Value.String()
		case "flag", "or":
			flags = append(flags, a.Value.String())
		case "reason", "name", "route":
			reason = join(reason, "; ", plainError(fmt.Sprint(a.Value.Any())))
		}
		return true
	})
	text := r.Message
	if len(flags) > 0 {
		text += ": " + strings.Join(flags, " or ")
	}
	if reason != "" && reason != "<nil>" {
		text += " (" + reason + ")"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lines == nil {
		c.lines = map[string][]string{}
	}
	c.lines[session] = append(c.lines[session], clean(text))
	return nil
}

// of gives the lines about a session.
func (c *complaints) of(session string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lines[session]
}

func join(a, between, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + between + b
}

// plainError leaves out of an error's text what only programmers want to know.
func plainError(text string) string {
	for _, prefix := range []string{"loop: TLS: ", "loop: ", "tls: failed to verify certificate: ", "x509: ", "connect: ", "tls: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	text, _, _ = strings.Cut(text, " (possibly because of ") // of a namesake of the right authority
	return text
}

// Bounds of what servers say, in what is shown of it.
const (
	textBytesMax = 300
	listMax      = 32
)

// clean makes a text of a stranger's one that a terminal may be given: printable, on one line, and of bounded length.
func clean(s string) string {
	if len(s) > textBytesMax {
		s = s[:textBytesMax] + "…"
	}
	quoted := fmt.Sprintf("%q", strings.ToValidUTF8(s, "?"))
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted[1 : len(quoted)-1])
}
