# Every target first installs what it needs; nothing is done twice.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WEB_STAMP := web/what_if/node_modules/.package-lock.json
# uv from the PATH, otherwise installed by pip into the environment
UV = $(shell command -v uv || echo $(BIN)/uv)

# No tool of this project reports usage data (docs/decisions/0003-no-telemetry.md).
export DO_NOT_TRACK := true

.PHONY: help install lock run test lint format viz viz-static mlflow bench docs docs-serve what-if test-web test-browser clean

help:
	@echo "make run      all five steps: images, networks, transfers, affinities, taxonomies (6 minutes)"
	@echo "make test     run the fast tests"
	@echo "make lint     check style, types and import contracts"
	@echo "make viz      show the pipelines, tables and figures in the browser (kedro-viz)"
	@echo "make viz-static  write the same as files to build/, for any web server"
	@echo "make mlflow   compare runs in the browser (MLflow)"
	@echo "make bench    run the benchmarks"
	@echo "make docs     build the documentation into site/; warnings are errors"
	@echo "make docs-serve  serve it at 127.0.0.1:8000, rebuilt on every change"
	@echo "make what-if  build the what-if page (needs Node.js);  make test-web, make test-browser  test it"
	@echo "make install  create .venv;  make lock  update requirements.lock"

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@command -v uv >/dev/null || test -x $(BIN)/uv || \
		{ $(BIN)/python -m ensurepip >/dev/null && $(BIN)/python -m pip install --quiet uv; }
	$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	$(UV) pip install --quiet --no-deps --python $(BIN)/python --editable .
	$(BIN)/python -m compileall -q src
	@# MLflow needs two seconds to create its database: do it now, not in the first run.
	@test -f mlflow.db || MLFLOW_TRACKING_URI=sqlite:///$(CURDIR)/mlflow.db $(BIN)/mlflow experiments search >/dev/null 2>&1
	@touch $@

# With hashes and without host names, so that any mirror can serve the files.
lock: install
	$(UV) pip compile --quiet --universal --generate-hashes --group dev --upgrade --python-version 3.11 \
		--no-annotate --no-header --no-emit-index-url pyproject.toml --output-file requirements.lock

run: install
	$(BIN)/kedro run

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

viz: install
	$(BIN)/python scripts/viz_page.py

# kedro-viz prints errors but exits with 0, so check that the page exists.
viz-static: install
	rm -rf build
	PYTHONWARNINGS="ignore:ORJSONResponse is deprecated" $(BIN)/kedro viz build --include-previews
	@test -f build/index.html
	$(BIN)/python scripts/viz_page.py --into build/index.html
	@echo "to view it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory build"

# One process without a job queue: ready in 3 s instead of 20, with a sixth of the memory.
mlflow: install
	$(BIN)/python scripts/mlflow_page.py

# Pages come last: they need Chromium; if it is not available, everything else is still measured.
bench: install
	$(BIN)/python benchmarks/normalization.py
	$(BIN)/python benchmarks/taxonomy.py
	$(BIN)/python benchmarks/data_preparation.py --growth
	$(BIN)/python benchmarks/task_modeling.py
	$(BIN)/python benchmarks/transfer_modeling.py
	if scripts/install_browser.sh; then $(BIN)/python benchmarks/pages.py; else echo "pages: not measured" >&2; fi

# Not --quiet: it would silence the warnings that --strict counts. The variable silences Material's notice
# about MkDocs' successors.
docs: install
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "site/index.html"

docs-serve: install
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve --dev-addr 127.0.0.1:8000

# The built page is committed: you need Node.js only if you change web/what_if.
what-if: $(WEB_STAMP)
	cd web/what_if && npm run build

test-web: $(WEB_STAMP)
	cd web/what_if && npm test

# npm writes this file last.
$(WEB_STAMP): web/what_if/package-lock.json
	@command -v npm >/dev/null || { echo "npm is not on the PATH; web/what_if needs it: install Node.js and npm." >&2; exit 1; }
	cd web/what_if && npm ci

# Installs Chromium and its driver with apt-get if they are not on the PATH.
test-browser: install
	scripts/install_browser.sh
	$(BIN)/python -m pytest -m browser

clean:
	rm -rf site build $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .viz
