# The two commands of this project are `make demo` and `make test`; `make` alone lists the rest.
# Each installs what is missing through tools/install (apt, and virtual environments in .venv*), says
# what it does, can be run again, and stops at the first failure.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PRESETS := dev asan tsan tidy release
DEMO_DB := demo.db
PREFIX := /usr/local

.PHONY: help
help: ## This list
	@awk -F':.*## ' '/^[a-z][a-z -]*:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Build, sweep models/digits on this machine's CPU, rank the models (records: demo.db)
	@tools/install build runtime
	@$(MAKE) --no-print-directory release
	@tools/demo build/release/wattfor $(DEMO_DB)

.PHONY: test
test: ## Every test and check: C++, scripts, layers, format, clang-tidy, sanitizers
	@tools/install build runtime check
	@tools/test

.PHONY: bench
bench: ## Measure wattfor itself: a table, and build/benchmarks.json
	@tools/install build runtime bench
	@tools/bench

.PHONY: $(PRESETS)
dev asan tsan: ## Build and test one preset
	@echo "== $@: configure, build, test"
	@cmake --preset $@ >build/$@.log 2>&1 || { cat build/$@.log; exit 1; }
	@cmake --build --preset $@
	@ctest --preset $@ --parallel "$$(nproc)"

release: | build ## Build the program alone: build/release/wattfor
	@echo "== release: the self-contained program"
	@cmake --preset release >build/release.log 2>&1 || { cat build/release.log; exit 1; }
	@cmake --build --preset release

tidy: | build ## clang-tidy over the sources of the program
	@echo "== tidy: clang-tidy over the sources of the program"
	@cmake --preset tidy >build/tidy.log 2>&1 || { cat build/tidy.log; exit 1; }
	@cmake --build --preset tidy

dev asan tsan: | build
build:
	@mkdir -p build

# What is built already is installed as it is: `sudo make install` leaves no files of root behind.
.PHONY: install
install: ## Install the release below PREFIX (/usr/local); DESTDIR is honoured
	@test -x build/release/wattfor || $(MAKE) --no-print-directory release
	@umask 022; cmake --install build/release --prefix "$(PREFIX)"

.PHONY: package
package: ## Pack the release: build/release/*.tar.gz, *.deb
	@tools/install build package
	@$(MAKE) --no-print-directory release
	@tools/package build/release

.PHONY: format
format: ## Lay the C++ sources out by .clang-format
	@tools/format

.PHONY: clean
clean: ## Remove what was built (records and .venv* stay)
	rm -rf build
