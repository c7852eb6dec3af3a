package wsconn

import (
	"slices"
	"testing"

	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

// TestConditions: each has a name of its own, and on the wire stands one of RFC 6120 §4.9.3's, with a close code that a server may send.
func TestConditions(t *testing.T) {
	known := []string{
		"bad-format", "bad-namespace-prefix", "conflict", "connection-timeout", "host-gone", "host-unknown", "improper-addressing",
		"internal-server-error", "invalid-from", "invalid-namespace", "invalid-xml", "not-authorized", "not-well-formed", "policy-violation",
		"remote-connection-failed", "reset", "resource-constraint", "restricted-xml", "see-other-host", "system-shutdown",
		"undefined-condition", "unsupported-encoding", "unsupported-feature", "unsupported-stanza-type", "unsupported-version",
	}
	var names []string
	for c := range Condition(conditions) {
		name := c.String()
		if name == "" || slices.Contains(names, name) {
			t.Errorf("%d is called %q", c, name)
		}
		names = append(names, name)
		if c != CondNone && !slices.Contains(known, c.onWire().String()) {
			t.Errorf("%v is %v on the wire", c, c.onWire())
		}
		if code := c.closeCode(); !code.IsValid() {
			t.Errorf("%v closes with %v", c, code)
		}
	}
	if beyond := Condition(conditions); beyond.String() != "invalid" || beyond.onWire() != CondUndefinedCondition || beyond.closeCode() != wsframe.CloseNormal {
		t.Errorf("beyond: %v, %v", beyond, beyond.closeCode())
	}
}

// TestConditionOf: each reason to refuse a document has a condition.
func TestConditionOf(t *testing.T) {
	for err, want := range map[xmlstream.Error]Condition{
		xmlstream.ErrNotWellFormed: CondNotWellFormed,
		xmlstream.ErrNamespace:     CondNotWellFormed,
		xmlstream.ErrRestricted:    CondRestrictedXML,
		xmlstream.ErrEncoding:      CondUnsupportedEncoding,
		xmlstream.ErrLimit:         CondPolicyViolation,
		xmlstream.ErrTooBig:        CondPolicyViolation,
	} {
		if got := conditionOf(err); got != want {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
	}
}
