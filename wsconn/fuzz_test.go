package wsconn

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsframe"
)

// What a fuzzer's bytes stand for: whole things, so that it gets somewhere, beside the bytes themselves.
var (
	fuzzTexts = []string{
		clientOpen, olderOpen, "<message to='a'><body>b</body></message>", `<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>`,
		"</stream:stream>", strings.TrimSuffix(olderOpen, ">") + "/>", "<?xml version='1.0'?>", "<?xml version='1.0'?>" + olderOpen, " \n", "",
		"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>", "<message/><message/>", "<message>", "<!-- x -->",
		"<stream:error xmlns:stream='http://etherx.jabber.org/streams'/>", "<open xmlns='urn:x'/>",
	}
	fuzzServer = []string{
		serverFeatures, "<message from='a'><body>b</body></message>", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "<iq type='set' id='1'><x xmlns='urn:x'/></iq>",
		"<message><stream:x/></message>", "<message>" + strings.Repeat("x", 300) + "</message>", "<stream:other/>", "<presence/><presence/>",
	}
)

// playFuzz plays a fuzzer's bytes: an input in the high half of one, its argument in the low half; text goes to the next NUL.
func playFuzz(r *rig, script []byte, mode uint8) {
	r.cfg = Config{MessageBytesMax: 700, Ping: timer.Time(mode&1) * 30_000, OpenMax: timer.Time(mode>>1&1) * 60_000, CloseMax: timer.Time(mode>>2&1) * 5000, PendingMax: 500}
	r.create(wsframe.Deflate{On: mode&16 != 0, WindowBits: 15})
	next := func() []byte {
		i := slices.Index(script, 0)
		if i < 0 {
			i = len(script)
		}
		b := script[:i]
		script = script[min(i+1, len(script)):]
		return b
	}
	for len(script) > 0 {
		op, arg := script[0]>>4, int(script[0]&15)
		script = script[1:]
		switch op {
		case 0, 1, 2:
			r.text(fuzzTexts[arg])
		case 3:
			r.text(string(next()))
		case 4:
			first := []byte{wireZipped, 0x01, 0x00, 0x80, wireBinary, wirePing, wirePong, wireClose}[arg&7]
			payload := next()
			if first == wireZipped {
				payload = deflated(payload)
			}
			r.client(clientFrame(first, payload))
		case 5:
			r.client(next())
		case 6:
			r.client(clientFrame(wirePing, make([]byte, arg*8)))
		case 7:
			r.client(clientFrame(wireClose, binary.BigEndian.AppendUint16(nil, []uint16{1000, 1001, 1005, 3000}[arg&3])))
		case 8, 9:
			if r.streaming {
				r.server(fuzzServer[arg&7])
			}
		case 10:
			if arg&1 == 0 {
				r.added(usualHeader)
			} else {
				r.restarted(StreamHeader{ID: next()})
			}
		case 11:
			r.streamEnd(Condition(arg%(conditions-1)), nil)
		case 12:
			r.pressure(arg&1 == 0)
		case 13:
			r.advance([]timer.Time{1, 5000, 30_000, 60_000}[arg&3])
		case 14:
			switch arg & 3 {
			case 0:
				r.shutdown("")
			case 1:
				r.shutdown("wss://example.com/")
			case 2:
				r.eof()
			case 3:
				r.server("<message id='" + strconv.Itoa(arg) + "'/>") // whether there is a stream or not
			}
		case 15:
			if arg == 0 {
				r.gone()
			}
		}
	}
	if r.cfg.OpenMax > 0 && r.cfg.CloseMax > 0 && !r.ended && !r.streaming {
		r.advance(timer.Hour)
		if !r.shut && !r.aborted {
			r.errorf("a session without a stream lives for ever")
		}
	}
	r.gone()
	if !r.ended || r.streaming {
		r.errorf("the session outlives its socket")
	}
}

// FuzzSession holds (*rig).check after each input, and that it does not matter how the client's bytes are cut.
func FuzzSession(f *testing.F) {
	for _, script := range []string{
		"\x00\xa0\x80\x02\x81\x00\xa1s2\x00\x80\x03\x70",
		"\x01\xa0\x80\x02\x81\x01\xa1s2\x00\x80\x04\x70",
		"\x05\xa0\x80\x12\x0b", "\x06\x07\xa0\x80\x06\x01\x0c", "\x00\xa0\x80\xc0\x61\x62\x85\x85\x85\xc1",
		"\x00\xa0\xc0\x85\x85\x85\x85\xc1\xd3\xd3\xd3", "\x00\xb2\x02\xe3\xd1\xd1\xf0", "\x00\xa0\xe1\x70", "\x00\xa0\xe2\xe3\xd1",
		"\x00\xa0\x41<message>\x00\x61\x42<body/>\x00\x43</message>\x00", "\x00\xa0\x3f<x:a/>\x00", "\x00\x00\x80\x80\x02\x00\x80",
		"\x00\xa0\x40<message><body>xxxxxxxxxxxxxxxx</body></message>\x00", "\x00\xa0\x44x\x00", "\x00\xa0\x5f\x81\x01\x61\x00", "\xd3", "\x0f\xd1\xd1",
		"\x00\x90\x90\xa0\x91", "\x01\x06\x01\x90\xa1\x00\x00", "\x00\xa0\x0e", "\x01\xa0\x0e", "\x01\xa0\x3f<stream xmlns='urn:x'/>\x00\x04",
	} {
		for _, mode := range []uint8{0, 7, 15, 31} {
			f.Add([]byte(script), mode)
		}
	}
	f.Fuzz(func(t *testing.T, script []byte, mode uint8) {
		whole, cut := newRig(t), newRig(t)
		cut.byByte = true
		playFuzz(whole, script, mode)
		playFuzz(cut, script, mode)
		if !slices.Equal(whole.log, cut.log) {
			t.Errorf("in one piece:\n%s\nbyte by byte:\n%s", strings.Join(whole.log, "\n"), strings.Join(cut.log, "\n"))
		}
	})
}
