#!/bin/sh
# Makes the release twice, from copies of the commit in folders of different names, each with an empty build
# cache, and compares the bytes. What is not committed is not in it.
set -eu

cd "$(dirname "$0")/.."

dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
for name in one another/deeper; do
	mkdir -p "$dir/$name"
	git clone -q . "$dir/$name/source"
	echo "building in $name"
	(cd "$dir/$name/source" && GOCACHE="$dir/$name/cache" go run ./release --out=../dist)
done
(cd "$dir/one/dist" && sha256sum --quiet --check SHA256SUMS && cat SHA256SUMS)
diff -r "$dir/one/dist" "$dir/another/deeper/dist"
echo "the same bytes twice"
