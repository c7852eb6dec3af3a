package bosh

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

var update = flag.Bool("update", false, "rewrite what the transcripts expect")

// shorthand is what transcripts write for what is long and always the same.
var shorthand = []struct{ short, long string }{
	{" $bind", bodyNS},
	{" $streams", streamNS},
	{" $xbosh", xboshNS},
	{"$sid", string((&Session{sid: testID(1), slot: 1}).appendSID(nil))},
	{"$first", string(appendUUID(nil, testID(2)))},
}

// TestTranscripts plays testdata/*.txt. A line "> " is an input, a line "< " what the session puts out next, all of it; "# " is a comment.
// A line "==" begins a new session.
//
//	> config NAME=VALUE …             changes the configuration, before the session
//	> HANDLE <body …/>                a request; HANDLE is a word and must be new
//	> session ATTRS                   a creation with rid 1 on handle c, its stream and its features
//	> gone HANDLE                     its connection has died
//	> unsent HANDLE                   its connection has died before its answer was taken
//	> release HANDLE                  an answer waits behind it on its connection
//	> time MS                         the clock
//	> added N ID, restarted N         the server's stream header; added-secure N ID: nobody can listen on the way
//	> stanza N XML                    elements from the server, in one read
//	> end N CONDITION [XML]           the stream is over
//	> shutdown CONDITION [URI]        we end the session
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			compare(t, name, string(want), got)
		})
	}
}

// compare shows the first difference.
func compare(t *testing.T, name, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			t.Fatalf("%s:%d:\n want %s\n  got %s", name, i+1, a, b)
		}
	}
}

// player is a rig with names for its handles.
type player struct {
	*rig
	out     strings.Builder
	handles map[string]Handle
	names   []string
	streams []string // names that the session made up: $1, $2, …
}

func play(t *testing.T, script string) string {
	var out strings.Builder
	p := newPlayer(t)
	for _, line := range strings.Split(strings.TrimSuffix(script, "\n"), "\n") {
		if strings.HasPrefix(line, "< ") {
			continue
		}
		out.WriteString(line + "\n")
		switch {
		case line == "==":
			p.finish()
			p = newPlayer(t)
		case strings.HasPrefix(line, "> "):
			p.out.Reset()
			p.command(line[2:])
			out.WriteString(p.out.String())
		case line != "" && !strings.HasPrefix(line, "#"):
			t.Fatalf("what is %q?", line)
		}
	}
	p.finish()
	return out.String()
}

func newPlayer(t *testing.T) *player {
	p := &player{rig: newRig(t), handles: map[string]Handle{}}
	p.say = p.write
	return p
}

// finish lets all time pass: whatever still waits must be answered, and the session be forgotten.
func (p *player) finish() {
	if !p.live || p.s.inactivity == 0 {
		return
	}
	p.say = func(output) {}
	p.advance(10 * timer.Hour)
	if p.live {
		p.t.Fatal("the session is never forgotten")
	}
	if len(p.waiting) > 0 {
		p.t.Fatalf("%d requests are never answered", len(p.waiting))
	}
}

func (p *player) command(line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "config":
		for _, kv := range strings.Fields(rest) {
			p.configure(kv)
		}
	case "session":
		p.session(rest)
	case "gone":
		p.rig.gone(p.handle(rest))
	case "unsent":
		h := p.handle(rest)
		p.input(func() { p.s.HandleUnsent(p.now, h) })
	case "release":
		h := p.handle(rest)
		p.input(func() { p.s.HandleRelease(p.now, h) })
	case "time":
		p.advance(timer.Time(p.number(rest)))
	case "added", "added-secure":
		n, id, _ := strings.Cut(rest, " ")
		h := StreamHeader{ID: []byte(id), Secure: word == "added-secure"}
		p.input0(func() { p.s.HandleStreamAdded(p.now, StreamID(p.number(n)), h) })
	case "restarted":
		p.input(func() { p.s.HandleStreamRestarted(p.now, StreamID(p.number(rest)), StreamHeader{}) })
	case "stanza":
		n, xml, _ := strings.Cut(rest, " ")
		p.stanza(StreamID(p.number(n)), p.expand(xml))
	case "end":
		p.end(rest)
	case "shutdown":
		name, uri, _ := strings.Cut(rest, " ")
		p.input(func() { p.s.HandleShutdown(p.now, p.condition(name), bytesOrNil(uri)) })
	default:
		if p.handles[word] != 0 {
			p.t.Fatalf("the handle %s is not new", word)
		}
		p.request(p.handle(word), p.expand(rest))
	}
}

// session opens one, and writes nothing about it but what departs from the usual.
func (p *player) session(attrs string) {
	p.say = func(output) {}
	for _, usual := range []string{"rid='1'", "to='example.com'", "wait='60'", "hold='1'", "ver='1.6'"} {
		if name, _, _ := strings.Cut(usual, "="); !strings.Contains(" "+attrs, " "+name+"=") {
			attrs += " " + usual
		}
	}
	p.request(p.handle("c"), p.expand("<body "+attrs+" $bind/>"))
	p.input0(func() { p.s.HandleStreamAdded(p.now, 0, StreamHeader{ID: []byte("id")}) })
	if len(p.waiting) > 0 {
		p.stanza(0, "<stream:features/>")
	}
	if !p.live || len(p.waiting) > 0 {
		p.t.Fatal("the session was not granted")
	}
	p.say = p.write
}

func (p *player) end(rest string) {
	n, rest, _ := strings.Cut(rest, " ")
	name, xml, _ := strings.Cut(rest, " ")
	var el *xmlstream.Element
	p.server(p.expand(xml), func(e *xmlstream.Element) {
		c := e.Clone()
		el = &c
	})
	p.input(func() { p.s.HandleStreamEnd(p.now, StreamID(p.number(n)), p.condition(name), el) })
}

func (p *player) configure(kv string) {
	name, value, _ := strings.Cut(kv, "=")
	n := p.number(value)
	seconds := timer.Time(n) * timer.Second
	switch name {
	case "wait":
		p.cfg.WaitMax = seconds
	case "hold":
		p.cfg.HoldMax = n
	case "window":
		p.cfg.WindowSize = n
	case "inactivity":
		p.cfg.InactivityDefault = seconds
	case "polling":
		p.cfg.Polling = seconds
	case "maxpause":
		p.cfg.PauseMax = seconds
	case "streams":
		p.cfg.StreamsMax = n
	case "pidgin":
		p.cfg.PidginCompatible = n == 1
	case "repeats":
		p.cfg.RepeatsMax = n
	case "high":
		p.cfg.PendingHighBytes = n
	case "low":
		p.cfg.PendingLowBytes = n
	case "accept":
		p.cfg.Accept = "gzip,deflate"
	default:
		p.t.Fatalf("no setting %s", name)
	}
}

func (p *player) handle(name string) Handle {
	if p.handles[name] == 0 {
		p.names = append(p.names, name)
		p.handles[name] = Handle(len(p.names))
	}
	return p.handles[name]
}

func (p *player) number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		p.t.Fatalf("%q is no number", s)
	}
	return n
}

func (p *player) condition(name string) Condition {
	for c := range conditions {
		if Condition(c).String() == name {
			return Condition(c)
		}
	}
	p.t.Fatalf("no condition %s", name)
	return 0
}

// write writes one output.
func (p *player) write(o output) {
	line := ""
	switch o.name {
	case "respond", "driver":
		line = p.names[o.handle-1]
		if o.status != 200 {
			line += fmt.Sprintf(" %d", o.status)
		}
		if o.typ != "" {
			line += " [" + o.typ + "]"
		}
		if o.sasl {
			line += " [sasl]"
		}
		line += " " + o.text
	case "end":
		line = "forgotten"
	case "response-acknowledged":
		line = fmt.Sprintf("response-acknowledged %d", o.rid)
	case "error":
		line = "error " + o.text
	default:
		line = fmt.Sprintf("%s %d%s", o.name, o.stream, o.text)
	}
	for _, s := range shorthand {
		line = strings.ReplaceAll(line, s.long, s.short)
	}
	if m := streamName.FindStringSubmatch(line); m != nil && !slices.Contains(p.streams, m[1]) {
		p.streams = append(p.streams, m[1])
	}
	for i, name := range p.streams {
		line = strings.ReplaceAll(line, name, fmt.Sprintf("$%d", i+1))
	}
	fmt.Fprintf(&p.out, "< %s\n", line)
}

var streamName = regexp.MustCompile(`stream='([0-9a-f-]{36})'`)

func (p *player) expand(s string) string {
	for i, name := range p.streams {
		s = strings.ReplaceAll(s, fmt.Sprintf("$%d", i+1), name)
	}
	for _, sh := range shorthand {
		s = strings.ReplaceAll(s, sh.short, sh.long)
	}
	return s
}

func bytesOrNil(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}
