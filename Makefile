# The developer's loop, and CI's: needs python3-venv, make and git, nothing else.
#
#   make setup   .venv with the landpuls command, the built dashboard, warm kernels
#   make demo    a living district in this terminal
#   make check   linters, types, layers, the committed OpenAPI file
#   make test    every test but those of make soak, on up to four cores at once (PYTEST_ARGS="-k ledger" for some,
#                "-n 0 -x" for one after the other up to the first failure; LANDPULS_TEST_DATA=DIR for those on real data)
#   make soak    the tests that take minutes each, one after the other
#   make bench   the short form of every benchmark
#   make bench-routing   ours against PyVRP, OR-Tools and VROOM (BENCH_ARGS="--families CVRP --seconds 10"; needs
#                        LANDPULS_TEST_DATA), in an environment of its own
#   make locks   resolve requirements/*.lock anew (UPGRADE=1: to the newest versions)

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
PEERS := .venv-bench
STAMPS := .venv/stamps
PYTEST_ARGS ?=
BENCH_ARGS ?=
SAY = @printf '\033[1m==> %s\033[0m\n'

PAGE := $(shell find dashboard -type f -not -path '*/node_modules/*' -not -name schema.d.ts 2>/dev/null)
KERNELS := $(shell find processing -name '*.py' 2>/dev/null)

.PHONY: help setup demo check test soak bench bench-routing locks wheel clean

help:
	@sed -n 's/^#   //p' Makefile

setup: $(STAMPS)/package $(STAMPS)/dashboard $(STAMPS)/kernels
	@echo "Ready: $(BIN)/landpuls --help"

$(BIN)/python:
	$(if $(PYTHON),,$(error No Python 3.11, 3.12 or 3.13 with its venv module here. On Debian: apt-get install python3-venv))
	$(SAY) "Creating .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv

$(STAMPS)/locked: requirements/dev.lock | $(BIN)/python
	$(SAY) "Installing the locked packages"
	@$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.lock
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/package: pyproject.toml hatch_build.py $(STAMPS)/locked
	$(SAY) "Installing landpuls (editable)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(STAMPS)/npm: dashboard/package-lock.json $(STAMPS)/locked
	$(SAY) "Installing the dashboard's packages"
	@$(BIN)/python hatch_build.py install
	@touch $@

$(STAMPS)/dashboard: $(STAMPS)/npm $(PAGE)
	$(SAY) "Building the dashboard"
	@$(BIN)/python hatch_build.py build
	@touch $@

$(STAMPS)/kernels: $(STAMPS)/package $(KERNELS)
	$(SAY) "Compiling the route optimiser's kernels"
	$(BIN)/landpuls warm
	@touch $@

demo: setup
	$(BIN)/landpuls demo

check: setup
	$(SAY) "ruff"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(SAY) "mypy"
	$(BIN)/mypy
	$(SAY) "import-linter"
	$(BIN)/lint-imports --no-logo
	$(SAY) "OpenAPI"
	$(BIN)/landpuls openapi --check
	$(SAY) "svelte-check"
	@$(BIN)/python hatch_build.py check

# The page's own tests (vitest) are among them.
test: setup
	$(SAY) "pytest"
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile -m "not soak" $(PYTEST_ARGS)

soak: setup
	$(SAY) "pytest, what takes minutes"
	$(BIN)/python -m pytest --numprocesses 0 -m soak $(PYTEST_ARGS)

bench: setup
	@for script in benchmarks/bench_*.py; do \
		printf '\033[1m==> %s\033[0m\n' "$$script"; $(BIN)/python "$$script" --short $(BENCH_ARGS); \
	done

$(PEERS)/installed: requirements/bench.lock
	$(if $(PYTHON),,$(error No Python 3.11, 3.12 or 3.13 with its venv module here. On Debian: apt-get install python3-venv))
	$(SAY) "Installing the locked peers into $(PEERS)"
	@$(PYTHON) -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.lock
	@touch $@

bench-routing: $(PEERS)/installed
	@$(PEERS)/bin/python benchmarks/bench_routing.py $(BENCH_ARGS)

LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet $(if $(UPGRADE),--upgrade)

locks: $(STAMPS)/locked
	$(LOCK) --extra demo --group dev -o requirements/dev.lock
	$(LOCK) -c requirements/dev.lock -o requirements/runtime.lock
	$(LOCK) --extra bench -c requirements/dev.lock -o requirements/bench.lock
	$(LOCK:pyproject.toml=) --group build -c requirements/dev.lock -o requirements/build.lock

wheel: $(STAMPS)/dashboard
	$(BIN)/hatchling build -t wheel -d dist

clean:
	rm -rf .venv $(PEERS) dist api/static dashboard/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
