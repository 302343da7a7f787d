# Cloister. `make run` starts a local network and shows a first private call; `make test` runs everything.
# Both install what they need on Debian 12 with Swift; nothing else has to be done by hand.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
ARCH := $(shell uname -m)
SECONDS ?= 60
# Warnings are errors by the manifest; packages from outside have theirs silenced.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
BUILD := $(ROOT).build/$(ARCH)-unknown-linux-gnu

# ---- what the machine must have

APT_PACKAGES := libssl-dev libsodium-dev libprotobuf-c-dev libsecp256k1-dev liblmdb-dev libsqlite3-dev zlib1g-dev \
	python3-venv python3-pip python3-yaml pkg-config gzip openssl patchelf
APT_PROTO_PACKAGES := protobuf-compiler protobuf-c-compiler libprotobuf-dev

# Quiet when everything is there; one line that says what is missing when it cannot be installed.
define install_packages
	@installed=" $$(dpkg-query -W -f='$${Package} $${Status}\n' $(1) 2> /dev/null | sed -n 's/ [a-z]* ok installed$$//p' | tr '\n' ' ') "; \
	missing=""; for package in $(1); do [[ $$installed == *" $$package "* ]] || missing+=" $$package"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing:$$missing"; \
		sudo=$$([ $$(id -u) = 0 ] || command -v sudo); log=$$(mktemp); \
		{ $$sudo apt-get update -qq \
			&& $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } > $$log 2>&1 \
		|| { tail -3 $$log; echo "could not install:$$missing (as root: apt-get install$$missing)"; exit 1; }; fi
endef

.PHONY: packages
packages:
	$(call install_packages,$(APT_PACKAGES))

# The contract engine: one shared library, pinned by the hash of the wheel that carries it (docs/decisions/0004).
WASMTIME_VERSION := 50.0.1
WASMTIME_SHA_x86_64 := cc14c3a17654e0394e0225b11813532ef0cd7bd1e222a0c5494cdedaabeddac4
WASMTIME_SHA_aarch64 := 675484e525c028dc02762b777f1db4477ea70caa3fec6775426daff4d64edfb1
WASMTIME_PLATFORM_x86_64 := manylinux1_x86_64
WASMTIME_PLATFORM_aarch64 := manylinux2014_aarch64
WASMTIME := .tools/lib/libwasmtime.so

$(WASMTIME): | packages
	@echo "fetching the contract engine (wasmtime $(WASMTIME_VERSION), 10 MB)"
	@mkdir -p .tools/wheel .tools/lib
	@echo "wasmtime==$(WASMTIME_VERSION) --hash=sha256:$(WASMTIME_SHA_$(ARCH))" > .tools/wheel/requirements.txt
	@python3 -m pip download -q --no-deps --only-binary=:all: --platform $(WASMTIME_PLATFORM_$(ARCH)) \
		--require-hashes -r .tools/wheel/requirements.txt -d .tools/wheel
	@python3 -c "import glob,shutil,zipfile; \
		wheel=zipfile.ZipFile(glob.glob('.tools/wheel/*.whl')[0]); \
		take=lambda end,to: [shutil.copyfileobj(wheel.open(n), open(to,'wb')) for n in wheel.namelist() if n.endswith(end)]; \
		take('_libwasmtime.so','$@.new'); take('LICENSE','.tools/lib/libwasmtime.LICENSE')"
	@# The launcher hands libraries to the loader by descriptor, so each must carry its own name.
	@patchelf --set-soname libwasmtime.so $@.new
	@rm -rf .tools/wheel && mv $@.new $@

.PHONY: tools
tools: packages $(WASMTIME)

# ---- build

.PHONY: build release
build: tools contracts
	@echo "building (debug); the first time takes about ten minutes"
	@swift build --build-tests $(SWIFT_FLAGS)

# Nothing is asked of the package manager while no source is newer than what was built: `make run` starts at once.
SOURCES := Package.swift $(shell find Sources enclave-host -type f) \
	$(shell docs/packaging/commit.sh .tools/commit.h && echo .tools/commit.h)
# What is trusted first: `make audit` looks at it before the rest is there.
TRUSTED_PROGRAMS := enclave-host cloister-enclave cloister-enclave-development
PROGRAMS := $(TRUSTED_PROGRAMS) cloister-node cloister cloister-contract

release: tools contracts $(BUILD)/release/built

$(BUILD)/release/built: $(SOURCES) | tools
	@echo "building (release); the first time takes about ten minutes"
	@for program in $(PROGRAMS); do swift build -c release --product $$program $(SWIFT_FLAGS) || exit 1; done
	@enclave-host/bundle.sh $(BUILD)/release
	@$(MAKE) --no-print-directory sign $(if $(KEY),KEY=$(KEY))
	@touch $@

# The libraries that the enclaves are measured with, copied beside them: an upgrade of the system then locks no chain.
.PHONY: bundle
bundle: release
	@enclave-host/bundle.sh $(BUILD)/release
	@$(MAKE) --no-print-directory sign $(if $(KEY),KEY=$(KEY))

# The publisher's statement beside each enclave, for both confinements (enclave-host/sign.sh). KEY=file signs with a key of
# your own; without one it is the development key, which everybody has and the profile production refuses.
.PHONY: sign
sign:
	@for program in cloister-enclave:1 cloister-enclave-development:2; do for confinement in jit strict; do \
		enclave-host/sign.sh $(BUILD)/release/$${program%:*} --product $${program#*:} --confinement $$confinement \
			$(if $(KEY),--key $(KEY)) || exit 1; done; done

# Programs, completions for bash, zsh and fish, manual pages and the page for operators, below PREFIX; DESTDIR is a folder
# to install below. Nothing that a node or the launcher wrote is removed with them.
PREFIX ?= /usr/local
.PHONY: install uninstall
install: release
	@docs/packaging/install.sh $(BUILD)/release $(PREFIX) $(DESTDIR)

uninstall:
	@docs/packaging/uninstall.sh $(PREFIX) $(DESTDIR)

# A Debian package with units and a launcher that has a user of its own. KEY=file is the publisher's key: images that the
# development key signed are refused by the profile production.
.PHONY: deb
deb: release
	@$(if $(KEY),$(MAKE) --no-print-directory sign KEY=$(KEY))
	@docs/packaging/deb.sh $(BUILD)/release "$$($(BUILD)/release/cloister --version | sed -E 's/ \(([0-9a-f]+)(, changed)?\)/+git\1/')" .build

# The client alone with its libraries, for machines on which nothing is installed.
.PHONY: archive
archive: release
	@docs/packaging/archive.sh $(BUILD)/release "$$($(BUILD)/release/cloister --version | sed 's/ .*//')" .build

# What `install`, `archive` and `deb` make, tried: below a folder, in an empty root, and as a package on a machine without
# the toolchain.
.PHONY: packaging
packaging: build
	@Tests/Packaging/packaging_test.sh $(BUILD)/debug

# A launcher with a user of its own, as the profile production demands (enclave-host/README.md). As root. KEY=file is the
# publisher's key, else one is made there.
LAUNCHER_USER ?= cloister-enclave
LAUNCHER_STATE ?= /var/lib/cloister-enclave
.PHONY: install-launcher
install-launcher: release
	@enclave-host/install.sh $(BUILD)/release $(PREFIX)/libexec/cloister $(LAUNCHER_STATE) $(LAUNCHER_USER) $(KEY)

# The units of systemd for what was installed (docs/operations.md). As root.
.PHONY: install-units
install-units:
	@docs/systemd/install-units.sh $(PREFIX)

# What is set for this make (CONTRACTS=folder) is not meant for the one in contracts/, which has a CONTRACTS of its own.
MAKEOVERRIDES :=

.PHONY: contracts
contracts: packages
	@$(MAKE) --no-print-directory -C contracts

# ---- the main verbs

.PHONY: run
run: release
	@exec $(BUILD)/release/cloister-node localnet --demo contracts/build/counter.wasm $(FLAGS)

VENV := .venv
$(VENV)/ready: Tests/Scenarios/requirements.txt | packages
	@echo "installing the real client (secret-sdk) into $(VENV)"
	@python3 -m venv $(VENV) && $(VENV)/bin/pip install -q -r $< && touch $@

# Clients of others that cannot share a folder with secret-sdk. Without them their tests are skipped, and say so.
CLIENTS_VENV := .venv-clients
$(CLIENTS_VENV)/ready: Tests/Clients/requirements.txt | packages
	@echo "installing cosmpy and Prometheus' parser into $(CLIENTS_VENV)"
	@python3 -m venv $(CLIENTS_VENV) && { $(CLIENTS_VENV)/bin/pip install -q --retries 1 --timeout 20 -r $< && touch $@ \
		|| echo "could not install cosmpy: its tests will be skipped"; }

# ONLY is a test module (KeyringTests), a suite (JournalTests), a test's function or words of its title. Only what that
# module needs is built; what everybody needs stays built between the two forms.
.PHONY: test
ifdef ONLY
export ONLY
test: tools contracts proto-tools $(VENV)/ready $(CLIENTS_VENV)/ready
	@read -r modules filter <<< "$$(Tests/House/only.py "$$ONLY")" && [ -n "$$modules" ] \
		&& export CLOISTER_TESTS=$$modules && swift build --product cloisterPackageTests $(SWIFT_FLAGS) \
		&& swift test --skip-build $(SWIFT_FLAGS) --filter "$$filter"
else
test: build $(VENV)/ready $(CLIENTS_VENV)/ready boundary
	@$(MAKE) --no-print-directory -C contracts test
	@cd contracts && $(BUILD)/debug/cloister contract test --engine
	@cd contracts && $(BUILD)/debug/cloister contract leaks --check
	@$(MAKE) --no-print-directory verifiers MUTANTS=2000
	@Tests/House/suite.sh $(BUILD)/debug/cloisterPackageTests.xctest
endif

# Random blocks through the host's ledger and the enclave's count of coins: a thousand in `make test`, more here.
BLOCKS ?= 100000
.PHONY: coin-blocks
coin-blocks: build
	@CLOISTER_COIN_BLOCKS=$(BLOCKS) swift test --skip-build $(SWIFT_FLAGS) --filter CoinCountTests

# Numbers with 18 decimals against Python's integers: so many cases of each operation, a thousand in `make test`.
NUMBERS ?= 100000
.PHONY: numbers
numbers: build $(VENV)/ready
	@CLOISTER_NUMBERS=$(NUMBERS) $(if $(SEED),CLOISTER_SEED=$(SEED)) \
		swift test --skip-build $(SWIFT_FLAGS) --filter Decimal18Tests

# Random stories of the economy against their second telling in Python, with all invariants after each block: some hundred
# blocks in `make test`, so many operations here, some 250 a second of a processor. SEED is the first story's.
OPERATIONS ?= 1000000
.PHONY: economy
economy: tools proto-tools
	@swift build -c release --product economy-stories $(SWIFT_FLAGS)
	@$(BUILD)/release/economy-stories --operations $(OPERATIONS) $(if $(SEED),--seed $(SEED))

# A random story told to a real node of the Cosmos SDK and to the modules, and what came of it compared. PROGRAM is that
# node's (docs/sdk-differences.md says which, and how to have it); `make test` retells a story that was recorded.
DIFFERENTIAL_VENV := .build/differential-venv
.PHONY: differential
differential: build
	@[ -x "$(PROGRAM)" ] || { echo "PROGRAM=... names the node's program: docs/sdk-differences.md"; exit 1; }
	@[ -x $(DIFFERENTIAL_VENV)/bin/python3 ] || { python3 -m venv $(DIFFERENTIAL_VENV) && \
		$(DIFFERENTIAL_VENV)/bin/pip install -q -r Tests/Differential/requirements.txt; }
	@$(DIFFERENTIAL_VENV)/bin/python3 Tests/Differential/tell.py $(PROGRAM) .build/differential $(or $(SEED),1) \
		$(or $(OPERATIONS),500) $(BRIEF) > .build/live-story.jsonl
	@CLOISTER_DIFFERENTIAL=$(CURDIR)/.build/live-story.jsonl \
		swift test --skip-build $(SWIFT_FLAGS) --filter DifferentialTests

# The verifier of quotes against dcap-qvl, an independent one from PyPI in a Python of its own: genuine, simulated,
# minted and 10,000 changed quotes.
DCAP_VENV := .venv-dcap
.PHONY: tpm-quotes
tpm-quotes: ## Record quotes of a software TPM anew (needs swtpm, swtpm-tools and tpm2-tools)
	@python3 Tests/TPMQuotesTests/record.py Tests/Fixtures/tpm-quotes.json

.PHONY: evidence-agreement
evidence-agreement: build
	@[ -x $(DCAP_VENV)/bin/python3 ] || { python3 -m venv $(DCAP_VENV) && $(DCAP_VENV)/bin/pip install -q dcap-qvl==0.7.0; }
	@swift test --skip-build $(SWIFT_FLAGS) --filter EvidenceAgreementTests

# The protocol's own test list, row by row on the real enclave (docs/conformance.md), and the tables for contracts of
# others: CONTRACTS=folder with their .wasm files.
.PHONY: conformance
conformance: build
	@$(if $(CONTRACTS),CLOISTER_CONTRACTS=$(abspath $(CONTRACTS))) \
		swift test --skip-build $(SWIFT_FLAGS) --filter ConformanceSuite

# Time and memory of each compiler for the dearest modules that pass the limits (docs/compile-costs.md).
.PHONY: compile-costs
compile-costs: build
	@CLOISTER_COMPILE_COSTS=1 $(if $(CONTRACTS),CLOISTER_CONTRACTS=$(abspath $(CONTRACTS))) \
		swift test --skip-build $(SWIFT_FLAGS) --filter CompileCostTests/table

# The verifiers for clients of others (docs/verified-answers.md), in JavaScript and in Python, over what real networks showed
# and what the tests make, with MUTANTS changed copies of evidence and answers and as many of receipts in each; the second is
# held against every verdict of the first. A few thousand of them and a running network are in `make test`.
MUTANTS ?= 100000
.PHONY: verifier-test verifiers
verifier-test: $(VENV)/ready
	@command -v node > /dev/null || $(MAKE) --no-print-directory node
	@$(MAKE) --no-print-directory verifiers MUTANTS=$(MUTANTS)

verifiers:
	@command -v node > /dev/null || { echo "skipped: Tests/Verifier, for want of node (make verifier-test installs it)"; exit 0; }; \
		cases=$$(mktemp) && trap 'rm -f $$cases' EXIT && export CASES=$$cases MUTANTS=$(MUTANTS) \
		&& node --test Tests/Verifier/*.test.mjs && $(VENV)/bin/python Tests/Verifier/verifier_test.py --cases $$cases --mutants $(MUTANTS)

.PHONY: node
node:
	$(call install_packages,nodejs)

# Every use case on a real network, with a search of all that the host holds for what must stay secret.
.PHONY: use-cases
use-cases: release $(VENV)/ready
	@Tests/UseCases/use_cases.py --programs $(BUILD)/release $(CASES)

# Hostile clients against a network of the release programs: it must go on, and nothing may start again.
.PHONY: soak
soak: release
	@swift build -c release --product cloister-soak $(SWIFT_FLAGS)
	@$(BUILD)/release/cloister-soak --seconds $(SECONDS) $(if $(SEED),--seed $(SEED)) $(if $(NODE),--node $(NODE))

# Four validators and a full node, each the real processes; the same tortured under load; and a network whose own stake
# runs it, with one validator that stops and one that signs twice; and one that votes for a later enclave (Tests/Testnet).
.PHONY: testnet torture staking upgrade scheduled
testnet: release
	@Tests/Testnet/testnet.py --programs $(BUILD)/release $(FLAGS)

staking: release $(VENV)/ready
	@$(VENV)/bin/python Tests/Testnet/staking.py --programs $(BUILD)/release $(FLAGS)

upgrade: release
	@Tests/Testnet/upgrade.py --programs $(BUILD)/release $(FLAGS)

scheduled: release
	@Tests/Testnet/scheduled.py --programs $(BUILD)/release $(FLAGS)

torture: release
	@Tests/Testnet/torture.py --programs $(BUILD)/release --seconds $(SECONDS) $(if $(SEED),--seed $(SEED)) $(FLAGS)

# Simulated networks under faults (`cloister-node simulate --help`): SEED, SEEDS, NODES, HEIGHTS, ATTACK.
.PHONY: simulate
simulate:
	@swift build -c release --product cloister-node $(SWIFT_FLAGS)
	@$(BUILD)/release/cloister-node simulate --seeds $(or $(SEEDS),1000) $(if $(SEED),--seed $(SEED)) \
		$(if $(NODES),--nodes $(NODES)) $(if $(HEIGHTS),--heights $(HEIGHTS)) $(if $(ATTACK),--attack $(ATTACK))

# What CI runs of it: all states of three rounds, SEEDS simulated networks, and the same events in both builds; then
# networks of whole nodes, in the debug build, which the tests have made.
.PHONY: simulation
simulation: tools contracts
	@swift build -c release --product cloister-simulation $(SWIFT_FLAGS)
	@$(BUILD)/release/cloister-simulation rules
	@$(BUILD)/release/cloister-simulation seeds $(or $(SEEDS),1000)
	@swift build --product cloister-simulation $(SWIFT_FLAGS)
	@$(BUILD)/release/cloister-simulation reactors $(or $(REACTOR_SEEDS),200)
	@for kind in seeds reactors; do \
		for build in debug release; do $(BUILD)/$$build/cloister-simulation $$kind 12 > .build/simulation-$$build || exit 1; done; \
		diff <(tail -1 .build/simulation-debug) <(tail -1 .build/simulation-release) \
		|| { echo "the same $$kind give other events in debug than in release"; exit 1; }; done
	@swift build --product chain-simulation $(SWIFT_FLAGS)
	@$(BUILD)/debug/chain-simulation $(or $(CHAIN_SEEDS),24) | grep -v ^seed

# Whole nodes, with ledger, mempool and the enclave's own code: SEEDS networks, and the same events in both builds.
.PHONY: chain-simulation
chain-simulation: tools contracts
	@swift build -c release --product chain-simulation $(SWIFT_FLAGS)
	@$(BUILD)/release/chain-simulation $(or $(SEEDS),1000) $(SEED)
	@swift build --product chain-simulation $(SWIFT_FLAGS)
	@for build in debug release; do $(BUILD)/$$build/chain-simulation 12 > .build/chain-simulation-$$build || exit 1; done; \
		diff <(tail -1 .build/chain-simulation-debug) <(tail -1 .build/chain-simulation-release) \
		|| { echo "the same seeds give other events in debug than in release"; exit 1; }

# All states of the first ROUNDS rounds of a height, with one of four validators hostile.
.PHONY: rules
rules: tools
	@swift build -c release --product cloister-simulation $(SWIFT_FLAGS)
	@$(BUILD)/release/cloister-simulation rules $(or $(ROUNDS),3)

# wasm3, the engine of Secret Network's enclave, for comparison. Without it the other figures are still measured.
BENCH_VENV := .venv-bench
$(BENCH_VENV)/ready: Tests/Benchmarks/requirements.txt | packages
	@echo "installing wasm3 (pywasm3) into $(BENCH_VENV)"
	@python3 -m venv $(BENCH_VENV) && { $(BENCH_VENV)/bin/pip install -q -r $< && touch $@ \
		|| echo "could not install pywasm3: its figures will be missing"; }

# Looks for the dearest work that a unit of gas buys (docs/gas-costs.md); GAS_SEED begins elsewhere.
.PHONY: gas-search
gas-search: tools
	@CLOISTER_ZONES=trusted swift build -c release --product gas-search --scratch-path .build-gas $(SWIFT_FLAGS)
	@.build-gas/release/gas-search $(GAS_SEED)

.PHONY: bench
bench: release $(BENCH_VENV)/ready
	@swift build -c release --product cloister-bench $(SWIFT_FLAGS)
	@$(BUILD)/release/cloister-bench $(BENCH_OPTIONS)
	@$(MAKE) --no-print-directory bench-network

# Networks of one and four validators, beside CometBFT's kvstore where COMETBFT names its program: whole nodes as clients
# see them, consensus alone, and what a block takes in simulated networks of 4, 16 and 64.
.PHONY: bench-network
bench-network: release
	@swift build -c release --product network-bench $(SWIFT_FLAGS)
	@$(BUILD)/release/network-bench --seconds $(or $(BENCH_SECONDS),10) $(NETWORK_OPTIONS)

.PHONY: fuzz
fuzz: tools
	@Tests/Fuzzers/run.sh $(SECONDS)

# The same modules through every engine preset, in both builds: all must come to the committed digest.
.PHONY: determinism
determinism: tools
	@log=$$(mktemp); for configuration in debug release; do \
		CLOISTER_ZONES=trusted swift build -c $$configuration --scratch-path .build-determinism \
			--product cloister-determinism $(SWIFT_FLAGS) > $$log 2>&1 || { tail -5 $$log; exit 1; }; \
		echo "$$configuration:"; .build-determinism/$$configuration/cloister-determinism | tail -2 || exit 1; done

# ---- generated code

.PHONY: proto-tools
proto-tools: packages
	$(call install_packages,$(APT_PROTO_PACKAGES))

# google/api/annotations.proto, which the chain's messages import, comes with this package.
$(VENV)/proto-ready: | packages
	@python3 -m venv $(VENV) && $(VENV)/bin/pip install -q googleapis-common-protos==1.73.0 && touch $@

BOUNDARY_MESSAGES := Sources/Boundary/CBoundaryMessages
.PHONY: proto
proto: proto-tools $(VENV)/proto-ready
	@rm -rf .tools/proto && mkdir -p .tools/proto
	@protoc-c -I proto -I /usr/include --c_out=.tools/proto boundary/v1/boundary.proto boundary/v1/options.proto
	@cp .tools/proto/boundary/v1/*.pb-c.h $(BOUNDARY_MESSAGES)/include/boundary/v1/
	@cp .tools/proto/boundary/v1/boundary.pb-c.c $(BOUNDARY_MESSAGES)/
	@python3 proto/boundary_manifest.py --generate $(BOUNDARY_MESSAGES) docs/boundary.md
	@python3 proto/boundary_swift.py
	@python3 proto/pages.py
	@$(VENV)/bin/python proto/generate_chain_descriptors.py
	@$(VENV)/bin/python proto/chain_messages.py
	@$(VENV)/bin/python proto/message_table.py
	@touch Sources/Boundary/SignedTransactions/*.swift  # built alone, a changed table is a "circular reference" (Swift 6.3)

# The node's pages, and the boundary's messages as the inspector reads them, as Swift.
.PHONY: pages
pages: proto-tools
	@python3 proto/pages.py

# The pages in a headless Chromium against a local network of the built programs (docs/inspector.md). Says so where there is
# no Chromium and none can be installed.
.PHONY: pages-test
pages-test: build
	@command -v chromium > /dev/null || [ -n "$$CHROMIUM" ] || $(MAKE) --no-print-directory chromium || true
	@Tests/Pages/pages_test.py --programs $(BUILD)/debug --pictures .build/pages

.PHONY: chromium
chromium:
	$(call install_packages,chromium fonts-dejavu-core)

# The boundary's rules: every field has class, trust and limit, and no zone uses one that it may not.
.PHONY: boundary
boundary: proto-tools
	@python3 proto/boundary_manifest.py --check
	@python3 proto/boundary_swift.py --check
	@python3 proto/pages.py --check
	@Tests/House/claims.py
	@Tests/House/layout.py
	@Tests/House/trusted.py
	@Tests/House/conformance.py --check
	@Tests/House/papers.py
	@Tests/House/materials.py --check

# What keys lie in calls nothing but what Tests/House/custody-symbols.txt lists: of the debug build's objects.
.PHONY: custody
custody: build
	@Tests/House/trusted.py --symbols $(BUILD)/debug

# Thousands of faults in the trusted zones, one at a time, and whether a test is red (Tests/Mutants/mutants.py). The
# debug build says how each module is compiled. COUNT of them, drawn with SEED, or all; ONLY=part of a path.
.PHONY: mutants mutants-self-test
mutants: build
	@Tests/Mutants/mutants.py make && Tests/Mutants/mutants.py build && Tests/Mutants/mutants.py run \
		$(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only '$(ONLY)') $(FLAGS)

mutants-self-test: tools
	@Tests/Mutants/mutants.py self-test

# The documentation comments of the libraries as pages (DocC, of the toolchain); a warning fails it.
.PHONY: docs
docs: tools
	@swift build $(SWIFT_FLAGS)
	@Tests/House/docs.py .build/docs/Cloister.doccarchive

# What an auditor can have looked at (docs/trust-boundary.md has the times): what takes minutes first, of the trusted programs
# alone, then a traced run and the tests. QUICK=1 ends after the first.
.PHONY: audit audit-quick
audit: $(if $(QUICK),audit-quick,audit-whole)

audit-quick: tools proto-tools
	@for program in $(TRUSTED_PROGRAMS); do swift build -c release --product $$program $(SWIFT_FLAGS) || exit 1; done
	@QUICK=1 Tests/House/audit.sh $(BUILD)/release/cloister-enclave

.PHONY: audit-whole
audit-whole: audit-quick release contracts
	@REST=1 Tests/House/audit.sh $(BUILD)/release/cloister-enclave

# Secrets in everything, over a session of MESSAGES messages, and a search for them in all that the host sees.
MESSAGES ?= 1000000
.PHONY: canary
canary: build
	@CLOISTER_CANARY_MESSAGES=$(MESSAGES) swift test --skip-build $(SWIFT_FLAGS) --filter CanaryRunTests/session

# The enclave built twice in different folders: the same bytes, the same measurement (docs/security/reproducing.md).
.PHONY: reproduce
reproduce: tools
	@Tests/Audit/reproduce.sh

# The page of what the trusted base is made of, after a file, an `unsafe` or a library has come or gone.
.PHONY: materials
materials:
	@Tests/House/materials.py --write

# What nobody reads for; Tests/House/tidy.py says what each check is.
.PHONY: tidy
tidy:
	@Tests/House/tidy.py

.PHONY: format
format:
	@git ls-files -z '*.swift' | xargs -0 swift format --in-place --parallel

.PHONY: format-check
format-check:
	@git ls-files -z '*.swift' | xargs -0 swift format lint --strict --parallel

.PHONY: clean
clean:
	rm -rf .build .build-* .tools $(VENV)
	@$(MAKE) --no-print-directory -C contracts clean

.PHONY: help
help:
	@echo "make run     start a local network (chain secretdev-1) and show a first private contract call;"
	@echo "             FLAGS='--rest-port 1318 --faucet-port 5001 --metrics-port 26661' for other ports"
	@echo "make test    build everything and run all tests, with the real processes and a real client"
	@echo "make test ONLY=JournalTests   one module's tests, one suite or one test, building what they need;"
	@echo "             ONLY is a name, or words of a test's title"
	@echo "make mutants COUNT=2000 SEED=1   faults in the trusted zones, one at a time: which does no test notice?"
	@echo "make custody    what keys lie in calls nothing of C but what is listed"
	@echo "make tidy    what nobody reads for: copied files and constants, dead names and links, openers, long lines"
	@echo "make use-cases   seven applications end to end, and a search for their secrets in what the host holds"
	@echo "make compile-costs      time and memory of each compiler for the dearest modules that pass (docs/compile-costs.md)"
	@echo "make conformance CONTRACTS=folder   the protocol's own test list, and tables for contracts of others"
	@echo "make gas-search   find the dearest work that a unit of gas buys"
	@echo "make bench   measure, beside the floor and beside the engine that Secret Network uses"
	@echo "make bench-network   of it networks of one and four validators; COMETBFT=path measures CometBFT beside them"
	@echo "make pages-test   the node's pages in a headless Chromium, with pictures in .build/pages (docs/inspector.md)"
	@echo "make audit   what the trusted base is, what crosses, and whether the tap, canaries and hostile hosts agree;"
	@echo "             QUICK=1 without the tests"
	@echo "make canary MESSAGES=1000000   secrets everywhere, and a search in all that the host sees"
	@echo "make reproduce   the enclave built twice in different folders, to the same bytes and measurement"
	@echo "make materials   write the page of what the trusted base is made of"
	@echo "make testnet  four validators and a full node on this machine, and a private call on all of them"
	@echo "make scheduled  four validators vote that the chain calls a contract, and all count the same"
	@echo "make upgrade  four validators vote for a later enclave program, and go on with it"
	@echo "make torture SECONDS=600 SEED=1   kill, pause, cut off, restore and restart them under load"
	@echo "make simulate SEEDS=1000   simulated networks of validators under faults, each from a seed"
	@echo "make simulation   what CI runs of both: all states of three rounds, a thousand seeds, debug against release"
	@echo "make chain-simulation SEEDS=1000   the same with whole nodes: ledger, mempool, the enclave's own code"
	@echo "make rules ROUNDS=3   every state of a height's first rounds with a hostile validator, over the engine's core"
	@echo "make fuzz SECONDS=60   fuzz every decoder that faces the host, a peer or a client"
	@echo "make soak SECONDS=3600   hostile clients against a running network, which must go on"
	@echo "make economy OPERATIONS=1000000   random stories of stake and votes, told to the modules and to a model, all invariants held"
	@echo "make coin-blocks BLOCKS=100000   random blocks: the enclave never counts more coins than the ledger holds"
	@echo "make determinism   run generated contracts with every engine, in debug and release, to one digest"
	@echo "make bundle  copy the measured libraries beside the release programs (make release does)"
	@echo "make sign KEY=publisher.pem   the publisher's statement beside the release enclaves (make release signs with a"
	@echo "             key that everybody has)"
	@echo "make archive the client with all that it needs of libraries, as a tar.gz for other machines"
	@echo "make install-launcher   as root: install to PREFIX=/usr/local, the launcher with a user of its own"
	@echo "make install-units   as root: the units of systemd for what was installed (docs/operations.md)"
	@echo "make docs    the documentation comments as pages (.build/docs, for any web server)"
	@echo "make proto | format | boundary | clean"
