#!/bin/sh
# Prints the version of this tree: VERSION where that is set, else what git says of it (the last tag v1.2.3 and
# the commits since, or 0.0.0 and all commits), else devel. Hashes have a fixed length, so that each clone says
# the same.
set -eu

cd "$(dirname "$0")/.."

if [ -n "${VERSION:-}" ]; then
	echo "${VERSION#v}"
elif [ ! -e .git ] || ! commit=$(git rev-parse --short=12 HEAD 2>/dev/null); then
	echo devel
elif described=$(git describe --tags --dirty --abbrev=12 --match 'v[0-9]*' 2>/dev/null); then
	echo "${described#v}"
else
	dirty=
	[ -z "$(git status --porcelain --untracked-files=no)" ] || dirty=-dirty
	echo "0.0.0-$(git rev-list --count HEAD)-g$commit$dirty"
fi
