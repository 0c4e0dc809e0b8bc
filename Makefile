# `make help` lists what there is to do. Everything is installed into .venv; nothing outside it is touched, except that
# `make test` run as root may install Debian's Chromium for the browser tests.

PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
RUN := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help chat ask index info doctor eval test lint fuzz soak format screenshots peers bench growth clean
SHELL := /bin/bash

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

chat: .venv/runtime ## Serve the chat page on this machine and print its address
	@$(RUN) app.py

ask: .venv/runtime ## Answer in the terminal: make ask Q="your question"
	@$(RUN) -m index ask "$${Q:?Ask with: make ask Q=\"your question\"}"

index: .venv/runtime ## Build the default index anew
	@$(RUN) -m index build

doctor: .venv/runtime ## Say what could keep this from working on this machine, and the remedy of each
	@$(RUN) -m index doctor

info: .venv/runtime ## Say which model, index and corpus are in use, and whether each is sound
	@$(RUN) -m index info

eval: .venv/runtime ## Measure the answers on the golden questions
	@$(RUN) -m index eval

test: .venv/development ## Run the whole test suite
	@$(RUN) -m tests.chromium || true
	@$(RUN) -m pytest

lint: .venv/development ## Check format, style, types; secrets, known weaknesses, the container, the workflows
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(RUN) -m tests.audit

fuzz: .venv/development ## Try 100,000 inputs on each part that takes any, in some hours; T=reader tries one part
	@for target in $(or $(T),segmentation script tokenizer words question document reader http); do \
		echo "== $$target"; $(RUN) -m tests.fuzzing $$target 2>&1 | tail -3; test $${PIPESTATUS[0]} -eq 0 || exit 1; done

soak: .venv/runtime ## Ask 20,000 mixed questions from 50 clients, and see that memory stays flat and nothing is lost
	@$(RUN) benchmarks/soak.py

format: .venv/development ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

screenshots: .venv/development ## Take the README's screenshots anew
	@$(RUN) -m tests.screenshots

peers: .venv-peers ## Install the peers that the benchmarks measure beside this project

bench: .venv/development .venv-peers ## Measure speed beside the peers: make bench DATA=folder (benchmarks/README.md)
	@$(RUN) benchmarks/speed.py --data "$${DATA:?Name the folder of the data: make bench DATA=folder}" --write

growth: .venv/development ## Measure how an index grows, to a million passages: make growth DATA=folder
	@$(RUN) benchmarks/growth.py --data "$${DATA:?Name the folder of the data: make growth DATA=folder}" --write

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
