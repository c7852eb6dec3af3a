package spec

var ridRows []row
