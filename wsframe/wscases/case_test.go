package wscases

import (
	"slices"
	"sync"
	"testing"
)

// table is made once.
var table = sync.OnceValue(All)

// TestTable: the table says what it means: names differ, each case expects something, and what is due is due within what is sent.
func TestTable(t *testing.T) {
	names := map[string]bool{}
	for _, c := range table() {
		if names[c.Name] {
			t.Errorf("%s: twice", c.Name)
		}
		names[c.Name] = true
		if c.KnownAt <= 0 || c.KnownAt > len(c.Send) {
			t.Errorf("%s: due after %d of %d bytes", c.Name, c.KnownAt, len(c.Send))
		}
		if len(c.Want) == 0 {
			t.Errorf("%s expects nothing", c.Name)
			continue
		}
		for i, e := range c.Want {
			isEnd := e.Kind == Close || e.Kind == Bad
			if isEnd && i < len(c.Want)-1 {
				t.Errorf("%s: %v is not the last event", c.Name, e.Kind)
			}
			if isEnd != (e.Code != 0) || len(e.Data) > MessageBytesMax {
				t.Errorf("%s: %v with code %d and %d bytes", c.Name, e.Kind, e.Code, len(e.Data))
			}
		}
	}
}

// TestWidth: the table is not narrower than it was.
func TestWidth(t *testing.T) {
	count := map[string]int{}
	for _, c := range table() {
		count[c.Family()]++
	}
	total := 0
	for _, f := range []struct {
		family string
		least  int
	}{
		{"sizes", 75},
		{"masks", 35},
		{"lengths", 25},
		{"controls", 30},
		{"reserved", 110},
		{"fragments", 30},
		{"text", 700},
		{"closing", 200},
		{"limits", 25},
		{"deflate", 450},
	} {
		if count[f.family] < f.least {
			t.Errorf("%s: %d cases, want %d", f.family, count[f.family], f.least)
		}
		total += count[f.family]
		delete(count, f.family)
	}
	if len(count) > 0 {
		t.Errorf("families without a number: %v", count)
	}
	t.Logf("%d cases", total)
}

func TestKinds(t *testing.T) {
	var all []string
	for k := Text; k <= Bad+1; k++ {
		all = append(all, k.String())
	}
	if want := []string{"text", "ping", "pong", "close", "bad", "kind 5"}; !slices.Equal(all, want) {
		t.Errorf("%v, want %v", all, want)
	}
	if c := (Case{Name: "alone"}); c.Family() != "alone" {
		t.Errorf("family %q", c.Family())
	}
}
