package demo

import (
	"strings"
	"testing"
)

// befriend makes alice see bob, who sees nobody.
func befriend(t *testing.T, alice, bob *client) {
	t.Helper()
	alice.send("<presence type='subscribe' to='%s'/>", bob.bare())
	alice.wantPush(bob.bare(), "none", "subscribe")
	bob.wantStanza("presence", "type=subscribe", "from="+alice.bare(), "to="+bob.bare())
	bob.send("<presence type='subscribed' to='%s'/>", alice.bare())
	bob.wantPush(alice.bare(), "from", "")
	alice.wantStanza("presence", "type=subscribed", "from="+bob.bare(), "to="+alice.bare())
	alice.wantPush(bob.bare(), "to", "")
	alice.wantStanza("presence", "type=", "from="+bob.me)
}

// pair is alice and bob, online and with their rosters known.
func pair(t *testing.T) (s *Server, alice, bob *client) {
	t.Helper()
	s = start(t, Config{})
	alice, bob = online(t, s, "alice", "a"), online(t, s, "bob", "b")
	alice.roster()
	bob.roster()
	return s, alice, bob
}

// RFC 6121 §3.1, §4.
func TestSubscription(t *testing.T) {
	s, alice, bob := pair(t)
	befriend(t, alice, bob)
	wantStored(t, s)

	bob.send("<presence><show>away</show></presence>")
	bob.wantStanza("presence", "from="+bob.me)
	if p := alice.wantStanza("presence", "from="+bob.me, "to="+alice.bare()); p.child(nsClient, "show").text() != "away" {
		t.Errorf("got %s", p.xml())
	}
	alice.send("<presence><show>dnd</show></presence>") // bob does not see it
	alice.wantStanza("presence", "from="+alice.me)
	bob.wantNothing()

	second := online(t, s, "alice", "second") // initial presence asks for that of bob
	alice.wantStanza("presence", "from="+second.me)
	got := map[string]bool{}
	for range 2 {
		got[second.wantStanza("presence", "type=").attr("from")] = true
	}
	if !got[bob.me] || !got[alice.me] {
		t.Errorf("the second session saw %v", got)
	}
	alice.send("<presence type='probe' to='bob@localhost'/>")
	alice.wantStanza("presence", "from="+bob.me)
	bob.send("<presence type='probe' to='alice@localhost'/>")
	bob.wantNothing()

	bob.send("</stream:stream>")
	bob.wantEnd()
	for _, c := range []*client{alice, second} {
		c.wantStanza("presence", "type=unavailable", "from="+bob.me)
	}
	if it := alice.roster()["bob@localhost"]; it == nil || it.attr("subscription") != "to" {
		t.Error("the subscription ended with the session")
	}
}

func TestSubscriptionBothWays(t *testing.T) {
	_, alice, bob := pair(t)
	befriend(t, alice, bob)
	bob.send("<presence type='subscribe' to='alice@localhost'/>")
	bob.wantPush("alice@localhost", "from", "subscribe")
	alice.wantStanza("presence", "type=subscribe")
	alice.send("<presence type='subscribed' to='bob@localhost'/>")
	alice.wantPush("bob@localhost", "both", "")
	bob.wantStanza("presence", "type=subscribed")
	bob.wantPush("alice@localhost", "both", "")
	bob.wantStanza("presence", "from="+alice.me)

	alice.send("<presence type='subscribe' to='bob@localhost'/>") // nothing new
	alice.wantNothing()
	bob.wantNothing()
}

// RFC 6121 §3.1.3: the request waits for the one it is for.
func TestSubscriptionToSomebodyOffline(t *testing.T) {
	s := start(t, Config{})
	alice := login(t, s, "alice", "a")
	alice.roster()
	for range 2 {
		alice.send("<presence type='subscribe' to='bob@localhost/x'/>")
		alice.wantPush("bob@localhost", "none", "subscribe")
	}
	bob := online(t, s, "bob", "b")
	bob.wantStanza("presence", "type=subscribe", "from=alice@localhost")
	bob.wantNothing()
	bob.send("<presence type='unsubscribed' to='alice@localhost'/>") // RFC 6121 §3.2: it is denied
	alice.wantPush("bob@localhost", "none", "")
	bob.send("<presence type='unavailable'/><presence/>")
	for range 2 {
		bob.wantStanza("presence", "from="+bob.me)
	}
	bob.wantNothing()
	wantStored(t, s)
}

func TestRequestsAreBounded(t *testing.T) {
	s := start(t, Config{})
	s.mu.Lock()
	bob := s.account("bob")
	for range asksMax {
		s.ask(bob, token()+"@localhost")
	}
	s.mu.Unlock()
	alice := login(t, s, "alice", "a")
	alice.send("<presence type='subscribe' to='bob@localhost'/>")
	alice.wantError("presence", "resource-constraint")
	if len(alice.roster()) != 0 {
		t.Error("the roster has an item of a request that was not taken")
	}
	wantStored(t, s)
}

func TestUnsubscribe(t *testing.T) {
	s, alice, bob := pair(t)
	befriend(t, alice, bob)
	alice.send("<presence type='unsubscribe' to='bob@localhost'/>")
	alice.wantPush("bob@localhost", "none", "")
	alice.wantStanza("presence", "type=unavailable", "from="+bob.me, "to="+alice.bare())
	bob.wantPush("alice@localhost", "none", "")
	bob.wantStanza("presence", "type=unsubscribe", "from=alice@localhost")
	bob.send("<presence/>")
	bob.wantStanza("presence", "from="+bob.me)
	alice.wantNothing()
	alice.send("<presence type='unsubscribe' to='bob@localhost'/><presence type='unsubscribe' to='nobody@localhost'/>")
	alice.wantNothing()
	bob.wantNothing()
	wantStored(t, s)
}

// The request is taken back before it is answered.
func TestUnsubscribeBeforeTheAnswer(t *testing.T) {
	s := start(t, Config{})
	alice := login(t, s, "alice", "a")
	alice.send("<presence type='subscribe' to='bob@localhost'/><presence type='unsubscribe' to='bob@localhost'/>")
	alice.wantNothing()
	s.mu.Lock()
	if s.accounts["bob"] != nil {
		t.Error("an account keeps nothing and is kept")
	}
	s.mu.Unlock()
	wantStored(t, s)
}

func TestUnsubscribed(t *testing.T) {
	_, alice, bob := pair(t)
	befriend(t, alice, bob)
	bob.send("<presence type='unsubscribed' to='alice@localhost'/>")
	bob.wantPush("alice@localhost", "none", "")
	alice.wantStanza("presence", "type=unavailable", "from="+bob.me)
	alice.wantStanza("presence", "type=unsubscribed", "from=bob@localhost")
	alice.wantPush("bob@localhost", "none", "")
	bob.send("<presence type='unsubscribed' to='alice@localhost'/>")
	bob.wantNothing()
	alice.wantNothing()
}

// RFC 6121 §3.1.5: nobody can be made to subscribe.
func TestSubscribedWithoutRequest(t *testing.T) {
	_, alice, bob := pair(t)
	bob.send("<presence type='subscribed' to='alice@localhost'/><presence type='subscribed' to='nobody@localhost'/>")
	bob.wantNothing()
	alice.wantNothing()
	if len(alice.roster())+len(bob.roster()) != 0 {
		t.Error("a roster has changed")
	}
}

// A contact who agreed and was removed from the roster of the one who had asked is seen again without being asked.
func TestSubscribeAgain(t *testing.T) {
	s, alice, bob := pair(t)
	befriend(t, alice, bob)
	s.mu.Lock()
	s.accounts["alice"].roster["bob@localhost"].to = false // as if only this side had forgotten
	s.mu.Unlock()
	alice.send("<presence type='subscribe' to='bob@localhost'/>")
	alice.wantPush("bob@localhost", "to", "")
	alice.wantStanza("presence", "type=subscribed", "from=bob@localhost")
	alice.wantStanza("presence", "from="+bob.me)
	bob.wantNothing()
}

// RFC 6121 §2.5.2: removing a contact ends both subscriptions.
func TestRemoveContact(t *testing.T) {
	s, alice, bob := pair(t)
	befriend(t, alice, bob)
	bob.setItem("<item jid='alice@localhost' subscription='remove'/>")
	bob.wantPush("alice@localhost", "none", "")
	bob.wantPush("alice@localhost", "remove", "")
	bob.wantStanza("iq", "type=result")
	alice.wantStanza("presence", "type=unavailable", "from="+bob.me)
	alice.wantStanza("presence", "type=unsubscribed", "from=bob@localhost")
	alice.wantPush("bob@localhost", "none", "")
	befriend(t, alice, bob)
	alice.setItem("<item jid='bob@localhost' subscription='remove'/>")
	alice.wantPush("bob@localhost", "none", "")
	alice.wantStanza("presence", "type=unavailable", "from="+bob.me)
	alice.wantPush("bob@localhost", "remove", "")
	alice.wantStanza("iq", "type=result")
	bob.wantPush("alice@localhost", "none", "")
	bob.wantStanza("presence", "type=unsubscribe", "from=alice@localhost")
	wantStored(t, s)
}

// FuzzHandle lets two users say anything, one after the other; what the accounts keep stays accounted for.
func FuzzHandle(f *testing.F) {
	f.Add("<presence/><presence/><presence type='subscribe' to='b@localhost'/><presence type='subscribed' to='a@localhost'/>")
	f.Add("<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='b@localhost' name='x'><group>y</group></item></query></iq>" +
		"<presence type='subscribe' to='a@localhost'/><iq type='set' id='1'><query xmlns='jabber:iq:roster'>" +
		"<item jid='b@localhost' subscription='remove'/></query></iq>")
	f.Add("<iq type='set' id='1'><vCard xmlns='vcard-temp'>x</vCard></iq><message to='a@localhost'/><presence to='c@localhost'/>")
	f.Fuzz(func(t *testing.T, in string) {
		s := &Server{cfg: Config{Domain: "localhost"}, conns: map[*conn]struct{}{}, accounts: map[string]*account{}}
		users := [2]*conn{idle(s), idle(s)}
		for i, c := range users {
			c.user = string(rune('a' + i))
			if cond := s.join(c, "r"); cond != "" {
				t.Fatal(cond)
			}
		}
		r := reader(t, strings.NewReader(in))
		for i := 0; ; i++ {
			el, err := r.next()
			if err != nil {
				break
			}
			users[i%2].handle(el)
			wantStored(t, s)
		}
		for _, c := range users {
			s.leave(c)
			if r := reader(t, strings.NewReader(string(c.out.buf))); len(c.out.buf) > 0 {
				for err := error(nil); err == nil; {
					if _, err = r.next(); err != nil && err.Error() != "EOF" && err != errTooBig {
						t.Fatalf("wrote %q: %v", c.out.buf, err)
					}
				}
			}
		}
		wantStored(t, s)
	})
}
