# Everything that is done to this source has a target here; .ci/run and the
# Dockerfile call the same ones. It needs Go and a C compiler. The tests need PostgreSQL
# and Redis too, which .ci/services installs from Debian if that is allowed; those with
# the official SDKs need python3 and node, and fail without them.

GO      ?= go
PYTHON  ?= python3
NODE    ?= node
NPM     ?= npm
RELEASE ?= $(shell git describe --tags --exact-match 2>/dev/null)

# Where a first `make test` puts what it downloads and builds. `make clean` removes it.
CACHE := $(CURDIR)/.cache
SDK   := cmd/tollgate/sdktest
BIN   := bin/tollgate

# No dlopen, libc's resolver or libc's users: glibc cannot do these in a static file.
TAGS    := sqlite_omit_load_extension,netgo,osusergo,timetzdata
# The code begins off a boundary of 2 MB: file systems would else keep it in memory by
# pieces of that size, most of which only a start reads.
LDFLAGS := -s -w -linkmode external -extldflags "-static -Wl,-Ttext-segment=0x410000" -X main.release=$(RELEASE)

# As what is shipped, everything is built without the paths of this machine: so what is
# vetted, killed and shipped is compiled once, SQLite in C above all.
export GOFLAGS := $(filter-out -trimpath,$(shell $(GO) env GOFLAGS)) -trimpath

# What is shipped has no symbols for debuggers, SQLite's neither. Programs that only tests
# run have it compiled faster, which is three times as fast.
export CGO_CFLAGS := -O2 -g0
TESTED := CGO_CFLAGS="-O1 -g0"

# The results of every suite of one run; .ci/run adds them up.
RESULTS ?=
GOTEST  := $(GO) run ./.ci/gotest -results "$(RESULTS)"

.PHONY: help build static deps test test-go test-sdk sdk-tools test-image check fmt vet lint modules golden fuzz run image-root clean bench bench-books beside crash-bin test-crash crash
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# For another kind of machine: make build GOARCH=arm64 CC=aarch64-linux-gnu-gcc
build: ## Build the program: one static file, bin/tollgate
	CGO_ENABLED=1 $(GO) build -trimpath -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/tollgate
	@$(MAKE) --no-print-directory static

# ldd reads only files of this machine's kind, so readelf looks as well: a static
# program asks for no interpreter.
static:
	@ldd $(BIN) 2>&1 | grep -qi 'not a .*dynamic' || { echo "$(BIN) is not static:"; ldd $(BIN); exit 1; }
	@! readelf -lW $(BIN) | grep -q INTERP || { echo "$(BIN) asks for a dynamic loader"; exit 1; }
	@echo "$(BIN): $$(du -h $(BIN) | cut -f1), not a dynamic executable"

# What changes seldom and takes long, SQLite in C above all: a layer of its own in the
# Dockerfile, from go.mod alone.
deps:
	$(GO) mod download
	CGO_ENABLED=1 $(GO) build -trimpath -tags $(TAGS) github.com/mattn/go-sqlite3

test: fmt vet test-go test-sdk test-crash ## Run every test, with all its set-up: Go, the official SDKs against the program, the program killed

# Most tests wait for something most of the time, so more of them run than there are cores.
# What `go test` would vet again, and all that it imports, vet has vetted.
test-go: ## Run the Go tests under the race detector, with servers of their own
	CGO_ENABLED=1 $(TESTED) .ci/services run $(GOTEST) -timeout 20m -parallel 6 -race -vet=off -tags $(TAGS) ./...

# Without -race: what is tested is the program as it is shipped, from outside.
test-sdk: build sdk-tools $(CACHE)/sdktest-go ## Run OpenAI's, Anthropic's and LiteLLM's SDKs and LangChain against bin/tollgate
	TOLLGATE_BIN=$(CURDIR)/$(BIN) SDK_PYTHON=$(CACHE)/venv/bin/python SDK_NODE="$(NODE)" SDK_GO=$(CACHE)/sdktest-go \
		$(GOTEST) -count=1 -timeout 10m -tags sdk ./$(SDK)

# What the SDKs are fetched with waits for others most of the time.
sdk-tools: $(CACHE)/python.stamp $(CACHE)/node.stamp

crash-bin:
	CGO_ENABLED=1 $(GO) build -tags $(TAGS),failpoints -o bin/tollgate-failpoints ./cmd/tollgate

# Without -race: the program under test is a process of its own.
test-crash: crash-bin ## Kill the program at every failpoint and at random under load, and check its books
	$(GOTEST) -count=1 -tags $(TAGS),failpoints ./gateway/failpoint
	TOLLGATE_CRASH_BIN=$(CURDIR)/bin/tollgate-failpoints .ci/services run $(GOTEST) -count=1 -parallel 4 -timeout 10m -tags $(TAGS),crash ./cmd/tollgate/crashtest

KILLS ?= 5000

crash: crash-bin ## A longer run: make crash KILLS=5000 SEED=1
	TOLLGATE_CRASH_KILLS=$(KILLS) TOLLGATE_CRASH_SEED=$(SEED) TOLLGATE_CRASH_BIN=$(CURDIR)/bin/tollgate-failpoints .ci/services run \
		$(GO) test -v -count=1 -timeout 6h -tags $(TAGS),crash -run 'TestT01_Crash' ./cmd/tollgate/crashtest

test-image: ## Do what the Dockerfile says without Docker, and run what comes out
	$(GOTEST) -count=1 -timeout 15m -tags image ./$(SDK)

$(CACHE)/python.stamp: $(SDK)/python/requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "the tests need python3 (3.10 or newer)"; exit 1; }
	rm -rf $(CACHE)/venv
	$(PYTHON) -m venv $(CACHE)/venv || { echo "python3 cannot make a venv; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(CACHE)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile -r $<
	@touch $@

# npm's warning that the SDK wishes for a newer node is left out: the tests tell.
$(CACHE)/node.stamp: $(SDK)/node/package-lock.json
	@command -v $(NODE) >/dev/null || { echo "the tests need node (20 or newer)"; exit 1; }
	@command -v $(NPM) >/dev/null || { echo "the tests need npm, which comes with node or in a package of its own"; exit 1; }
	@mkdir -p $(CACHE)
	cd $(SDK)/node && $(NPM) ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

$(CACHE)/sdktest-go: $(wildcard $(SDK)/go/*)
	cd $(SDK)/go && CGO_ENABLED=0 $(GO) build -o $@ .

check: fmt vet lint modules golden ## Look without running: format, vet, modules, the tree's rules, golden files

modules:
	$(GO) mod verify
	$(GO) mod tidy -diff
	cd $(SDK)/go && $(GO) mod tidy -diff

# Some of the tests that test-go runs.
golden:
	$(GOTEST) -tags $(TAGS) -run 'Architecture|Exhaustive|SayWhat|Golden|^Example' ./...

fmt:
	@bad="$$(find . -name node_modules -prune -o -path ./.cache -prune -o -name '*.go' -print | xargs gofmt -l)"; \
		[ -z "$$bad" ] || { echo "not formatted (gofmt -w):"; echo "$$bad"; exit 1; }

vet:
	$(GO) vet -tags $(TAGS) ./...
	$(GO) vet -tags sdk ./$(SDK)
	$(GO) vet -tags image ./$(SDK)
	$(GO) vet -tags $(TAGS),bench ./cmd/tollgate/benchtest ./cmd/tollgate/bench
	$(GO) vet -tags $(TAGS),beside ./cmd/tollgate/beside
	$(GO) vet -tags $(TAGS),failpoints ./...
	$(GO) vet -tags $(TAGS),crash ./cmd/tollgate/crashtest
	$(GO) vet ./.ci/gotest
	cd $(SDK)/go && $(GO) vet ./...

lint:
	.ci/lint

FUZZTIME ?= 20s

fuzz: ## Run each fuzz target for FUZZTIME (20s)
	CGO_ENABLED=1 $(TESTED) TAGS=$(TAGS) FUZZTIME=$(FUZZTIME) .ci/fuzz "$(RESULTS)"

BENCH ?=
ROW   ?=

# On a quiet machine with two cores or more. make bench BENCH=quick is a look of a minute;
# ROW='8 KB|memory' measures the rows that the expression finds.
bench: build ## Measure the program beside a bare fasthttp and a bare net/http proxy; BENCH=quick, ROW='8 KB'
	CGO_ENABLED=1 $(GO) build -tags $(TAGS),bench -o bin/bench ./cmd/tollgate/bench
	bin/bench -program $(BIN) $(if $(filter quick,$(BENCH)),-quick) $(if $(ROW),-row '$(ROW)')

# On a quiet machine. TOLLGATE_BENCH_DIR names the disk; it must be a real one.
bench-books: build ## Measure the books beside a bare loop and this disk, and paid calls beside free ones
	TOLLGATE_BIN=$(CURDIR)/$(BIN) .ci/services run $(GO) test -tags $(TAGS),bench -count=1 -timeout 20m -v ./cmd/tollgate/benchtest

# The groups of requests whose file says so are compared; GROUPS=keys,users picks others.
# RECORD=yes writes down what LiteLLM answers instead, and with DUMP=yes its database.
beside: build $(CACHE)/litellm/stamp ## Ask the real LiteLLM and the program the same, and tell the differences
	TOLLGATE_BIN=$(CURDIR)/$(BIN) TOLLGATE_BESIDE_LITELLM=$(CACHE)/litellm TOLLGATE_BESIDE_GROUPS=$(GROUPS) \
		$(if $(DUMP),TOLLGATE_BESIDE_DUMP=$(CURDIR)/configs/litellm/testdata/database) \
		.ci/services run $(GO) test -tags $(TAGS),beside -count=1 -timeout 20m -v -run '^$(if $(RECORD),TestRecord,TestBeside)$$' ./cmd/tollgate/beside

$(CACHE)/litellm/stamp: $(addprefix cmd/tollgate/beside/litellm/,install requirements.txt package.json package-lock.json engine.mjs)
	cmd/tollgate/beside/litellm/install $(CACHE)/litellm
	@touch $@

run: ## Run the gateway from source; ARGS="--config tollgate.yaml"
	$(GO) run ./cmd/tollgate $(ARGS)

# What the image holds beside its settings. The Dockerfile copies it, the tests too.
image-root: build ## Lay out the image's files in dist/image
	rm -rf dist/image
	install -D -m 0755 $(BIN) dist/image/tollgate
	install -D -m 0644 /etc/ssl/certs/ca-certificates.crt dist/image/etc/ssl/certs/ca-certificates.crt
	install -d -m 0700 dist/image/data

clean: ## Remove what was built and downloaded here
	.ci/services stop
	rm -rf bin dist $(CACHE) $(SDK)/node/node_modules
