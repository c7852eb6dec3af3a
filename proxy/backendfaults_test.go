package proxy

import (
	"net"
	"strings"
	"testing"
)

// What a server may do wrong once it is connected: its session gets its condition within the stream's deadline, the operator one
// line that tells why, and nothing is left.
func TestBackendFaults(t *testing.T) {
	for _, c := range []struct {
		name      string
		play      func(p *peer)
		opens     bool // the stream is open first
		condition string
		warns     string
	}{
		{name: "it accepts and says nothing", play: func(*peer) {}, condition: "remote-connection-failed", warns: "did not answer in time"},
		{name: "it says half a header", play: func(p *peer) { p.send("<?xml version='1.0'?><stream:str") }, condition: "remote-connection-failed", warns: "did not answer in time"},
		{name: "it sends no features", play: func(p *peer) { p.send(peerHeader) }, condition: "remote-connection-failed", warns: "did not answer in time"},
		{name: "garbage before the header", play: func(p *peer) { p.send("220 mail.example ESMTP\r\n") }, condition: "remote-connection-failed", warns: "does not speak XMPP"},
		{name: "binary before the header", play: func(p *peer) { p.send("\x15\x03\x01\x00\x02\x02\x28") }, condition: "remote-connection-failed", warns: "does not speak XMPP"},
		{name: "it closes at once", play: func(p *peer) { p.Close() }, condition: "remote-connection-failed", warns: "went away"},
		{name: "it resets at once", play: reset, condition: "remote-connection-failed", warns: "went away"},
		{
			name: "it closes in the middle of a stanza", opens: true, play: func(p *peer) { p.send("<message><body>hal"); p.Close() },
			condition: "remote-connection-failed", warns: "went away",
		},
		{name: "it resets", opens: true, play: reset, condition: "remote-connection-failed", warns: "went away"},
		{name: "garbage in the stream", opens: true, play: func(p *peer) { p.send("<a></b>") }, condition: "remote-connection-failed", warns: "does not speak XMPP"},
		{name: "a stanza of 10 MB", opens: true, play: func(p *peer) {
			go p.Write([]byte("<message><body>" + strings.Repeat("a", 10<<20) + "</body></message>")) // until the door is closed
		}, condition: "policy-violation", warns: "--max-xmpp-stanza-size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			log, logger := newJournal()
			var l net.Listener
			s, addr := startServer(t, func(cfg *Config) { cfg.Logger = logger; l = fakeBackend(t, cfg, "example.org") })
			onLoop(s, func() { s.streams.StageMax, s.streams.ClosingMax = 200, 200 })
			b := dial(t, addr)
			b.post(createText(1, "example.org"))
			p := acceptPeer(t, l)
			p.want("<stream:stream")
			p.want(">")
			if c.opens {
				p.send(peerHeader + peerFeatures)
				sid := attr(t, b.body(), "sid")
				b.post("<body rid='2' sid='" + sid + "' xmlns='http://jabber.org/protocol/httpbind'/>")
			}
			c.play(p)
			wantContains(t, b.body(), "type='terminate'", "condition='"+c.condition+"'")
			lines := log.lines("level=WARN")
			if len(lines) != 1 || !strings.Contains(lines[0], c.warns) || !strings.Contains(lines[0], "domain=example.org") {
				t.Errorf("want one warning with %q, got %q", c.warns, lines)
			}
			b.Close()
			p.Close()
			wantFreed(t, s)
		})
	}
}

// reset ends the connection with a RST.
func reset(p *peer) {
	p.t.Helper()
	if err := p.Conn.(*net.TCPConn).SetLinger(0); err != nil {
		p.t.Fatal(err)
	}
	p.Close()
}
