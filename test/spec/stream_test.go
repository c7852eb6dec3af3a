package spec

var streamRows []row
