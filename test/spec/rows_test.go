package spec

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// row is one of the checklist. Its name begins with its number; either test or skip is given.
type row struct {
	name  string
	where string // how strongly, and the section
	test  func(t *testing.T)
	skip  string // why nothing is asserted
}

// The chapters, in the order of the checklist.
var (
	xep0124 = slices.Concat(httpRows, creationRows, payloadRows, ackRows, inactivityRows, activityRows, terminateRows, ridRows, keyRows,
		streamRows, errorRows, securityRows)
	xep0206 = xmppRows
)

func TestXEP0124(t *testing.T) { run(t, xep0124) }
func TestXEP0206(t *testing.T) { run(t, xep0206) }

func run(t *testing.T, rows []row) {
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if r.test == nil {
				t.Skipf("%s: %s", r.where, r.skip)
			}
			t.Parallel()
			r.test(t)
		})
	}
}

// checklist has the chapters of the checklist with their numbers: from 1 to the last, none left out.
var checklist = []struct {
	letter string
	last   int
	rows   []row
}{
	{"B", 105, xep0124},
	{"X", 18, xep0206},
}

// TestEveryRowIsHere: no number is missing, twice, or out of order, and every row says something.
func TestEveryRowIsHere(t *testing.T) {
	for _, chapter := range checklist {
		var want, got []string
		for n := range chapter.last {
			want = append(want, chapter.letter+strconv.Itoa(n+1))
		}
		asserted := 0
		for _, r := range chapter.rows {
			number, words, _ := strings.Cut(r.name, " ")
			got = append(got, number)
			if words == "" || r.where == "" {
				t.Errorf("%s: what does it say, and where?", number)
			}
			if (r.test == nil) == (r.skip == "") {
				t.Errorf("%s: wants either a test or the reason for having none", number)
			}
			if r.test != nil {
				asserted++
			}
		}
		for i := range max(len(want), len(got)) {
			if i >= len(want) || i >= len(got) || want[i] != got[i] {
				t.Fatalf("at row %d: want %s, got %s", i+1, strings.Join(want[min(i, len(want)):], " "), strings.Join(got[min(i, len(got)):], " "))
			}
		}
		t.Logf("%s: %d asserted, %d with a reason for not being", chapter.letter, asserted, len(got)-asserted)
	}
}
