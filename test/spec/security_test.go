package spec

var securityRows []row
