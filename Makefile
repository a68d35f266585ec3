# make help lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash

SERVERS := deploy/local/servers
TOOLS   := deploy/tools
SETUP   := deploy/setup/setup.sh

# What make test runs: packages and flags can be given, as in make test PKG=./storage/... ARGS='-run Register -v'.
PKG  ?= ./...
ARGS ?=

GO_BUILD := go build -trimpath

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install what is missing: PostgreSQL, MariaDB, Node, Chromium (root or sudo)
	@$(SETUP) postgresql mariadb node chromium

.PHONY: servers
servers: bin/servers/.built bin/servers/versitygw bin/servers/ferretdb ## Build the server programs: Temporal, its page, MinIO, FerretDB, a second S3 server for tests

bin/servers/.built: $(SERVERS)/go.mod $(SERVERS)/go.sum
	@echo "Building the server programs (minutes the first time)"
	@mkdir -p bin/servers
	cd $(SERVERS) && $(GO_BUILD) -ldflags '-s -w' -o $(CURDIR)/bin/servers/temporal-server go.temporal.io/server/cmd/server
	cd $(SERVERS) && $(GO_BUILD) -ldflags '-s -w' -o $(CURDIR)/bin/servers/temporal-sql-tool go.temporal.io/server/cmd/tools/sql
	cd $(SERVERS) && $(GO_BUILD) -ldflags '-s -w' -o $(CURDIR)/bin/servers/temporal-ui github.com/temporalio/ui-server/v2/cmd/server
	cd $(SERVERS) && $(GO_BUILD) -ldflags '-s -w' -o $(CURDIR)/bin/servers/minio github.com/minio/minio
	@touch $@

# The object tests run against a second S3 server, whose libraries are newer than those of the others.
bin/servers/versitygw: $(SERVERS)/versitygw/go.mod $(SERVERS)/versitygw/go.sum
	@mkdir -p bin/servers
	cd $(SERVERS)/versitygw && $(GO_BUILD) -ldflags '-s -w' -o $(CURDIR)/$@ github.com/versity/versitygw/cmd/versitygw

# What speaks MongoDB's protocol, for tests and to try it out.
bin/servers/ferretdb: $(SERVERS)/ferretdb/go.mod $(SERVERS)/ferretdb/go.sum deploy/setup/ferretdb.sh
	deploy/setup/ferretdb.sh

.PHONY: temporal-cli
temporal-cli: bin/servers/temporal ## Build Temporal's command line, for looking into a stack by hand

bin/servers/temporal: $(SERVERS)/temporal-cli/go.mod $(SERVERS)/temporal-cli/go.sum
	@mkdir -p bin/servers
	cd $(SERVERS)/temporal-cli && $(GO_BUILD) -ldflags '-s -w' -o $(CURDIR)/$@ github.com/temporalio/cli/cmd/temporal

.PHONY: tools
tools: bin/tools/.built ## Build golangci-lint, sqlc and workflowcheck

bin/tools/.built: $(TOOLS)/go.mod $(TOOLS)/go.sum
	@echo "Building the tools (minutes the first time)"
	@mkdir -p bin/tools
	cd $(TOOLS) && $(GO_BUILD) -o $(CURDIR)/bin/tools/ tool
	@touch $@

# The console is built anew when anything it is made of is newer than what was built last.
CONSOLE := web/dist/console/.built
CONSOLE_SOURCES := $(shell find web/src web/public web/tools -type f ! -name schema.d.ts) web/index.html web/vite.config.ts \
	web/tsconfig.json api/testdata/openapi.json

.PHONY: web
web: $(CONSOLE) ## Build the staff console into web/dist/console

web/node_modules/.installed: web/package.json web/package-lock.json
	@$(SETUP) node
	cd web && npm ci --no-audit --no-fund
	@touch $@

$(CONSOLE): web/node_modules/.installed $(CONSOLE_SOURCES)
	cd web && npm run --silent build
	@touch $@

.PHONY: build
build: web ## Build bin/docket with the console in it
	@mkdir -p bin
	$(GO_BUILD) -o bin/docket ./cmd/docket

.PHONY: up
up: setup servers build ## Start the local stack and stay until Ctrl-C
	bin/docket up

.PHONY: demo
demo: setup servers build ## Run one access request before your eyes; DEMO_EXIT=1 ends with it
	bin/docket demo

.PHONY: pictures
pictures: setup servers build ## Take the pictures of docs/guide anew, from a demo of their own (needs Chromium)
	cd web && node tools/pictures.mjs

.PHONY: test
test: setup servers build provider ## Run all tests on a stack of their own
	bin/docket up --state .docket/test --fresh --no-sync -- go test -count=1 -timeout 20m $(ARGS) $(PKG)
ifeq ($(PKG)$(ARGS),./...)
	$(MAKE) e2e
endif

# Browsers on a stack of their own. E2E narrows it down, as in make e2e E2E='visitor --trace on'.
# A scenario answers at DOCKET_DNS itself, so that no name server beyond this machine is asked.
E2E_STACK := DOCKET_DNS=127.0.0.1:9453 bin/docket up --state .docket/e2e --fresh --no-sync --company -- npm --prefix web/e2e run --silent

.PHONY: e2e
e2e: setup servers build provider web/e2e/node_modules/.installed ## Run the browser tests against the binary; E2E='visitor --trace on' narrows them down
	$(E2E_STACK) test -- $(E2E)

.PHONY: lighthouse
lighthouse: setup servers build web/e2e/node_modules/.installed ## Measure the public form and the console's home page with Lighthouse, on a machine that does nothing else
	$(E2E_STACK) lighthouse

# The browser is Debian's; none is downloaded.
web/e2e/node_modules/.installed: web/e2e/package.json web/e2e/package-lock.json
	@$(SETUP) node
	cd web/e2e && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
	@touch $@

# A real OpenID provider, which tests of single sign-on start.
PROVIDER := api/signin/testprovider

.PHONY: provider
provider: $(PROVIDER)/node_modules/.package-lock.json

$(PROVIDER)/node_modules/.package-lock.json: $(PROVIDER)/package-lock.json
	cd $(PROVIDER) && npm ci --no-audit --no-fund

.PHONY: fuzz
fuzz: setup servers build ## Fuzz every parser, FUZZTIME=10m each; make fuzz FUZZTIME=30s PKG=./audit
	bin/docket up --state .docket/test --fresh --no-sync -- deploy/setup/fuzz.sh $(PKG)

.PHONY: replay
replay: ## Replay the recorded histories of every release against the workflows of today
	go test -count=1 ./workflows -run Replay

# BENCH_ONLY narrows it down to measures by name, as in make bench BENCH_ONLY=verify; BENCH_SCALE=0.1 is for a quick look.
.PHONY: bench
bench: setup servers build ## Measure Docket beside its floors, and print the table of docs/performance.md
	go run ./bench -only '$(BENCH_ONLY)' -scale $(or $(BENCH_SCALE),1)

# FAULTS_ONLY narrows it down to scenarios by name, as in make faults FAULTS_ONLY=upgrade.
.PHONY: faults
faults: setup servers build ## Kill every server again and again under load, and try single faults; FAULTS_MINUTES=3, FAULTS_SEED=…
	go run ./bench/faults -minutes $(or $(FAULTS_MINUTES),3) -seed $(or $(FAULTS_SEED),0) -only '$(FAULTS_ONLY)'

.PHONY: stack-test
stack-test: setup servers build ## Keep the test stack running, for go test by hand
	bin/docket up --state .docket/test --no-sync -- sleep infinity

.PHONY: lint
lint: tools web/node_modules/.installed web/e2e/node_modules/.installed ## Check style, arrows, determinism, generated code, scripts and the console
	@$(SETUP) shellcheck
	bin/tools/golangci-lint run ./...
	bin/tools/workflowcheck ./...
	deploy/setup/generated.sh check
	shellcheck .ci/run deploy/setup/*.sh
	cd web && npm run --silent lint

.PHONY: generate
generate: tools ## Write the generated code anew
	deploy/setup/generated.sh generate

.PHONY: clean
clean: ## Delete bin and the state of the local stacks
	deploy/setup/clean.sh
