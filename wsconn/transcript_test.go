package wsconn

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// TestTranscripts plays testdata/*.txt. A line that begins with
//
//	==  names a session of its own
//	#   says which rule is shown
//	>   is an input, see (*player).input
//	<   is an output; all of them are there, in order
//
// Each is played twice, the second time with the client's bytes coming one by one, with the same outcome.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want), false)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				want = []byte(got)
			}
			compare(t, string(want), got)
			compare(t, string(want), play(t, string(want), true))
		})
	}
}

// play gives a transcript with the outputs that its inputs have.
func play(t *testing.T, transcript string, byByte bool) string {
	t.Helper()
	var out strings.Builder
	var p *player
	for i, line := range strings.Split(strings.TrimSuffix(transcript, "\n"), "\n") {
		if strings.HasPrefix(line, "< ") {
			continue
		}
		out.WriteString(line + "\n")
		switch {
		case strings.HasPrefix(line, "== "):
			p.finish()
			p = &player{rig: newRig(t)}
			p.byByte = byByte
		case strings.HasPrefix(line, "> "):
			if p == nil {
				t.Fatalf("line %d: an input before the first name", i+1)
			}
			if !p.input(line[2:]) {
				t.Fatalf("line %d: no such input: %s", i+1, line)
			}
			for _, s := range p.take() {
				out.WriteString("< " + shorten(s) + "\n")
			}
		case line != "" && line[0] != '#':
			t.Fatalf("line %d: neither comment, name, input nor output: %s", i+1, line)
		}
	}
	p.finish()
	return out.String()
}

func compare(t *testing.T, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, g[i], w[i])
			return
		}
	}
	t.Errorf("the outputs differ in number")
}

// player is a rig that reads lines.
type player struct {
	*rig
	joined []byte // frames that come with the next ones, in one read
}

// finish lets all time pass: whatever still waits for the client must not do so for ever.
func (p *player) finish() {
	if p == nil {
		return
	}
	if s := p.s.state; s == stateClosing || s == stateNew {
		p.advance(timer.Hour)
		if p.cfg.OpenMax > 0 && !p.shut && !p.aborted {
			p.t.Fatalf("the session is still %v", p.s.state)
		}
	}
}

// input plays one line:
//
//	create [zip] key=value …   ping, open, close: ms; max, pending: bytes; zip: permessage-deflate
//	opened [older] …                  the same, and the client's header, the server's, its features; what is put out is shown elsewhere
//	text T, zipped T                  a message from the client
//	part T, more T, last T            one in fragments
//	ping T, pong T, close [CODE]      its control frames
//	binary T, raw HEX                 what it should not send
//	join INPUT                        one of those, in one read with what follows
//	added key=value …, restarted …    the server's header: id, from, lang
//	server XML                        elements from the server
//	ends CONDITION [XML]              the stream is over
//	shutdown [URI]
//	pressed, relieved                 the socket's output
//	eof, gone                         the socket
//	after MS                          time passes
//
// T knows \n \r \t \s (space) \\ \xHH, and {N:text} for N times text; names of the form $x are those of shorthand, in outputs too.
func (p *player) input(line string) bool {
	what, rest, _ := strings.Cut(line, " ")
	switch what {
	case "create":
		p.createWith(rest)
	case "opened":
		older, isOlder := strings.CutPrefix(rest, "older")
		p.createWith(older)
		if isOlder {
			p.open(olderOpen)
		} else {
			p.open(clientOpen)
		}
	case "join":
		frame, ok := wire(rest)
		p.joined = append(p.joined, frame...)
		return ok
	case "added":
		p.added(headerOf(rest))
	case "restarted":
		p.restarted(headerOf(rest))
	case "server":
		return p.server(string(text(rest)))
	case "ends":
		return p.ends(rest)
	case "shutdown":
		p.shutdown(rest)
	case "pressed", "relieved":
		p.pressure(what == "pressed")
	case "eof":
		p.eof()
	case "gone":
		p.gone()
	case "after":
		ms, err := strconv.Atoi(rest)
		p.advance(timer.Time(ms))
		return err == nil
	default:
		frame, ok := wire(line)
		p.client(append(p.joined, frame...))
		p.joined = nil
		return ok
	}
	return true
}

// wire is one frame of the client's.
func wire(line string) (frame []byte, ok bool) {
	what, rest, _ := strings.Cut(line, " ")
	t := text(rest)
	switch what {
	case "text":
		return clientFrame(wireText, t), true
	case "zipped":
		return clientFrame(wireZipped, deflated(t)), true
	case "part":
		return clientFrame(0x01, t), true
	case "more":
		return clientFrame(0x00, t), true
	case "last":
		return clientFrame(0x80, t), true
	case "ping":
		return clientFrame(wirePing, t), true
	case "pong":
		return clientFrame(wirePong, t), true
	case "binary":
		return clientFrame(wireBinary, t), true
	case "close":
		if rest == "" {
			return clientFrame(wireClose, nil), true
		}
		code, err := strconv.Atoi(rest)
		return clientFrame(wireClose, binary.BigEndian.AppendUint16(nil, uint16(code))), err == nil
	case "raw":
		b, err := hex.DecodeString(rest)
		return b, err == nil
	}
	return nil, false
}

func (p *player) createWith(line string) {
	d := wsframe.Deflate{WindowBits: 15}
	for part := range strings.FieldsSeq(line) {
		key, value, _ := strings.Cut(part, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "zip":
			d.On = true
		case "ping":
			p.cfg.Ping = timer.Time(n)
		case "open":
			p.cfg.OpenMax = timer.Time(n)
		case "close":
			p.cfg.CloseMax = timer.Time(n)
		case "max":
			p.cfg.MessageBytesMax = n
		case "pending":
			p.cfg.PendingMax = n
		default:
			p.t.Errorf("create knows no %s", key)
		}
	}
	p.create(d)
}

func headerOf(line string) StreamHeader {
	h := usualHeader
	for part := range strings.FieldsSeq(line) {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "id":
			h.ID = []byte(value)
		case "from":
			h.From = []byte(value)
		case "lang":
			h.Lang = []byte(value)
		}
	}
	return h
}

func (p *player) ends(line string) bool {
	name, element, _ := strings.Cut(line, " ")
	for c := range Condition(conditions) {
		if c.String() != name {
			continue
		}
		if element == "" {
			p.streamEnd(c, nil)
			return true
		}
		var scan xmlstream.Scanner
		var el xmlstream.Element
		doc := append([]byte(serverHeader), text(element)...)
		n, _ := scan.Next(doc, &el)
		_, ev := scan.Next(doc[n:], &el)
		p.streamEnd(c, &el)
		return ev == xmlstream.Child
	}
	return false
}

// shorthand is what transcripts write for what is long and always the same.
var shorthand = []struct{ short, long string }{
	{"$framing", xmlstream.NSFraming},
	{"$streams", xmlstream.NSStreams},
	{"$errors", xmlstream.NSStreamErrors},
	{"$sasl", xmlstream.NSSASL},
	{"$id", "a00102030405060708090a0b0c0d0e0f"},
}

func shorten(s string) string {
	s = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
	for _, x := range shorthand {
		s = strings.ReplaceAll(s, x.long, x.short)
	}
	for at := 0; ; { // long runs of x
		i := strings.Index(s[at:], strings.Repeat("x", 50))
		if i < 0 {
			return s
		}
		at += i
		rest := strings.TrimLeft(s[at:], "x")
		run := "{" + strconv.Itoa(len(s)-at-len(rest)) + ":x}"
		s = s[:at] + run + rest
		at += len(run)
	}
}

var (
	repeats = regexp.MustCompile(`\{(\d+):([^}]*)\}`)
	escapes = regexp.MustCompile(`\\(x[0-9a-f]{2}|.)`)
)

func text(s string) []byte {
	for _, x := range shorthand {
		s = strings.ReplaceAll(s, x.short, x.long)
	}
	b := repeats.ReplaceAllFunc([]byte(s), func(m []byte) []byte {
		part := repeats.FindSubmatch(m)
		n, _ := strconv.Atoi(string(part[1]))
		return bytes.Repeat(part[2], n)
	})
	return escapes.ReplaceAllFunc(b, func(m []byte) []byte {
		switch m[1] {
		case 'n':
			return []byte("\n")
		case 'r':
			return []byte("\r")
		case 't':
			return []byte("\t")
		case 's':
			return []byte(" ")
		case 'x':
			n, _ := strconv.ParseUint(string(m[2:]), 16, 8)
			return []byte{byte(n)}
		}
		return m[1:]
	})
}
