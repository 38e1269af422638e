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
	@tools/install build runtime web
	@$(MAKE) --no-print-directory release
	@tools/demo build/release/wattfor $(DEMO_DB)

.PHONY: test
test: ## Every test and check: C++, scripts, the explorer, layers, format, clang-tidy, sanitizers
	@tools/install build runtime python web check browser torch examples frameworks
	@tools/test

.PHONY: python
python: ## The Python package: build/wheels/wattfor-*.whl, checked in a clean virtual environment
	@tools/install build python web
	@tools/web build
	@echo "== python: the wheel, its types and its tests"
	@mkdir -p build
	@tools/python wheel
	@tools/python venv
	@tools/python check

.PHONY: bench
bench: ## Measure wattfor itself: a table, and build/benchmarks.json
	@tools/install build runtime python torch bench
	@tools/bench

.PHONY: bench-web
bench-web: ## Measure the explorer in a browser, beside a page that does the same with Plotly
	@tools/install web browser
	@tools/web build
	@tools/web bench

.PHONY: pictures
pictures: ## Draw docs/pictures/*.svg anew
	@tools/install build web
	@$(MAKE) --no-print-directory release
	@tools/pictures build/release/wattfor docs/pictures

.PHONY: fuzz
fuzz: ## Feed the parsers of outside bytes with made-up input (RUNS=1000000 each)
	@tools/install build check
	@tools/fuzz $(RUNS)

.PHONY: $(PRESETS) analyzer
dev asan tsan: ## Build and test one preset
	@echo "== $@: configure, build, test"
	@cmake --preset $@ >build/$@.log 2>&1 || { cat build/$@.log; exit 1; }
	@cmake --build --preset $@
	@ctest --preset $@ --parallel "$$(($$(nproc) + 2))"

.PHONY: explorer
explorer: ## Build the explorer, which the program carries: web/dist
	@tools/web build

release: explorer | build ## Build the program alone: build/release/wattfor
	@echo "== release: the self-contained program"
	@cmake --preset release >build/release.log 2>&1 || { cat build/release.log; exit 1; }
	@cmake --build --preset release

tidy: | build ## clang-tidy over the sources of the program
analyzer: | build ## clang's analyzer over the sources of the program, some minutes
tidy analyzer:
	@echo "== $@: clang-tidy over the sources of the program"
	@cmake --preset tidy >build/tidy.log 2>&1 || { cat build/tidy.log; exit 1; }
	@cmake --build --preset $@

dev asan tsan: | build
build:
	@mkdir -p build

# Builds first where the tree is one's own. `sudo make install` of another's tree leaves no files of
# root in it: it builds nothing, and cmake's list of what it laid where, which knows no DESTDIR, goes.
.PHONY: install
install: ## Install the release below PREFIX (/usr/local); DESTDIR is honoured
	@if [ -O Makefile ]; then $(MAKE) --no-print-directory release; \
	elif ! ninja -C build/release -n 2>/dev/null | grep -q 'no work to do'; then \
	  echo "build/release is not up to date: run 'make release' first, as the tree's owner"; exit 1; fi
	@rm -f build/release/install_manifest.txt
	@umask 022; cmake --install build/release --prefix "$(PREFIX)"
	@rm -f build/release/install_manifest.txt

# All that packaging/CMakeLists.txt installs bears wattfor's name.
INSTALLED = bin/wattfor share/man/man1/wattfor.1 share/man/man1/wattfor-*.1 \
  share/bash-completion/completions/wattfor share/zsh/site-functions/_wattfor \
  share/fish/vendor_completions.d/wattfor.fish share/doc/wattfor share/wattfor \
  include/wattfor lib*/libwattfor.so* lib*/cmake/wattfor lib*/pkgconfig/wattfor.pc
.PHONY: uninstall
uninstall: ## Remove it again; with the PREFIX and DESTDIR that it was installed with
	@cd "$(DESTDIR)$(PREFIX)/" && rm -rf $(INSTALLED)

.PHONY: package
package: ## Pack the release: build/release/*.tar.gz, *.deb
	@tools/install build web package
	@$(MAKE) --no-print-directory release
	@tools/package build/release

.PHONY: format
format: ## Lay the C++ sources out by .clang-format
	@tools/format

.PHONY: clean
clean: ## Remove what was built (records and .venv* stay)
	rm -rf build
