package httpparse

import (
	"strings"
	"testing"
)

func TestPipelinedRequests(t *testing.T) {
	all := strings.Join(requests, "")
	b := []byte(all)
	var p Parser
	var r Request
	for i, raw := range requests {
		n, status := p.Parse(&DefaultLimits, b, &r)
		if status != StatusOK || n != len(raw) {
			t.Fatalf("request %d: status %d and %d bytes; want 200 and %d", i, status, n, len(raw))
		}
		if got, want := outcomeOf(n, status, &r), parseOnce(&DefaultLimits, []byte(raw)); got != want {
			t.Errorf("request %d: %+v\nalone: %+v", i, got, want)
		}
		b = b[n:]
		sameBytes(t, "requests behind it", b, []byte(all[len(all)-len(b):]))
	}
	if n, status := p.Parse(&DefaultLimits, b, &r); n != 0 || status != 0 || p.Phase() != PhaseIdle {
		t.Errorf("after the last: %d, %d, %v", n, status, p.Phase())
	}
}

// The same, each byte coming for itself: the caller drops what was consumed and keeps the rest.
func TestPipelinedRequestsByteByByte(t *testing.T) {
	var p Parser
	var r Request
	var kept []byte
	done := 0
	for _, c := range []byte(strings.Join(requests, "")) {
		kept = append(kept, c)
		n, status := p.Parse(&DefaultLimits, kept[:len(kept):len(kept)], &r)
		switch status {
		case 0:
			if n != 0 {
				t.Fatalf("%d bytes of an incomplete request consumed", n)
			}
		case StatusOK:
			if n != len(kept) {
				t.Fatalf("request %d: whole, but %d of %d bytes", done, n, len(kept))
			}
			if got, want := outcomeOf(n, status, &r), parseOnce(&DefaultLimits, []byte(requests[done])); got != want {
				t.Errorf("request %d: %+v\nalone: %+v", done, got, want)
			}
			kept = kept[:0]
			done++
		default:
			t.Fatalf("request %d: status %d", done, status)
		}
	}
	if done != len(requests) {
		t.Errorf("%d of %d requests", done, len(requests))
	}
}

func TestNothingFollowsAFault(t *testing.T) {
	var p Parser
	var r Request
	if _, status := p.Parse(&DefaultLimits, []byte("BROKEN\r\n\r\n"), &r); status != StatusBadRequest {
		t.Fatalf("status %d", status)
	}
	n, status := p.Parse(&DefaultLimits, []byte(requests[0]), &r)
	if n != 0 || status != StatusBadRequest || r.Method != Other || len(r.Fields) > 0 {
		t.Errorf("a request after a fault: %d, %d, %v", n, status, r.Method)
	}
	if p.Phase() != PhaseIdle || p.NeedContinue() {
		t.Error("something is waited for after a fault")
	}
}

func TestPhase(t *testing.T) {
	const head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n"
	for _, c := range []struct {
		raw  string
		want Phase
	}{
		{"", PhaseIdle},
		{"\r", PhaseIdle},
		{"\r\n\r\n", PhaseIdle}, // an old client's empty line after a body is no request
		{"P", PhaseHead},
		{"\r\nP", PhaseHead},
		{head[:len(head)-1], PhaseHead},
		{head, PhaseBody},
		{head + "x", PhaseBody},
		{head + "xx", PhaseIdle},
		{head + "xxP", PhaseIdle}, // what follows has not been looked at
		{chunkedHead, PhaseBody},
		{chunkedHead + "5\r\nhel", PhaseBody},
		{chunkedHead + "5\r\nhello\r\n0\r\nA", PhaseBody},
		{chunkedHead + "5\r\nhello\r\n0\r\n\r\n", PhaseIdle},
		{"(", PhaseIdle},
	} {
		var p Parser
		var r Request
		p.Parse(&DefaultLimits, []byte(c.raw), &r)
		if p.Phase() != c.want {
			t.Errorf("%q: %v, want %v", c.raw, p.Phase(), c.want)
		}
	}
}

// RFC 9110 §10.1.1.
func TestNeedContinue(t *testing.T) {
	const line = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
	for _, c := range []struct {
		name, raw string
		want      bool
	}{
		{"a body to come", line + "Content-Length: 5\r\n\r\n", true},
		{"a chunked body to come", line + "Transfer-Encoding: chunked\r\n\r\n", true},
		{"the head is incomplete", line + "Content-Length: 5\r\n\r", false},
		{"no body", line + "\r\n", false},
		{"an empty body", line + "Content-Length: 0\r\n\r\n", false},
		{"the body has begun", line + "Content-Length: 5\r\n\r\nh", false},
		{"a chunked body has begun", line + "Transfer-Encoding: chunked\r\n\r\n5", false},
		{"the body is there", line + "Content-Length: 5\r\n\r\nhello", false},
		{"not asked for", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", false},
		{"HTTP/1.0", "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", false},
		{"a body that will be refused", line + "Content-Length: 100001\r\n\r\n", false},
		{"an expectation that was refused", line + "Expect: miracles\r\nContent-Length: 5\r\n\r\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p Parser
			var r Request
			p.Parse(&DefaultLimits, []byte(c.raw), &r)
			if got := p.NeedContinue(); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
			p.Parse(&DefaultLimits, []byte(c.raw), &r)
			if p.NeedContinue() {
				t.Error("twice")
			}
		})
	}
	t.Run("until the body comes", func(t *testing.T) {
		var p Parser
		var r Request
		p.Parse(&DefaultLimits, []byte(line+"Content-Length: 5\r\n\r\n"), &r)
		p.Parse(&DefaultLimits, []byte(line+"Content-Length: 5\r\n\r\nh"), &r)
		if p.NeedContinue() {
			t.Error("the client has not waited for it")
		}
	})
}

// A caller that offers less than before breaks the agreement, and nothing else.
func TestFewerBytesThanBefore(t *testing.T) {
	for _, raw := range requests {
		for i := range len(raw) {
			for j := i % 7; j < i; j += 7 {
				var p Parser
				var r Request
				p.Parse(&DefaultLimits, clip([]byte(raw[:i])), &r)
				if n, status := p.Parse(&DefaultLimits, clip([]byte(raw[:j])), &r); n != 0 || status != 0 {
					t.Fatalf("%q cut from %d to %d: %d, %d", raw, i, j, n, status)
				}
			}
		}
	}
}

func TestEnumsHaveNames(t *testing.T) {
	seen := map[string]bool{"invalid": true}
	for _, names := range [][]string{
		{PhaseIdle.String(), PhaseHead.String(), PhaseBody.String()},
		{stateIdle.String(), stateHead.String(), stateLength.String(), stateChunkSize.String(), stateChunk.String(), stateTrailers.String(), stateRefused.String()},
		{Other.String(), GET.String(), HEAD.String(), POST.String(), PUT.String(), DELETE.String(), OPTIONS.String(), TRACE.String(), PATCH.String()},
	} {
		own := map[string]bool{}
		for _, name := range names {
			if own[name] || seen[name] && name == "invalid" {
				t.Errorf("%q names two members, or none", name)
			}
			own[name] = true
		}
	}
	if Phase(99).String() != "invalid" || state(99).String() != "invalid" || Method(99).String() != "invalid" {
		t.Error("what is no member has a name")
	}
}
