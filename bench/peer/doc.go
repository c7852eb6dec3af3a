// Package peer starts the servers under test: bosh-server itself, those that it is compared with, and the floors that no proxy in their place can
// go below.
//
// Each is started with a configuration, data and ports of its own in a folder that is thrown away, pinned to one core, and ended with its children. No
// service of the machine is touched. What isn't installed is said, with the reason; nothing but node-xmpp-bosh is installed from here, and that into
// the folder that it is told to.
//
// bosh-server, node-xmpp-bosh and HAProxy are put before the null backend; Prosody and ejabberd are XMPP servers themselves and route a message to
// its own sender; nginx knows no XMPP and answers each message with a static 200.
package peer
