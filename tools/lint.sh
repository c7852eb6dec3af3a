#!/bin/sh
# Formatting and static checks. Every step runs, so that one run shows everything; the exit status says whether
# all of them passed.
#
# The linters are an explicit short list: gofumpt, go vet, staticcheck and exhaustive, at the versions that
# tools/go.mod pins.
set -u

cd "$(dirname "$0")/.."

# Switches over the enums of this module name every member, with or without a default: a new state must break
# each switch that forgot it.
ours='^go-xmpp-bosh/'

failed=
step() {
	echo "lint: $1"
	shift
	"$@" || failed="$failed $1"
}

tool() { go tool -modfile=tools/go.mod "$@"; }

gofumpt_clean() {
	# Files that git knows or would add: not what a test or a package manager has laid out.
	unformatted=$(git ls-files -co --exclude-standard '*.go' | xargs -r go tool -modfile=tools/go.mod gofumpt -l) || return 1
	[ -z "$unformatted" ] && return
	echo "$unformatted" | xargs go tool -modfile=tools/go.mod gofumpt -d
	return 1
}

# The build tags that add or exchange files are integration and race; the latter comes with the detector alone.
vet() {
	go vet ./... && go vet -tags=integration ./... || return 1
	[ "$(go env CGO_ENABLED)" = 0 ] || go vet -race ./...
}

staticcheck() {
	tool staticcheck ./... && tool staticcheck -tags=integration ./test/...
}

exhaustive() {
	tool exhaustive -check=switch -typeonly="$ours" ./...
}

tidy() {
	go mod tidy -diff && (cd tools && go mod tidy -diff)
}

step 'gofumpt' gofumpt_clean
step 'go vet' vet
step 'staticcheck' staticcheck
step 'exhaustive' exhaustive
step 'go mod tidy' tidy

if [ -n "$failed" ]; then
	echo "lint: failed:$failed" >&2
	exit 1
fi
