#!/usr/bin/env bash
# Installs what the tests need beyond Go: a C compiler (for go test -race), Prosody, ejabberd, Chromium with a
# font, nginx, HAProxy, Node.js, lintian, curl, and the npm packages of test/integration. Quick when all of it is there already.
#
#   test/install.sh             install, as root on Debian and its relatives; elsewhere say what is left out
#   test/install.sh --left-out  install nothing, only say which tests are left out and why
#
# As root on Debian a failed installation is a failure (exit 1). Without root or apt-get the tests that lack
# their parts are skipped, and this script says so and exits 0.
set -eu

cd "$(dirname "$0")/integration"

# The way out when a mirror or another apt holds us up, in seconds.
lock_wait=180

has() { command -v "$1" >/dev/null 2>&1; }

# Go turns cgo, and the race detector with it, off when it finds no C compiler.
has_cc() { has "${CC:-gcc}"; }

packages_needed() {
	has_cc || echo gcc libc6-dev
	has prosody && has prosodyctl || echo prosody
	has ejabberdctl || echo ejabberd
	has chromium || echo chromium fonts-dejavu-core
	has nginx || echo nginx
	has haproxy || echo haproxy
	has node || echo nodejs
	has npm || echo npm
	has lintian || echo lintian
	has curl || echo curl
}

# npm_current: node_modules was laid out from the package-lock.json that is here now.
npm_current() { cmp -s package-lock.json node_modules/.laid-out-from; }

say_left_out() {
	local why=$1 any= proxy
	if ! has_cc; then
		echo "left out: the race detector in all tests, since there is no C compiler (gcc) and $why"
		any=1
	fi
	if ! has prosody || ! has prosodyctl; then
		echo "left out: the integration tests with Prosody, since prosody is not installed and $why"
		any=1
	fi
	if ! has ejabberdctl; then
		echo "left out: the integration tests with ejabberd, since it is not installed and $why"
		any=1
	fi
	if ! has chromium; then
		echo "left out: the integration tests in a browser, since chromium is not installed and $why"
		any=1
	fi
	for proxy in nginx haproxy; do
		has $proxy && continue
		echo "left out: the tests of deploy/ with $proxy, since it is not installed and $why"
		any=1
	done
	if ! has lintian; then
		echo "left out: Debian's judgement of the package, since lintian is not installed and $why"
		any=1
	fi
	if ! has node; then
		echo "left out: the integration tests with JavaScript clients, since Node.js is not installed and $why"
		any=1
	elif ! npm_current; then
		echo "left out: the integration tests with JavaScript clients, since their npm packages are not installed ($2)"
		any=1
	fi
	if [ -n "$any" ]; then
		echo "          (as root on Debian, 'make test' installs the missing parts itself)"
	fi
}

# policy-rc.d answering 101 keeps a package's installation from starting its services: the tests start
# their own, with configurations of their own, on ports of their own.
policy=/usr/sbin/policy-rc.d
policy_kept=$policy.kept-by-bosh-server-tests
policy_mark='# laid by the tests of bosh-server while they install packages'

forbid_services() {
	if [ ! -e "$policy_kept" ] && [ -e "$policy" ] && ! grep -qxF "$policy_mark" "$policy"; then
		mv "$policy" "$policy_kept"
	fi
	printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" >"$policy"
	chmod 755 "$policy"
}

restore_services() {
	if [ -e "$policy_kept" ]; then
		mv -f "$policy_kept" "$policy"
	elif grep -qxF "$policy_mark" "$policy" 2>/dev/null; then
		rm -f "$policy"
	fi
}

# patiently runs an apt-get command again while another one holds a lock, or a mirror hiccups.
patiently() {
	local until=$(($(date +%s) + lock_wait)) log
	log=$(mktemp)
	until "$@" >"$log" 2>&1; do
		if ! grep -qE 'Could not get lock|Unable to lock|Temporary failure|Failed to fetch' "$log" || [ "$(date +%s)" -ge "$until" ]; then
			cat "$log" >&2
			rm -f "$log"
			return 1
		fi
		sleep 3
	done
	rm -f "$log"
}

install_packages() {
	export DEBIAN_FRONTEND=noninteractive
	echo "installing $*"
	trap restore_services EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	forbid_services
	patiently apt-get -q -o DPkg::Lock::Timeout=$lock_wait update
	patiently apt-get -q -y -o DPkg::Lock::Timeout=$lock_wait install --no-install-recommends "$@"
	restore_services
	trap - EXIT INT TERM
}

# Another installation that finds node_modules half laid out starts afresh: npm ci removes it first.
install_npm() {
	echo "installing the npm packages of test/integration"
	npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	cp package-lock.json node_modules/.laid-out-from
}

root_on_debian=
why='this is not root'
if [ "$(id -u)" = 0 ]; then
	why='this machine has no apt-get'
	if has apt-get; then root_on_debian=1; fi
fi

if [ "${1:-}" = --left-out ]; then
	say_left_out "$why" "run test/install.sh"
	exit 0
fi

if [ -n "$root_on_debian" ]; then
	# shellcheck disable=SC2046 # one word is one package
	set -- $(packages_needed)
	if [ $# -gt 0 ]; then install_packages "$@"; fi
	npm_current || install_npm
	exit 0
fi

npm_why="$why"
if has node && has npm && ! npm_current && ! install_npm; then
	npm_why='npm ci failed'
fi
say_left_out "$why" "$npm_why"
