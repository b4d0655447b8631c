# Everything needed to work on channelscope. Needs Python 3.11 or newer and make; the rest is set up
# in .venv on the first use and again when pyproject.toml or constraints.txt changes.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
ROWS ?= 10000000
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check lint sql types golden dist bench clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## compare the sample stores; ends with the path of the report
	@$(BIN)/channelscope demo $(ARGS)

test: $(INSTALLED_DEV) ## run all tests, a worker per core (ARGS="-k price" for some)
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: lint sql types test ## everything that must pass before a change goes in

lint: $(INSTALLED_DEV) ## style, formatting and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache

sql: $(INSTALLED_DEV) ## lint the queries
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 0 queries

types: $(INSTALLED_DEV) ## mypy, strict
	@$(BIN)/mypy

golden: $(INSTALLED_DEV) ## write the golden files anew; read the diff before you commit it
	@CHANNELSCOPE_WRITE_GOLDEN=1 $(BIN)/python -m pytest -m golden $(ARGS)
	@git --no-pager diff --stat -- tests

dist: $(INSTALLED_DEV) ## source distribution, and the wheel built from it, into dist/
	@rm -rf dist
	@$(BIN)/python -m build

bench: $(INSTALLED_DEV) ## speed and memory against their goals (ROWS=10000000)
	@$(BIN)/python -m benchmarks.scale --rows $(ROWS) $(ARGS)

clean: ## remove what these targets make
	@rm -rf $(VENV) dist build channelscope-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "channelscope needs Python 3.11 or newer; found: $$(python3 --version 2>&1)." >&2; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2; \
		exit 1; \
	fi
	@echo "Setting up $(VENV) with $$($(PYTHON) --version)" >&2
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing channelscope into $(VENV)" >&2
	@$(PIP_INSTALL) -e .
	@touch $@

$(INSTALLED_DEV): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing channelscope and its development tools into $(VENV)" >&2
	@$(PIP_INSTALL) -e '.[dev]'
	@touch $(INSTALLED) $@
