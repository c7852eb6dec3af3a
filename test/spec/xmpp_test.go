package spec

var xmppRows []row
