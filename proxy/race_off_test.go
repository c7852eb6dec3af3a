//go:build !race

package proxy

// raceDetector scales the tests that are many of the same.
const raceDetector = false
