package spec

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/proxy"
)

// XEP-0124 §7: the creation request (§7.1) and its answer (§7.2).
var creationRows = []row{
	{name: "B13 what only a creation asks for is ignored later", where: "c §7.1", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("ver='1.0' wait='0' hold='0' content='text/html' xml:lang='de'", message("1")))
		c.backend.want("id='1'/>")
		c.backend.send("<message id='2'/>")
		r, text := c.a.response() // held, since the message is in it; of the old type
		read(t, text).holds("id='2'").lacks("ver", "wait", "hold")
		if got := r.Header.Get("Content-Type"); got != "text/xml; charset=utf-8" {
			t.Fatalf("Content-Type %q", got)
		}
	}},
	{name: "B14 ver minor is an integer", where: "M §7.1", test: func(t *testing.T) {
		s := serve(t)
		for asked, granted := range map[string]string{"1.6": "1.6", "1.9": "1.9", "1.10": "1.10", "1.11": "1.11", "1.100": "1.11"} {
			s.dial().ask(create("wait='0' hold='0' ver='"+asked+"'")).want("ver", granted)
		}
	}},
	{name: "B15 wait or hold 0 is a polling session", where: "O §7.1", test: func(t *testing.T) {
		for _, attrs := range []string{"ver='1.11' wait='0' hold='1'", "ver='1.11' wait='10' hold='0'", polling} {
			c := joined(t, attrs)
			for _, name := range []string{"wait", "hold"} {
				if strings.Contains(attrs, name+"='0'") {
					c.created.want(name, "0")
				}
			}
			c.a.ask(c.next("", message("1"))).empty() // at once: the server behind it says nothing
		}
	}},
	{name: "B16 route is PROTOCOL:HOST:PORT and no URI", where: "M §7.1", test: func(t *testing.T) {
		s := serveWith(t, func(cfg *proxy.Config) { cfg.AllowPrivateBackends = true })
		port := s.xmpp.Addr().(*net.TCPAddr).Port
		on := s.dial()
		on.post(createFor("elsewhere.example", fmt.Sprintf("%s route='xmpp:127.0.0.1:%d'", usual, port)))
		inOrder(t, s.backend().header(), "to='elsewhere.example'") // there, but for the domain that was asked for
		// What is no route, or the domain's own, is ignored (clients.md).
		for _, route := range []string{"xmpp:example.org", "xmpp://example.org:9/", "xmpp:example.org:5222", "nonsense", ""} {
			s.join(usual + " route='" + route + "'")
		}
	}},
	{name: "B17 from is told to the server", where: "O §7.1", test: func(t *testing.T) {
		s := serveWith(t, trusting)
		on := s.dial()
		on.post(create(usual + " from='me@example.org'"))
		be := s.backend()
		if clear := be.offerTLS("proceed"); strings.Contains(clear, " from=") { // RFC 6120 §4.7.1: not before TLS
			t.Errorf("the clear header %q", clear)
		}
		secure, err := be.handshake()
		if err != nil {
			t.Fatal(err)
		}
		inOrder(t, secure.open(), "<stream:stream ", " from='me@example.org'")
		on.answer().want("to", "me@example.org")
	}},
	{name: "B18 ack='1' at creation makes silence an acknowledgement", where: "O §7.1", test: func(t *testing.T) {
		m := operate(t, usual+" ack='1'", nil)
		m.request(firstRID+1, "", "")
		m.happened("acknowledged 1000")
		m = operate(t, usual, nil) // nothing was agreed
		m.request(firstRID+1, "ack='1000'", "")
		m.happened()
	}},
	{name: "B19 content is the type of all answers of the session", where: "M §7.1", test: func(t *testing.T) {
		s := serve(t)
		const asked = "application/xml; charset=utf-8"
		want := func(on *conn) *answer {
			t.Helper()
			r, text := on.response()
			if got := r.Header.Get("Content-Type"); got != asked {
				t.Errorf("Content-Type %q, want %q", got, asked)
			}
			return read(t, text)
		}
		on := s.dial()
		on.post(create(usual + " content='" + asked + "'"))
		be := s.backend()
		be.open()
		c := &client{t: t, server: s, rid: firstRID, sid: want(on).attr("sid"), backend: be}
		on.post(c.next("", ""))
		be.send("<message id='1'/>")
		want(on).holds("id='1'")
		on.post(c.at(c.rid, "", "")) // the repeat
		want(on).holds("id='1'")
		on.post(c.at(c.rid+99, "", ""))
		want(on).ends("item-not-found")
	}},
	{name: "B20 without content it is text/xml; charset=utf-8", where: "M §7.1", test: func(t *testing.T) {
		c := joined(t, polling)
		for _, request := range []string{
			create(polling), create(polling + " content='no type'"), c.next("", message("1")), c.at(c.rid+99, "", ""), c.at(1, "", ""), "nonsense",
		} {
			on := c.server.dial()
			on.post(request)
			r, text := on.response()
			if got := r.Header["Content-Type"]; len(got) != 1 || got[0] != "text/xml; charset=utf-8" {
				t.Errorf("%q for %q", got, text)
			}
		}
	}},
	{name: "B21 the first request has no sid, the others the session's", where: "c §7.1", test: func(t *testing.T) {
		c := joined(t, usual)
		real := c.sid
		for _, sid := range []string{"", "nobody", real + "0", real[1:], strings.ToUpper(real) + "x", "-0"} {
			c.sid = sid
			c.b.ask(c.at(c.rid+1, "", message("stolen"))).ends("item-not-found")
		}
		c.sid = real
		c.b.ask(create(polling)).attr("sid")
		c.alive() // and no message before that one
	}},
	{name: "B22 sids are opaque, unpredictable and unique", where: "M §7.2", test: func(t *testing.T) {
		s := serve(t)
		seen := map[string]bool{}
		on := s.dial()
		for range 50 {
			sid := on.ask(create(polling)).attr("sid")
			seen[sid[:min(len(sid), 36)]] = true // the random part alone (B104)
		}
		if len(seen) != 50 {
			t.Fatalf("%d different sids of 50", len(seen))
		}
	}},
	{name: "B23 the creation answer has sid, wait and requests", where: "M §7.2", test: func(t *testing.T) {
		created := joined(t, usual).created
		for _, name := range []string{"sid", "wait", "requests"} {
			if created.attr(name) == "" {
				t.Errorf("%s is empty in %q", name, created.start)
			}
		}
	}},
	{name: "B24 wait is not longer than asked", where: "M §7.2", test: func(t *testing.T) {
		for asked, granted := range map[string]string{"0": "0", "1": "1", "30": "30", "55": "55", "60": "55", "65535": "55", "999999999999": "55"} {
			operate(t, "ver='1.11' hold='1' wait='"+asked+"'", nil).created.want("wait", granted)
		}
		serve(t).dial().ask(create("wait='-1'")).ends("bad-request")
	}},
	{name: "B25 requests is hold and one more", where: "M/S §7.2", test: func(t *testing.T) {
		for _, hold := range []string{"0", "1", "2", "200", "65535"} {
			created := operate(t, "ver='1.11' wait='10' hold='"+hold+"'", nil).created
			held, requests := created.number("hold"), created.number("requests")
			if requests <= held || held > 0 && requests != held+1 {
				t.Errorf("hold %s: held %d, requests %d", hold, held, requests)
			}
		}
	}},
	{name: "B26 and ver, polling, inactivity, hold, from", where: "S §7.2", test: func(t *testing.T) {
		joined(t, usual).created.want("ver", "1.11", "polling", "2", "inactivity", "70", "hold", "1", "from", "example.org")
	}},
	{name: "B27 ver is the lower of both versions", where: "M §7.2", test: func(t *testing.T) {
		s := serve(t)
		for asked, granted := range map[string]string{"0.9": "0.9", "1.0": "1.0", "1.5": "1.5", "1.12": "1.11", "2.0": "1.11", "10.1": "1.11"} {
			s.dial().ask(create("wait='0' ver='"+asked+"'")).want("ver", granted)
		}
	}},
	{name: "B28 hold is not larger than asked", where: "N §7.2", test: func(t *testing.T) {
		for asked, granted := range map[string]string{"0": "0", "1": "1", "2": "2", "3": "2"} {
			operate(t, "ver='1.11' wait='10' hold='"+asked+"'", nil).created.want("hold", granted)
		}
	}},
	{name: "B29 no other answer has those attributes", where: "SN §7.2", test: func(t *testing.T) {
		c := joined(t, usual)
		created := []string{"sid", "wait", "requests", "ver", "polling", "inactivity", "hold", "from", "accept", "maxpause", "stream", "charsets", "xmpp:restartlogic"}
		c.a.post(c.next("", message("1")))
		c.backend.want("id='1'/>")
		c.b.post(c.next("", message("2")))
		c.a.answer().empty().lacks(created...)
		c.backend.send("<message id='3'/>")
		c.b.answer().holds("id='3'").lacks(created...)
		c.a.ask(c.next("type='terminate'", "")).ends("").lacks(created...)
	}},
	{name: "B30 accept names codings that requests may have", where: "O §7.2", test: func(t *testing.T) {
		c := joined(t, usual)
		for _, coding := range strings.Split(c.created.attr("accept"), ",") {
			c.a.post(packed(t, coding, c.next("", message(coding))), "Content-Encoding: "+coding)
			c.backend.want("id='" + coding + "'/>")
			c.backend.send("<message/>")
			c.a.answer().holds("<message")
		}
	}},
	{name: "B31 ack is the creation's rid if acks will be used", where: "O/M §7.2", test: func(t *testing.T) {
		s := serve(t)
		s.join(usual+" ack='1'").created.want("ack", strconv.Itoa(firstRID))
		s.join(usual).created.lacks("ack")
		s.join(usual + " ack='0'").created.lacks("ack") // gloox (clients.md)
	}},
	{name: "B32 maxpause says that pausing is possible", where: "S §7.2", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.ask(c.next("pause='"+c.created.attr("maxpause")+"'", "")).empty()
		operate(t, usual, func(cfg *bosh.Config) { cfg.PauseMax = 0 }).created.lacks("maxpause")
	}},
	{name: "B33 UTF-8, and no other charset is offered", where: "S §7.2", test: func(t *testing.T) {
		c := joined(t, usual)
		c.created.lacks("charsets")
		const text = "<body>a é ☺ 😀 \u2028</body></message>"
		c.a.post(c.next("", "<message xmlns='jabber:client'>"+text))
		c.backend.want(text)
		c.backend.send("<message>" + text)
		c.a.answer().holds(text)
		c.a.post(`<?xml version="1.0" encoding="UTF-8"?>` + c.next("", message("declared")))
		c.backend.want("id='declared'/>")
		c.b.ask(`<?xml version="1.0" encoding="ISO-8859-1"?>` + c.at(c.rid+1, "", "")).ends("bad-request")
	}},
	{name: "B34 from comes in the creation answer, even before the server speaks", where: "O §7.2", test: func(t *testing.T) {
		serve(t).dial().ask(create(polling)).want("from", "example.org").empty() // so none has to come later (B29)
	}},
}

// number is an attribute that is one.
func (a *answer) number(name string) int {
	a.t.Helper()
	n, err := strconv.Atoi(a.attr(name))
	if err != nil {
		a.t.Fatal(err)
	}
	return n
}

// packed is a text in a content coding.
func packed(t testing.TB, coding, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	default:
		t.Fatalf("accept names %q", coding)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
