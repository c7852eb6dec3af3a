package spec

var keyRows []row
