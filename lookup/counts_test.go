package lookup

import "testing"

func TestCounts(t *testing.T) {
	g := newRig(t)
	g.serve = zone("a.example. 60 A 192.0.2.7", "a.example. 60 AAAA 2001:db8::7")
	for ticket := range Ticket(3) {
		g.r.Addresses(g.now, ticket+1, "a.example")
		g.run()
	}
	g.r.Addresses(g.now, 9, "nowhere.example")
	g.run()
	want := Counts{Queries: 4, CacheHits: 4}
	want.Answers[Found], want.Answers[NoName] = 2, 2
	if got := g.r.Counts(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Every outcome has its place in Counts.
func TestOutcomesCounted(t *testing.T) {
	if Outcome(Outcomes-1).String() == "invalid" || Outcome(Outcomes).String() != "invalid" {
		t.Errorf("Outcomes is %d", Outcomes)
	}
}
