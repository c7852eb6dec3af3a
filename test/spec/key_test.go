package spec

import (
	"crypto/sha1" //nolint:gosec // XEP-0124 §15.3 says SHA-1
	"encoding/hex"
	"strings"
	"testing"
)

// XEP-0124 §15: key sequences.
var keyRows = []row{
	{name: "B79 keys are optional", where: "O §15", test: func(t *testing.T) {
		c := joined(t, usual) // as every other row shows; a key that nobody announced means nothing
		c.a.post(c.next("key='whatever'", message("1")))
		c.backend.want("id='1'/>")
	}},
	{name: "B80 keys are SHA-1 in hexadecimal, in either case", where: "S §15.3", test: func(t *testing.T) {
		k := keys("seed", 4)
		m := operate(t, usual+" newkey='"+strings.ToUpper(k[3])+"'", nil)
		m.request(firstRID+1, "key='"+k[2]+"'", message("1"))
		m.request(firstRID+2, "key='"+k[1]+"'", message("2"))
		m.happened("nodes 0 "+message("1"), "nodes 0 "+message("2"))
	}},
	{name: "B81 a wrong key or none: not processed, and item-not-found", where: "O/M §15.4", test: func(t *testing.T) {
		k := keys("seed", 4)
		for _, wrong := range []string{"key='" + k[1] + "'", "key='" + k[3] + "'", "key=''", ""} {
			m := operate(t, usual+" newkey='"+k[3]+"'", nil)
			m.answer(m.request(firstRID+1, wrong, message("x"))).ends("item-not-found")
			m.happened("terminate 0 clean=false", "error item-not-found") // and no nodes
		}
	}},
	{name: "B82 the last key of a sequence brings the next sequence", where: "M §15.5", test: func(t *testing.T) {
		old, fresh := keys("seed", 2), keys("other", 3)
		m := operate(t, usual+" newkey='"+old[1]+"'", nil)
		m.request(firstRID+1, "key='"+old[0]+"' newkey='"+fresh[2]+"'", message("1"))
		m.request(firstRID+2, "key='"+fresh[1]+"'", message("2"))
		m.happened("nodes 0 "+message("1"), "nodes 0 "+message("2"))
		m = operate(t, usual+" newkey='"+old[1]+"'", nil) // who can't show the old one can't begin anew
		m.answer(m.request(firstRID+1, "key='"+fresh[1]+"' newkey='"+fresh[2]+"'", "")).ends("item-not-found")
	}},
}

// keys are K(1) to K(n).
func keys(seed string, n int) []string {
	k := make([]string, n)
	for i := range k {
		sum := sha1.Sum([]byte(seed)) //nolint:gosec // as above
		k[i] = hex.EncodeToString(sum[:])
		seed = k[i]
	}
	return k
}
