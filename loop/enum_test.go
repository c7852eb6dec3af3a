package loop

import (
	"fmt"
	"testing"
)

// Every value of an enum has a name of its own, and no other has one.
func TestEnumsHaveNames(t *testing.T) {
	check := func(name string, n int, at func(i int) fmt.Stringer) {
		seen := map[string]bool{}
		for i := range n {
			s := at(i).String()
			if s == "invalid" || seen[s] {
				t.Errorf("%s %d is called %q", name, i, s)
			}
			seen[s] = true
		}
		if s := at(n).String(); s != "invalid" {
			t.Errorf("%s %d is called %q", name, n, s)
		}
	}
	check("state", int(stateDead)+1, func(i int) fmt.Stringer { return state(i) })
	check("interest", int(interestEdge)+1, func(i int) fmt.Stringer { return interest(i) })
	check("wait kind", int(waitListener)+1, func(i int) fmt.Stringer { return waitKind(i) })
	check("phase", int(phaseEnded)+1, func(i int) fmt.Stringer { return phase(i) })
	check("handshake phase", int(shakeRunning)+1, func(i int) fmt.Stringer { return shakePhase(i) })
}
