package bosh

import (
	"strings"
	"testing"
)

// TestConditions: the names are those of XEP-0124 §17.2, all thirteen.
func TestConditions(t *testing.T) {
	const all = "bad-request host-gone host-unknown improper-addressing internal-server-error item-not-found other-request policy-violation " +
		"remote-connection-failed remote-stream-error see-other-uri system-shutdown undefined-condition"
	var got []string
	for c := CondNone + 1; int(c) < conditions; c++ {
		got = append(got, c.String())
		if body := string(TerminateBody(c)); body != "<body type='terminate' condition='"+c.String()+"' xmlns='http://jabber.org/protocol/httpbind'/>" {
			t.Errorf("%v: %s", c, body)
		}
	}
	if s := strings.Join(got, " "); s != all {
		t.Errorf("%s\nwant %s", s, all)
	}
	if Condition(conditions).String() != "invalid" || string(TerminateBody(200)) != string(TerminateBody(CondUndefinedCondition)) {
		t.Error("what is no condition has to be visible")
	}
	if body := string(TerminateBody(CondNone)); body != "<body type='terminate' xmlns='http://jabber.org/protocol/httpbind'/>" {
		t.Errorf("without a condition: %s", body)
	}
}

func TestTerminateBodyWithURI(t *testing.T) {
	got := string(AppendTerminateBody([]byte("x"), CondSeeOtherURI, []byte("https://a/?b&c")))
	if want := "x<body type='terminate' condition='see-other-uri' xmlns='http://jabber.org/protocol/httpbind'><uri>https://a/?b&amp;c</uri></body>"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestEnumsHaveNames(t *testing.T) {
	names := map[string]bool{}
	for _, s := range []string{
		stateNone.String(), stateOpen.String(), stateEnded.String(),
		endedByServer.String(), endedByClient.String(), endedByFault.String(), endedBySilence.String(),
	} {
		if s == "" || s == "invalid" || names[s] {
			t.Errorf("%q names two things, or none", s)
		}
		names[s] = true
	}
	if state(9).String() != "invalid" || ending(9).String() != "invalid" {
		t.Error("what is no value has to be visible")
	}
}
