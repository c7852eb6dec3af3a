package bosh

import (
	"regexp"
	"strconv"
	"testing"
)

// account follows every stanza that was pushed: it must go out in the answer to one request, or be reported, and never both.
type account struct {
	t        testing.TB
	pushed   int
	seen     map[int]string // id: the body that it was in
	reported map[int]bool
	acks     bool // with acknowledgements, what went out may be reported all the same
}

var stanzaID = regexp.MustCompile(`<message xmlns='jabber:client' n='(\d+)'`)

func newAccount(t testing.TB) account {
	return account{t: t, seen: map[int]string{}, reported: map[int]bool{}}
}

// push gives the next stanza.
func (a *account) push() string {
	a.pushed++
	return "<message n='" + strconv.Itoa(a.pushed) + "'/>"
}

// ids are the stanzas in a body, which must be in order.
func (a *account) ids(body string) (ids []int) {
	for _, m := range stanzaID.FindAllStringSubmatch(body, -1) {
		id, _ := strconv.Atoi(m[1])
		if len(ids) > 0 && id <= ids[len(ids)-1] {
			a.t.Fatalf("out of order: %s", body)
		}
		ids = append(ids, id)
	}
	return ids
}

func (a *account) note(o output) {
	switch o.name {
	case "respond":
		for _, id := range a.ids(o.text) {
			if body, ok := a.seen[id]; ok && body != o.text {
				a.t.Fatalf("stanza %d was sent in\n%s\nand in\n%s", id, body, o.text)
			}
			if a.reported[id] && a.seen[id] == "" {
				a.t.Fatalf("stanza %d was reported, then sent", id)
			}
			a.seen[id] = o.text
		}
	case "no-client":
		for _, id := range a.ids(o.text[1:]) {
			if a.reported[id] {
				a.t.Fatalf("stanza %d was reported twice", id)
			}
			if _, ok := a.seen[id]; ok && !a.acks {
				a.t.Fatalf("stanza %d was sent, then reported", id)
			}
			a.reported[id] = true
		}
	}
}

// unsend: the newest answer that had these stanzas was not taken.
func (a *account) unsend(body string) {
	for _, id := range a.ids(body) {
		delete(a.seen, id)
	}
}

// close: nothing was lost.
func (a *account) close() {
	for id := 1; id <= a.pushed; id++ {
		if _, ok := a.seen[id]; !ok && !a.reported[id] {
			a.t.Fatalf("stanza %d of %d was neither sent nor reported", id, a.pushed)
		}
	}
}
