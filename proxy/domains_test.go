package proxy

import "testing"

func TestDomains(t *testing.T) {
	var d Domains
	for _, p := range []string{"Example.org.", "*.wild.example", "bücher.example"} {
		if err := d.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []string{"", "*.", "a b", "**", "*.*.x", "-"} {
		if d.Add(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	for domain, want := range map[string]bool{
		"example.org": true, "EXAMPLE.ORG": true, "example.org.": true, "sub.example.org": false,
		"wild.example": false, "a.wild.example": true, "a.b.wild.example": true, "notwild.example": false,
		"xn--bcher-kva.example": true, "bücher.example": true, "not a name": false, "": false,
	} {
		if got := d.Has(domain); got != want {
			t.Errorf("%q: %v, want %v", domain, got, want)
		}
	}
	var all Domains
	if err := all.Add("*"); err != nil || !all.Has("anything.example") {
		t.Error("* is not everything")
	}
	var none *Domains
	if none.Has("example.org") {
		t.Error("nil is not empty")
	}
}
