# bosh-server: build, run, test. "make help" lists the targets.

GO        ?= go
TOOL       = $(GO) tool -modfile=tools/go.mod
FUZZTIME  ?= 20s
BENCH     ?= .
BENCHTIME ?= 1s

PREFIX     ?= /usr/local
SYSCONFDIR ?= /etc
MANDIR     ?= $(PREFIX)/share/man/man1
UNITDIR    ?= $(PREFIX)/lib/systemd/system

# The race detector needs cgo, and cgo a C compiler: Go turns it off where there is none. Asked when a recipe
# runs, since "make test" may have installed the compiler by then.
race = $$(test "$$($(GO) env CGO_ENABLED)" = 1 && echo -race)

.DEFAULT_GOAL := help
.NOTPARALLEL:

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## start bosh-server with the embedded XMPP server and a page to try it at
	@exec ./bin/bosh-server --demo

.PHONY: build
build: ## build bin/bosh-server
	$(GO) build -ldflags "-X main.version=$$(./tools/version.sh)" -o bin/bosh-server ./cmd/bosh-server

bin/bosh-server:
	@$(MAKE) --no-print-directory build

.PHONY: install
install: bin/bosh-server ## install what "make build" built, manual page and systemd unit (PREFIX=/usr/local, DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(MANDIR) $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSCONFDIR)/bosh-server
	install -m 755 bin/bosh-server $(DESTDIR)$(PREFIX)/bin/bosh-server
	install -m 644 docs/bosh-server.1 $(DESTDIR)$(MANDIR)/bosh-server.1
	sed 's|/usr/local/bin/|$(PREFIX)/bin/|; s|/etc/|$(SYSCONFDIR)/|' deploy/systemd/bosh-server.service > $(DESTDIR)$(UNITDIR)/bosh-server.service
	install -m 644 deploy/systemd/bosh-server.socket $(DESTDIR)$(UNITDIR)/bosh-server.socket
	chmod 644 $(DESTDIR)$(UNITDIR)/bosh-server.service
	test -e $(DESTDIR)$(SYSCONFDIR)/bosh-server/bosh-server.json || install -m 644 release/debian/bosh-server.json $(DESTDIR)$(SYSCONFDIR)/bosh-server/

.PHONY: uninstall
uninstall: ## remove what "make install" installed, but not the settings
	rm -f $(DESTDIR)$(PREFIX)/bin/bosh-server $(DESTDIR)$(MANDIR)/bosh-server.1
	rm -f $(DESTDIR)$(UNITDIR)/bosh-server.service $(DESTDIR)$(UNITDIR)/bosh-server.socket

.PHONY: release
release: ## make dist/: static binaries and Debian packages for amd64 and arm64, SBOMs, licences, SHA256SUMS
	rm -rf dist
	$(GO) run ./release

.PHONY: reproducible
reproducible: ## make the release twice, each time from nothing, and compare the bytes (some minutes)
	@./tools/reproducible.sh

.PHONY: test
test: parts unit ceilings integration ## install what the tests need, then run all of them
	@./test/install.sh --left-out

.PHONY: parts
parts: ## install what the tests need (as root on Debian; elsewhere say what is left out)
	@./test/install.sh

.PHONY: unit
unit: ## unit tests, fuzz targets on their seeds included, with the race detector, in random order
	$(GO) test $(race) -shuffle=on ./...

.PHONY: ceilings
ceilings: ## the tests that the race detector would falsify: allocations and sizes
	$(GO) test $$(./tools/ceilings.sh)

.PHONY: integration
integration: ## the tests with real parts: Prosody, strophe.js, nginx, HAProxy, the command itself, the Debian package
	$(GO) test -tags=integration -count=1 -parallel=8 -timeout=10m ./test/integration ./test/deploy
	$(GO) test -tags=integration -count=1 -timeout=10m ./test/release
	$(GO) test -tags=integration -count=1 -run=Prosody ./boshserver

.PHONY: check
check: lint unit ## what a change has to pass before anything else: lint and unit tests

.PHONY: lint
lint: ## formatting, vet, staticcheck, exhaustive switches, tidy go.mod files
	@./tools/lint.sh

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME (20s)
	@./tools/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: ## the harness: this server beside others on the same work (BENCHFLAGS="--quick", "--peer=all", "--million")
	$(GO) run ./bench $(BENCHFLAGS)

.PHONY: microbench
microbench: ## benchmarks of every stage, for benchstat: BENCH (.) chooses, BENCHTIME (1s) each
	$(GO) test -run='^$$' -bench='$(BENCH)' -benchtime=$(BENCHTIME) -benchmem ./...

.PHONY: soak
soak: ## the exactly-once test with 200,000 messages each way and 11,000 killed connections
	BOSH_SERVER_TEST_MESSAGES=10000 BOSH_SERVER_TEST_KILLS=400 $(GO) test -count=1 -v ./test/exactlyonce

.PHONY: strophe
strophe: ## fetch strophe.js for the demo's page from npm, at its pinned version; what it lays is committed
	@./demo/page/strophe/fetch.sh

.PHONY: clean
clean: ## remove what was built
	rm -rf bin dist
