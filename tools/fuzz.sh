#!/bin/sh
# Runs every fuzz target of the module, one after the other, each for the given time (20s).
set -eu

cd "$(dirname "$0")/.."
time=${1:-20s}

grep -rn --include='*_test.go' '^func Fuzz' . | sed 's/^\(.*\)\/[^/]*:[0-9]*:func \(Fuzz[A-Za-z0-9_]*\).*/\1 \2/' | sort -u |
	while read -r package target; do
		echo "== $package $target"
		go test -run='^$' -fuzz="^$target\$" -fuzztime="$time" "$package"
	done
