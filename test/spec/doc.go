// Package spec is the index of the rules that BOSH puts on a connection manager: one test, or one skip with its reason, for each
// row of the conformance checklist's §4.1 (B1 to B105, XEP-0124) and §4.2 (X1 to X18, XEP-0206), in its order and under its number.
//
//	go test ./test/spec -run '/B14_' -v
//
// A row reads as a sentence, says how strongly the specification demands it (M must, N must not, S should, SN should not, O may, c binds
// the client, and us to survive it) and where, and asserts it from outside: a real server in this process, raw HTTP before it, and an XMPP server behind it that
// the test plays itself. Rules about long times are asserted on the session machine of package bosh, with a clock that the test turns. Where a
// specification leaves room, the rows assert the project's reading (decisions.md). What isn't a rule of the specifications, is a fault of the network or a client's habit, has its tests
// elsewhere: bosh/testdata, test/exactlyonce, test/integration.
//
// Files: rows is the list of numbers that must be here. rig (the server), client (its HTTP side), backend (its XMPP side), answer (a <body/> read by another
// parser than ours, which checks each answer for what holds for all of them) and machine (the session with a clock) are the tools. The
// others hold the rows, each those of some sections.
package spec
