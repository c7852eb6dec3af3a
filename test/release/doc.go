// Package release tests what "make release" makes: that the binaries are static and for their machines, that the same commit gives the
// same bytes from another folder, that the lists of what is inside are whole, and that the Debian package installs, serves, is upgraded, removed and
// purged, leaving nothing.
//
// The package is installed into a root of its own: the essential packages of this Debian, copied, with dpkg's notes of them. Its scripts run
// there as they would on a machine, once without systemd and once with a systemctl that writes down what it is told. The server runs there
// by the command of the installed unit with the installed settings, as a user with no rights, in a network of its own, so that its ports
// are free.
//
// And the commands of README.md and of the guides are done in a fresh copy of the sources, as a new user would do them.
//
// The tests have the build tag integration; "make test" installs their parts (lintian, curl) and runs them:
//
//	go test -tags integration ./test/release
//
// They need Debian's dpkg and root; what is missing skips its tests with the reason. With qemu-user-static the arm64 binary is run, too.
// RELEASE_UNDER_TEST names a ready-made folder (dist) to test.
package release
