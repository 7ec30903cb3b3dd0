# Hearthline: what can be done with this tree. `make` alone lists it.

# Under sudo the path is often the system's own, without Go's folder.
GO ?= $(or $(shell command -v go 2>/dev/null),/usr/local/go/bin/go)
# The race detector needs a C compiler; `make test RACE=` does without both.
RACE ?= -race
# How long `make fuzz` tries each parser of outside input.
FUZZTIME ?= 10s

tools := deploy/tools/go.mod

.DEFAULT_GOAL := help
.PHONY: help run build test check lint explore privacy torture bench fuzz update clean
export GO RACE FUZZTIME

help: ## Lists these commands.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The shell becomes the program, so that Ctrl-C and a TERM to make reach it, and
# make waits until it has put everything away.
run: ## Starts the line on this machine, with simulated phones. Needs no account.
	@deploy/install.sh run
	@$(MAKE) --no-print-directory build
	@exec bin/hearthline demo

# Without cgo the program is one file that runs on any Linux; without the
# version-control stamp it also builds in a tree that git will not read.
build: ## Builds bin/hearthline.
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -o bin/hearthline ./cmd/hearthline

test: ## Runs every test: on a Postgres of their own, in a real browser.
	@deploy/install.sh test
	@deploy/test.sh

check: ## Runs what CI runs: lint, then every test.
	@deploy/install.sh test
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test

lint: ## Checks format and code, without running any.
	@deploy/install.sh build
	@unformatted=$$($$($(GO) env GOROOT)/bin/gofmt -l cmd flows handlers store); \
		if [ -n "$$unformatted" ]; then printf 'gofmt would change:\n%s\n' "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool -modfile=$(tools) staticcheck ./...

explore: build ## Walks everything that a caller of the built-in flow can do, up to 12 answers.
	@bin/hearthline flow explore

# In a package's own folder what a test prints is not held back.
privacy: ## Has 1,000 people call, then looks for them in all that could be stolen.
	@deploy/install.sh run
	@cd cmd/hearthline && $(GO) test -tags privacy -run '^TestPrivacy' -timeout 60m

torture: ## Kills what sends at every point of its work, and gives 10,000 reminders random fates.
	@deploy/install.sh test
	$(GO) test -tags torture -vet=off -count=1 -v -run '^(TestKilledAtAnyPoint|TestRemindersWithRandomFates)$$' -timeout 60m ./handlers/outbox

bench: ## Measures, with ratios against a bare server in the same run.
	@deploy/install.sh run
	$(GO) test -run '^$$' -bench . ./flows/... ./handlers/... ./store/...
	$(GO) test -run '^$$' -bench . ./cmd/hearthline
	HEARTHLINE_MEASURE=1 $(GO) test -count=1 -v -run '^TestEveryStepIsQuick$$' ./flows/explore
	HEARTHLINE_MEASURE=1 $(GO) test -count=1 -v -run '^(TestPagesOfALargeLine|TestTheDemoIsReadyInTenSeconds)$$' ./cmd/hearthline

fuzz: ## Fuzzes each parser of outside input for FUZZTIME (10s).
	@deploy/install.sh build
	@deploy/fuzz.sh

update: ## Rewrites the golden files; read the difference before you keep it.
	@deploy/install.sh run
	$(GO) test $$(grep -rl 'flag.Bool("update"' --include='*_test.go' . | sed 's|/[^/]*$$||' | sort -u) -update

clean: ## Removes what was built, and the demo's folder.
	rm -rf bin .hearthline coverage.out
