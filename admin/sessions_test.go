package admin

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"go-xmpp-bosh/proxy"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// create opens a BOSH session, and says its sid.
func create(t *testing.T, addr string, rid int) string {
	t.Helper()
	body := fmt.Sprintf(`<body rid='%d' to='example.org' wait='5' hold='1' ver='1.6' xml:lang='en' xmpp:version='1.0' xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'/>`, rid)
	r, err := http.Post("http://"+addr+"/http-bind/", "text/xml", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var b [4096]byte
	n, _ := r.Body.Read(b[:])
	_, rest, ok := strings.Cut(string(b[:n]), " sid='")
	if !ok {
		t.Fatalf("no sid in %q", b[:n])
	}
	sid, _, _ := strings.Cut(rest, "'")
	return sid
}

func list(t *testing.T, url string) (page proxy.SessionPage) {
	t.Helper()
	status, body := request(t, "GET", url)
	if status != http.StatusOK {
		t.Fatalf("%d: %s", status, body)
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		t.Fatal(err)
	}
	return page
}

// Sessions of all loops are listed, page by page, each once, without what lets anybody speak for them; and can be ended.
func TestSessions(t *testing.T) {
	g := startProxy(t, 3)
	url := startAdmin(t, g)
	const n = 7
	var sids []string
	for i := range n {
		sids = append(sids, create(t, g.Addrs()[0].String(), 1000+i))
	}
	seen := map[string]proxy.SessionInfo{}
	from := ""
	for {
		page := list(t, url+"/sessions?limit=2&from="+from)
		if len(page.Sessions) > 2 {
			t.Fatalf("%d on a page", len(page.Sessions))
		}
		for _, s := range page.Sessions {
			if _, twice := seen[s.ID]; twice {
				t.Errorf("%s twice", s.ID)
			}
			seen[s.ID] = s
		}
		if from = page.Next; from == "" {
			break
		}
	}
	if len(seen) != n {
		t.Fatalf("%d sessions, want %d", len(seen), n)
	}
	_, text := request(t, "GET", url+"/sessions")
	for _, sid := range sids {
		if strings.Contains(text, sid[:36]) {
			t.Errorf("a sid is in the list")
		}
	}
	for id, s := range seen {
		if s.Transport != "bosh" || s.State != "waiting" || s.Domain != "example.org" || s.BytesIn == 0 || s.BytesOut == 0 || s.Streams != 1 {
			t.Errorf("%+v", s)
		}
		wrong := strings.Replace(id, "-b", "-w", 1)
		if status, _ := request(t, "DELETE", url+"/sessions/"+wrong, mark, "1"); status != http.StatusNotFound {
			t.Errorf("the id of no session: %d", status)
		}
		if status, _ := request(t, "DELETE", url+"/sessions/"+id, mark, "1"); status != http.StatusNoContent {
			t.Errorf("%d for %s", status, id)
		}
		if status, _ := request(t, "POST", url+"/sessions/"+id+"/end", mark, "1"); status != http.StatusNotFound {
			t.Errorf("ended twice: %d", status)
		}
	}
	if page := list(t, url+"/sessions"); len(page.Sessions) != 0 {
		t.Errorf("%d sessions are left", len(page.Sessions))
	}
	_, metrics := request(t, "GET", url+"/metrics")
	wantContains(t, metrics, `bosh_server_sessions{transport="bosh"} 0`, `bosh_server_sessions_opened_total{transport="bosh"} 7`,
		`bosh_server_errors_total{condition="undefined-condition",transport="bosh"} 7`)
}

func TestSessionsUnanswered(t *testing.T) {
	url := startAdmin(t, deaf{})
	for _, status := range []int{first(request(t, "GET", url+"/sessions")), first(request(t, "DELETE", url+"/sessions/x", mark, "1"))} {
		if status != http.StatusServiceUnavailable {
			t.Errorf("%d", status)
		}
	}
}

func first(n int, _ string) int { return n }
