// Command release makes what is given to others, in dist/: for each architecture a static binary, a Debian package and a list of what is
// in the binary (SBOM, CycloneDX), and for all of them the licences of what is linked in, and SHA256SUMS. "make release" runs it.
//
// The same commit and the same Go make the same bytes, wherever and whenever: paths are trimmed (-trimpath), nothing of the repository's
// state is stamped but version and commit (-buildvcs=false), each time is that of the commit (SOURCE_DATE_EPOCH, when it is set, is another),
// files are owned by root, have fixed modes and are written in the order of their names.
//
// The package is built by dpkg-deb, not by a library: each Debian has it, it heeds SOURCE_DATE_EPOCH, and it judges control files as the dpkg
// that will read them does. Whoever has no dpkg-deb gets the rest with --no-deb.
//
// What the package holds beside the binary lies in debian/ here, and in deploy/ and docs/. Licences come from the files of the modules, their
// names from google/licensecheck; a module whose licence it does not know fails the release.
//
// It does not sign, upload or tag.
package main
