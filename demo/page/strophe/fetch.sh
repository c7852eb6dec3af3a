#!/bin/sh
# Fetches strophe.js from npm and lays it here with its licence. The same bytes every time: the version and the package's checksum are
# pinned. What is here is committed, so a build needs none of this; a test compares it with the package.
set -eu

version=5.0.0
sha256=cc9001e4cb80e144bdc3e3f5b114a17f22c25cc98a2ef38fabee9774e76c3315

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "strophe.js@$version" >/dev/null
echo "$sha256  strophe.js-$version.tgz" | sha256sum --check --quiet
tar -xzf "strophe.js-$version.tgz"
# Without the line that names a source map, which is not here.
{
	echo "/*! strophe.js $version, MIT licence: LICENSE.txt */"
	sed '/^\/\/# sourceMappingURL=/d' package/dist/strophe.umd.min.js
} >"$here/strophe.min.js"
cp package/LICENSE.txt "$here/LICENSE.txt"
