# `make help` lists what there is to do. Everything is installed into .venv; nothing outside it is touched, except that
# `make test` run as root may install Debian's Chromium for the browser tests.

PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
RUN := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help chat ask index info eval test lint format screenshots peers bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

chat: .venv/runtime ## Serve the chat page on this machine and print its address
	@$(RUN) app.py

ask: .venv/runtime ## Answer in the terminal: make ask Q="your question"
	@$(RUN) -m index ask "$${Q:?Ask with: make ask Q=\"your question\"}"

index: .venv/runtime ## Build the default index anew
	@$(RUN) -m index build

info: .venv/runtime ## Say which model, index and corpus are in use, and whether each is sound
	@$(RUN) -m index info

eval: .venv/runtime ## Measure the answers on the golden questions
	@$(RUN) -m index eval

test: .venv/development ## Run the whole test suite
	@$(RUN) -m tests.chromium || true
	@$(RUN) -m pytest

lint: .venv/development ## Check format, style and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: .venv/development ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

screenshots: .venv/development ## Take the README's screenshots anew
	@$(RUN) -m tests.screenshots

peers: .venv-peers ## Install the peers that the benchmarks measure beside this project

bench: .venv/development .venv-peers ## Measure speed beside the peers: make bench DATA=folder (benchmarks/README.md)
	@$(RUN) benchmarks/speed.py --data "$${DATA:?Name the folder of the data: make bench DATA=folder}" --write

clean: ## Remove .venv, .venv-peers and every cache in this folder
	rm -rf .venv .venv-peers .mypy_cache .pytest_cache .ruff_cache

export Q DATA

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed; name it with: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/development: requirements.txt requirements-dev.txt requirements-reference.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements-reference.txt
	@touch $@ .venv/runtime

.venv-peers: requirements-peers.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check -r requirements-peers.txt
	@touch $@
