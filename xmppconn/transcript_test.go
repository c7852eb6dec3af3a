package xmppconn

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// TestTranscripts plays testdata/*.txt. A line that begins with
//
//	==  names a stream of its own
//	#   says which rule is shown
//	>   is an input, see (*rig).input
//	<   is an output; all of them are there, in order
//
// Each is played twice, the second time with the server's bytes coming one by one, with the same outcome.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
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
	var r *rig
	for i, line := range strings.Split(strings.TrimSuffix(transcript, "\n"), "\n") {
		if strings.HasPrefix(line, "< ") {
			continue
		}
		out.WriteString(line + "\n")
		switch {
		case strings.HasPrefix(line, "== "):
			r = newRig(t)
		case strings.HasPrefix(line, "> "):
			if r == nil {
				t.Fatalf("line %d: an input before the first name", i+1)
			}
			r.byte = byByte
			if !r.input(line[2:]) {
				t.Fatalf("line %d: no such input: %s", i+1, line)
			}
			for _, s := range r.take() {
				out.WriteString("< " + strings.ReplaceAll(s, xmlns, "{xmlns}") + "\n")
			}
		case line != "" && line[0] != '#':
			t.Fatalf("line %d: neither comment, name, input nor output: %s", i+1, line)
		}
	}
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

// input plays one line:
//
//	opened key=value …     open, connect, and the server's header and features; what is put out is shown elsewhere
//	hops N                 how often the driver follows a see-other-host
//	policy off|offer|require
//	open key=value …       domain from lang version tls=off|offer|require max-bytes, and of the Env stanza, pending
//	connect                the connection is up
//	secure                 TLS is up
//	server TEXT            from the server; server+ TEXT: always at once
//	client TEXT            from the client: an element or a <body/>
//	restart key=value …    to from lang, anything else is a further attribute
//	refuse REASON          the driver does not permit what the client asked for
//	terminate clean|dirty
//	bounce TEXT
//	eof | closed REASON    of the connection
//	after MS               time passes
//
// TEXT knows \n \r \t \s (space) \\ \xHH, and {N:text} for N times text. {xmlns} stands for the declarations of a stream
// header, in outputs too.
func (r *rig) input(line string) bool {
	what, rest, _ := strings.Cut(line, " ")
	switch what {
	case "opened":
		r.open(r.params("domain=example.org tls=off " + rest))
		r.connect()
		r.server([]byte(serverHeader + serverFeatures))
		r.take()
	case "open":
		r.open(r.params(rest))
	case "hops":
		n, err := strconv.Atoi(rest)
		r.hops = n
		return err == nil
	case "policy":
		r.st.SetTLS(map[string]Policy{"off": TLSOff, "offer": TLSOffer, "require": TLSRequire}[rest])
	case "connect":
		r.connect()
	case "secure":
		r.handleSecure()
	case "server":
		r.server(text(rest))
	case "server+":
		was := r.byte
		r.byte = false
		r.server(text(rest))
		r.byte = was
	case "client":
		if !r.client(text(rest)) {
			r.t.Errorf("not well-formed: %s", rest)
		}
	case "restart":
		r.restart(restartOf(rest))
	case "terminate":
		r.terminate(rest == "clean")
		return rest == "clean" || rest == "dirty"
	case "bounce":
		r.bounce(text(rest))
	case "eof":
		r.eof()
	case "closed", "refuse":
		for why := range ReasonInternal + 1 {
			if why.String() == rest && what == "closed" {
				r.handleClosed(why)
				return true
			} else if why.String() == rest {
				r.refuse(why)
				return true
			}
		}
		return false
	case "after":
		ms, err := strconv.Atoi(rest)
		r.after(timer.Time(ms))
		return err == nil
	default:
		return false
	}
	return true
}

func (r *rig) params(line string) Params {
	p := Params{TLS: TLSOffer}
	for key, value := range pairs(line) {
		n, _ := strconv.Atoi(value)
		switch key {
		case "domain":
			p.Domain = value
		case "from":
			p.From = value
		case "lang":
			p.Lang = value
		case "version":
			p.Version = value
		case "tls":
			p.TLS = map[string]Policy{"off": TLSOff, "offer": TLSOffer, "require": TLSRequire}[value]
		case "max-bytes":
			p.MaxBytes = uint32(n)
		case "stanza":
			r.env.StanzaBytesMax = n
		case "pending":
			r.env.PendingBytesMax = n
		default:
			r.t.Errorf("open knows no %s", key)
		}
	}
	return p
}

func restartOf(line string) Restart {
	var x Restart
	for key, value := range pairs(line) {
		switch key {
		case "to":
			x.To = []byte(value)
		case "from":
			x.From = []byte(value)
		case "lang":
			x.Lang = []byte(value)
		default:
			x.Attrs = append(x.Attrs, Attr{[]byte(strings.TrimPrefix(key, "+")), []byte(value)})
		}
	}
	return x
}

// pairs yields the key=value parts of a line.
func pairs(line string) func(func(string, string) bool) {
	return func(yield func(string, string) bool) {
		for part := range strings.FieldsSeq(line) {
			key, value, _ := strings.Cut(part, "=")
			if !yield(string(text(key)), string(text(value))) {
				return
			}
		}
	}
}

const xmlns = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"

var (
	repeats = regexp.MustCompile(`\{(\d+):([^}]*)\}`)
	escapes = regexp.MustCompile(`\\(x[0-9a-f]{2}|.)`)
)

func text(s string) []byte {
	b := repeats.ReplaceAllFunc([]byte(strings.ReplaceAll(s, "{xmlns}", xmlns)), func(m []byte) []byte {
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
