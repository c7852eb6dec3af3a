#!/bin/sh
# Prints the go test arguments that run the tests of files with "//go:build !race": the ceilings, which count
# allocations and bytes, and whose packages "make unit" has tested otherwise.
set -eu

cd "$(dirname "$0")/.."

files=$(grep -rl --include='*_test.go' '^//go:build .*!race' . || true)
if [ -z "$files" ]; then
	echo "no test has the build tag !race" >&2
	exit 1
fi
# shellcheck disable=SC2086 # the names of Go files hold no spaces
tests=$(sed -n 's/^func \(Test[A-Za-z0-9_]*\)(.*/\1/p' $files | sort -u | paste -sd '|' -)
# shellcheck disable=SC2086
packages=$(dirname $files | sort -u)
echo -run="^($tests)\$" $packages
