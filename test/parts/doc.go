// Package parts is what the tests of the whole command have in common: the command itself, built once for all tests of a package, and what happens where a part that a test
// needs is missing. It knows nothing of what they test.
package parts
