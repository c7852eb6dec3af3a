package spec

var terminateRows []row
