package spec

var errorRows []row
