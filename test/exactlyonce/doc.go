// Package exactlyonce shows over real sockets that a BOSH session loses, doubles and reorders nothing, whatever becomes of the
// connections under it (XEP-0124 §9, §14, §17.3; decisions.md 2 and 32 to 34).
//
// Four parts stand in a row, all in the test's process:
//
//	client  —  network  —  the proxy under test  —  backend
//
// The backend speaks enough XMPP for a stream without authentication, numbers each message that it sends and checks those that it
// gets. The client does what real ones do: as many connections as it may have requests (two, or three where two are held), a
// request that brought no answer repeated byte for byte on a new connection, an answer of type='error' taken as §17.3 says, answers
// processed in rid order, and in one half of the sessions acknowledgements. The network (a TCP relay) kills connections: before a
// request, inside it, while it is held, before its answer, inside it, between two exchanges; with FIN and with RST, each side for
// itself; it tells only one side; it goes silent in the middle; it delivers a copy after its repeat; it cuts what passes into
// pieces, and delays them.
//
// The client's creation request is spared: one that dies is not repeated, but made anew.
//
// What befalls a request is drawn from the seed, the session, the rid and the number of the copy, so the same seed gives the same
// faults wherever the schedule lets it come to the same requests. BOSH_SERVER_TEST_SEED sets the seed, which a failure names;
// BOSH_SERVER_TEST_MESSAGES and BOSH_SERVER_TEST_KILLS how much each session sends each way and survives, for a longer run.
//
// Files: message (what is counted), network, link and fault (the relay), backend, client and answers, conn, trial (one run of
// all), once and dying (the tests).
package exactlyonce
