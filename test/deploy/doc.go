// Package deploy tests what deploy/ ships as it is shipped: nginx and HAProxy from Debian run with those files in front of two
// bosh-servers each, and the systemd unit, the Dockerfile and the Kubernetes manifests are held to what can be checked without their
// machinery.
//
// A shipped file is read from deploy/ and changed only on lines that are marked EDIT, which are those that an operator has to change too:
// addresses, ports, names and paths. Every such line has to be changed by its test, and no other is. The flags with which the nodes are
// started are read from the same files.
//
// Clients are fifty of strophe.js in one process of Node, each with cookies of its own, and as many BOSH clients of the test's own that work like it: one request held, another to send
// with. The
// XMPP servers are the test's own too: they count every message, answer it, and take note of what comes back undelivered.
//
// The tests have the build tag integration; "make test" installs their parts and runs them:
//
//	go test -tags integration ./test/deploy
//
// A part that is missing skips its tests with the reason, but fails them where test/install.sh could have installed it (root on Debian).
// BOSH_SERVER names a ready-made binary to test. Everything listens on loopback, on free ports, with its own configuration and data; Debian's
// services are not touched. Every child dies with the test that started it.
package deploy
