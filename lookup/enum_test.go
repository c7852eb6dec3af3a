package lookup

import "testing"

func TestEnumsHaveNames(t *testing.T) {
	for o := Found; o <= Busy; o++ {
		if o.String() == "" || o.String() == "invalid" {
			t.Errorf("outcome %d has no name", o)
		}
	}
	for k := verdictFound; k <= verdictUseless; k++ {
		if k.String() == "" || k.String() == "invalid" {
			t.Errorf("verdict %d has no name", k)
		}
	}
	if (Busy+1).String() != "invalid" || (verdictUseless+1).String() != "invalid" {
		t.Error("what does not exist has a name")
	}
}
