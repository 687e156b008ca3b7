# Compiling the AWS SDK takes minutes: everything that is checked is compiled with the race detector on, so that lint,
# tests and the program that the suite runs share one build cache entry of it. Only what is released is compiled
# without, and the cases of failure with the very same flags, so that these share as well.
RACE    := -race
# A program with the race detector sleeps for a second when it ends, unless told otherwise; the suites run hundreds.
export GORACE := atexit_sleep_ms=0
# Small before fast: no inlining but in the standard library, which takes a sixth off (docs/performance.md).
SMALL   := -trimpath -gcflags=all=-l -gcflags=std= -ldflags='-s -w -funcalign=4'
STATIC  := CGO_ENABLED=0 go build $(SMALL)
# The cases of failure are many, and so are the lives that are measured, and each costs four times as much with the race
# detector: there a sample is run.
CASES   := CGO_ENABLED=0 go test $(SMALL) -count=1
# This catches a test that hangs, and never one that is slow on a busy machine.
TIMEOUT ?= 45m
# Of a hundred mutants of a package, so many must be killed.
LEAST   ?= 100
TOOL    := go tool -modfile=tools/go.mod
# The folders of the packages whose tests contain the given text.
having   = $(shell grep -rl --include='*_test.go' '$(1)' cmd pkg integration 2>/dev/null | xargs -r -n1 dirname | sort -u)
LOCALSTACK := go run ./integration/localstack/cmd/localstack
DEMO_REGIONS ?= us-east-1,eu-west-1,ap-southeast-2

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/provision
	$(STATIC) -o bin/provision ./cmd/provision

.PHONY: test
test: ## Run everything that must pass, on LocalStack too, with the race detector
	go test $(RACE) -p 3 -timeout $(TIMEOUT) ./...
	$(CASES) -timeout $(TIMEOUT) ./integration/reliability ./integration/performance
	go test -C tools/kubernetes $(RACE) ./...

.PHONY: test-short
test-short: ## Run what needs neither Python nor LocalStack
	go test $(RACE) -short -timeout $(TIMEOUT) ./...

.PHONY: test-long
test-long: ## Run all cases of failure, property tests 50 times as long, and each fuzz test for a minute
	PROVISION_LONG=1 $(CASES) -timeout 6h ./integration/reliability
	@set -e; for dir in $(call having,pgregory.net/rapid); do \
	  echo "property tests of $$dir"; \
	  go test $(RACE) -short -count=1 -timeout 2h "./$$dir" -rapid.checks=5000; \
	done
	@set -e; for dir in $(call having,func Fuzz); do \
	  for fuzz in $$(grep -ho 'func Fuzz[A-Za-z0-9_]*' "$$dir"/*_test.go | cut -c6-); do \
	    echo "$$fuzz of $$dir"; \
	    go test -run '^$$' -fuzz "^$$fuzz\$$" -fuzztime 1m "./$$dir"; \
	  done; \
	done

.PHONY: mutants
mutants: ## Change what keeps a promise a little, and fail if no test notices; MUTANTS='-promised pkg/state' tries one package, MUTANTS=pkg/graph all of it
	go run ./integration/mutants/cmd/mutants -least $(LEAST) $(MUTANTS)

.PHONY: test-browser
test-browser: ## Look at the diagram's page in headless Chromium, which must be on the path
	PROVISION_BROWSER=1 go test $(RACE) -count=1 -run Browser ./pkg/ui/diagram

.PHONY: test-contract
test-contract: ## Run the behaviours that the sandbox and LocalStack are both held to
	go test $(RACE) -count=1 -timeout $(TIMEOUT) -run Contract ./pkg/sandbox/... ./integration/...

.PHONY: test-aws
test-aws: ## Run one life of a stack on a real account, which costs money: integration/aws/doc.go says what to set
	go test $(RACE) -v -count=1 -timeout 3h -run TestLifeOnAWS ./integration/aws

.PHONY: bench
bench: ## Measure calls, chains, makespans, memory and start-up, and write docs/performance.md; run the benchmarks
	go test -run 'TestCallsAndChains|TestMeasure' -count=1 -timeout $(TIMEOUT) ./integration/performance -update
	go run ./integration/performance/report
	go test -run '^$$' -bench . -benchmem -timeout $(TIMEOUT) ./...

MAX_SIZE := 40000000
.PHONY: size
size: build ## Fail if the program is larger than MAX_SIZE bytes
	@bytes=$$(wc -c <bin/provision); echo "bin/provision has $$bytes bytes, of $(MAX_SIZE) at most"; \
	  test "$$bytes" -le $(MAX_SIZE)

.PHONY: cover
cover: ## Write coverage.html, measured over all packages
	go test $(RACE) -timeout $(TIMEOUT) -coverpkg=./pkg/...,./cmd/... -coverprofile=coverage.out ./...
	go tool cover -html=coverage.out -o coverage.html
	go tool cover -func=coverage.out | tail -n 1

# The linter is compiled from source, pinned by tools/go.sum: 90 s once on two cores, then cached.
.PHONY: lint
lint: ## Check style, formatting and likely mistakes
	go tool -modfile=tools/actionlint.mod actionlint -shellcheck= -pyflakes= .github/workflows/*.yml examples/github-actions/*.yml
	GOFLAGS="$$(go env GOFLAGS) $(RACE)" $(TOOL) golangci-lint run ./...

.PHONY: vulnerabilities
vulnerabilities: ## Ask the Go vulnerability database about what the program can reach (needs the internet)
	go tool -modfile=tools/govulncheck.mod govulncheck ./cmd/...

.PHONY: fmt
fmt: ## Format the code
	$(TOOL) gofumpt -w cmd pkg integration

.PHONY: localstack
localstack: ## Start LocalStack in the background; prints the environment that leads to it
	@$(LOCALSTACK) start

.PHONY: localstack-stop
localstack-stop: ## Stop the LocalStack of `make localstack`
	@$(LOCALSTACK) stop

.PHONY: demo
demo: build ## Bring a stack up in three regions of LocalStack; DEMO_REGIONS names others
	@env=$$($(LOCALSTACK) start) && eval "$$env" && bin/provision up --yes --regions $(DEMO_REGIONS)

.PHONY: demo-down
demo-down: build ## Take down what `make demo` brought up, and LocalStack
	@env=$$($(LOCALSTACK) start) && eval "$$env" && bin/provision down --yes
	@$(LOCALSTACK) stop

.PHONY: clean
clean: ## Remove what was built here
	rm -rf bin dist coverage.out coverage.html
