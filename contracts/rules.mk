# How contracts are built and tested, for this folder and for projects outside (`cloister contract new`).
#
# Before including it, set CONTRACTS to names of folders with Swift sources of interface version 1 and, optionally, SDK
# to the folder of this file. The bytes of build/NAME.wasm depend on sources and toolchain only, not on the folder: the
# SHA-256 of a contract is its identity on chain.
SHELL := /bin/bash
.DEFAULT_GOAL := all
SDK ?= .

TOOLCHAIN := $(dir $(shell readlink -f "$$(command -v swiftc)"))
TARGET := wasm32-unknown-none-wasm

# MVP: contracts may not use bulk memory, SIMD, threads or floats.
CFLAGS := --target=$(TARGET) -mcpu=mvp -std=c17 -Oz -Wall -Wextra -Werror -ffreestanding -fno-builtin -nostdlib
SWIFTFLAGS := -target $(TARGET) -swift-version 6 -enable-experimental-feature Embedded -enable-experimental-feature Extern \
	-wmo -Osize -parse-as-library -warnings-as-errors -Xcc -mcpu=mvp -Xcc -fno-stack-protector \
	-Xfrontend -disable-stack-protector
LDFLAGS := --no-entry --gc-sections --export-memory -z stack-size=65536 --stack-first --initial-memory=131072

# A constant: the compiler hashes the name of its output into the module.
BUILD := build
SHARED := $(sort $(wildcard $(SDK)/sdk/*.swift))
WASM := $(SDK)/sdk/wasm/Region.swift $(SDK)/sdk/wasm/Host.swift
VERSION_1 := $(WASM) $(SDK)/sdk/wasm/EntryPoints.swift
VERSION_010 := $(WASM) $(SDK)/sdk/wasm/EntryPointsV010.swift
# What a contract's module exports: of CONTRACTS_V010 the old interface, of CONTRACTS_BARE what it writes itself.
ENTRY_POINTS = $(if $(filter $(1),$(CONTRACTS_V010)),$(VERSION_010),$(if $(filter $(1),$(CONTRACTS_BARE)),$(WASM),$(VERSION_1)))
TESTKIT := $(sort $(wildcard $(SDK)/testkit/*.swift))
RULES := Makefile $(SDK)/rules.mk
TESTED := $(foreach name,$(CONTRACTS),$(if $(wildcard $(name)/tests/*.swift),$(name)))
WATCHED := $(foreach name,$(CONTRACTS),$(if $(wildcard $(name)/leaks/*.swift),$(name)))

.PHONY: all test tests tested leaks watched schema clean
all: $(CONTRACTS:%=$(BUILD)/%.wasm)
test: $(TESTED:%=test-%)
# For `cloister contract`: the test programs and the modules with names, and which contracts have tests.
tests: $(TESTED:%=$(BUILD)/%/tests) $(CONTRACTS:%=$(BUILD)/%.named.wasm)
tested:
	@echo $(TESTED)
# The same for pairs of secrets (docs/leak-reports.md).
leaks: $(WATCHED:%=$(BUILD)/%/leaks)
watched:
	@echo $(WATCHED)
# What each contract understands and answers, and clients of it for web pages (tools/schema.py, tools/client.py).
schema: $(CONTRACTS:%=$(BUILD)/%.client.js)
clean:
	@rm -rf $(BUILD)

$(BUILD)/runtime.o: $(SDK)/runtime/runtime.c $(RULES)
	@mkdir -p $(BUILD)
	@$(TOOLCHAIN)clang $(CFLAGS) -c $< -o $@

# The module is called Contract whatever the folder is, so that equal sources are equal bytes. Tests have lines (-g): where
# one traps is told with them.
define CONTRACT_RULES
$(BUILD)/$(1)/MessageCoding.swift: $(SHARED) $(wildcard $(1)/*.swift) $(SDK)/tools/generate.py $(RULES)
	@mkdir -p $(BUILD)/$(1)
	@python3 $(SDK)/tools/generate.py $(SHARED) $(sort $(wildcard $(1)/*.swift)) > $$@.new && mv $$@.new $$@

$(BUILD)/$(1).schema.json: $(SHARED) $(wildcard $(1)/*.swift) $(SDK)/tools/schema.py $(SDK)/tools/generate.py $(RULES)
	@mkdir -p $(BUILD)
	@python3 $(SDK)/tools/schema.py $(1) $(SHARED) -- $(sort $(wildcard $(1)/*.swift)) > $$@.new && mv $$@.new $$@

$(BUILD)/$(1).client.js: $(BUILD)/$(1).schema.json $(SDK)/tools/client.py
	@python3 $(SDK)/tools/client.py $$< $$@ $(BUILD)/$(1).client.d.ts

$(BUILD)/$(1).o: $(BUILD)/$(1)/MessageCoding.swift $(call ENTRY_POINTS,$(1))
	@$(TOOLCHAIN)swiftc $(SWIFTFLAGS) -module-name Contract -c $(SHARED) \
		$(call ENTRY_POINTS,$(1)) $(sort $(wildcard $(1)/*.swift)) \
		$(BUILD)/$(1)/MessageCoding.swift -o $$@

$(BUILD)/$(1)/tests: $(BUILD)/$(1)/MessageCoding.swift $(TESTKIT) $(wildcard $(1)/tests/*.swift)
	@$(TOOLCHAIN)swiftc -swift-version 6 -Onone -g -parse-as-library -module-name ContractTests $(SHARED) $(TESTKIT) \
		$(sort $(wildcard $(1)/*.swift) $(wildcard $(1)/tests/*.swift)) $(BUILD)/$(1)/MessageCoding.swift -o $$@

$(BUILD)/$(1)/leaks: $(BUILD)/$(1)/MessageCoding.swift $(TESTKIT) $(wildcard $(1)/tests/*.swift) $(wildcard $(1)/leaks/*.swift)
	@$(TOOLCHAIN)swiftc -swift-version 6 -Onone -parse-as-library -D LEAKS -module-name ContractTests $(SHARED) $(TESTKIT) \
		$(sort $(wildcard $(1)/*.swift) $(wildcard $(1)/tests/*.swift) $(wildcard $(1)/leaks/*.swift)) \
		$(BUILD)/$(1)/MessageCoding.swift -o $$@

.PHONY: test-$(1)
test-$(1): $(BUILD)/$(1)/tests
	@$(BUILD)/$(1)/tests $(1)
endef
$(foreach name,$(CONTRACTS) $(CONTRACTS_V010) $(CONTRACTS_BARE),$(eval $(call CONTRACT_RULES,$(name))))

.SECONDARY:
$(BUILD)/%.wasm: $(BUILD)/%.o $(BUILD)/runtime.o
	@$(TOOLCHAIN)wasm-ld $(LDFLAGS) --strip-all $^ -o $@
	@echo "$@: $$(stat -c %s $@) bytes, code hash $$(sha256sum $@ | cut -d' ' -f1)"

# The same module with the names of its functions: what turns the numbers in a backtrace into names. Not for the chain.
$(BUILD)/%.named.wasm: $(BUILD)/%.o $(BUILD)/runtime.o
	@$(TOOLCHAIN)wasm-ld $(LDFLAGS) --strip-debug $^ -o $@
