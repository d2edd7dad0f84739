# One command per intention; `make` alone lists them.
#
# Every dependency is pinned and hashed in requirements/*.txt. A stamp in .venv remembers that a file was
# installed, so that a second `make` starts at once. Another Python: `make test PYTHON=python3.12 VENV=.venv-3.12`.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := list
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# One test process per core; `make test PYTEST="-n0 -x tests/policy"` for something narrower.
PYTEST ?= -n auto
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
PROJECT := $(PIP) --no-deps --no-build-isolation --no-index --editable .

.PHONY: list
list: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "make %-12s %s\n", $$1, $$2 }'

.PHONY: run
run: $(VENV)/.runtime ## Start a development server on 127.0.0.1:4599 (ARGS="--port 5000" for more)
	@exec $(BIN)/keystead dev $(ARGS)

.PHONY: setup
setup: $(VENV)/.dev ## Put keystead, the AWS CLI, boto3 and what tests need into .venv/bin
	@echo 'They are in $(BIN): export PATH=$$PWD/$(BIN):$$PATH'

.PHONY: test
test: $(VENV)/.dev ## Run every test but the slow ones
	@$(BIN)/python -m pytest -q -m "not slow" $(PYTEST)

.PHONY: test-slow
test-slow: $(VENV)/.dev $(VENV)/.ansible $(VENV)/.clients ## Run the long tests: kill -9, Terraform, Ansible, client libraries, long searches
	@$(BIN)/python -m pytest -q -n0 -m "slow and not wycheproof" tests

.PHONY: test-wycheproof
test-wycheproof: $(VENV)/.dev ## Run Wycheproof through our cryptography (WYCHEPROOF=path/to/wycheproof)
	@[ -d "$(WYCHEPROOF)" ] || { echo "say where a checkout of C2SP/wycheproof is: make test-wycheproof WYCHEPROOF=path/to/wycheproof"; exit 1; }
	@WYCHEPROOF="$(WYCHEPROOF)" $(BIN)/python -m pytest -q -s -n0 -m wycheproof tests/wycheproof

# The seed is the number of the day, so that every night tries other cases; a failure prints its own.
SEED ?= $(shell date +%Y%j)000

.PHONY: test-nightly
test-nightly: $(VENV)/.dev ## Compare a million policy decisions with the reference evaluator (SEED=1)
	@KEYSTEAD_CASES=1000000 KEYSTEAD_SEED=$(SEED) $(BIN)/python -m pytest -q $(PYTEST) tests/policy/test_agreement.py

.PHONY: fuzz
fuzz: $(VENV)/.dev ## Fuzz the policy language and decisions for an hour (FUZZ_SECONDS=60 SEED=1)
	@KEYSTEAD_FUZZ_SECONDS=$(or $(FUZZ_SECONDS),3600) KEYSTEAD_SEED=$(SEED) \
	  $(BIN)/python -m pytest -q $(PYTEST) tests/policy/test_fuzz.py

.PHONY: check
check: $(VENV)/.dev ## Report on format, lint, types and import contracts
	@$(BIN)/ruff format --check . || { echo 'not formatted: `make fix` does it'; exit 1; }
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: fix
fix: $(VENV)/.dev ## Repair what can be repaired: format, lint
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: bench
bench: $(VENV)/.dev ## Measure rate, latency, memory and start beside a bare server
	@$(BIN)/python -m bench $(ARGS)

.PHONY: docs
docs: $(VENV)/.docs ## Build the documentation into site/, strictly
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

.PHONY: constraints
constraints: | python ## Resolve requirements/*.txt anew (UPGRADE=1 for the newest of everything)
	@tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; "$$tools/bin/python" -m pip install --quiet --disable-pip-version-check 'pip-tools>=7.6'; \
	"$$tools/bin/python" requirements/compile.py $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## Remove what the other targets made, keys in .keystead excepted
	@rm -rf $(VENV) site dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Refuses in words an interpreter that is too old, and one that is not the one the environment was made with.
.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { echo "Keystead needs Python 3.11 or newer, and there is no $(PYTHON): say which one with PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Keystead needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>&1): say another with PYTHON=python3.11"; exit 1; }
	@if [ -x $(BIN)/python ]; then \
	  version='import sys; print("%d.%d" % sys.version_info[:2])'; \
	  have=$$($(BIN)/python -c "$$version"); want=$$($(PYTHON) -c "$$version"); \
	  [ "$(origin PYTHON)" = file ] || [ "$$have" = "$$want" ] || { \
	    echo "$(VENV) was made with Python $$have and PYTHON is $$want: add VENV=.venv-$$want, or run make clean"; exit 1; }; \
	fi

$(BIN)/python: | python
	@echo "setting up $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | python $(BIN)/python
	@$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(PROJECT)
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | python $(BIN)/python
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PROJECT)
	@touch $@

# Ansible beside the rest, for it is large and its pins are its own affair.
$(VENV)/.ansible: requirements/ansible.txt | python $(BIN)/python
	@echo "setting up $(VENV)/ansible"
	@$(PYTHON) -m venv $(VENV)/ansible
	@$(VENV)/ansible/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
	  --require-hashes -r requirements/ansible.txt
	@touch $@

$(VENV)/.docs: requirements/docs.txt $(VENV)/.dev | python $(BIN)/python
	@$(PIP) --require-hashes -r requirements/docs.txt
	@touch $@

$(VENV)/.clients: requirements/clients.txt $(VENV)/.dev | python $(BIN)/python
	@$(PIP) --require-hashes -r requirements/clients.txt
	@touch $@
