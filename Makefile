# Everything here works on a fresh machine with git, make and Python 3.11 or newer.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
DEMO   ?= demo-out
TESTS  ?= tests

.DEFAULT_GOAL := help
.PHONY: help demo test coverage lint docs bench lock wheel clean

help: ## Show what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || grep '##' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml .ci/set_up.py
	@$(PYTHON) .ci/set_up.py $(VENV)

demo: $(READY) ## Make the A-Mab package and run the whole job on it, into demo-out/
	@rm -rf $(DEMO)
	@$(BIN)/ttpack demo $(DEMO)

test: $(READY) ## Run all tests (TESTS=tests/test_x.py for some)
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder --no-cov $(TESTS)

coverage: $(READY) ## Run all tests with branch coverage, which takes longer (report in htmlcov/)
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder --cov --cov-report=html tests

lint: $(READY) ## Lint, formatting, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(READY) ## Write the reference pages from the code and build the documentation into site/
	@$(BIN)/python docs/generate.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --config-file docs/mkdocs.yml --site-dir $(CURDIR)/site
	@echo "Documentation: site/index.html"

bench: $(READY) ## Measure the figures of the goals side by side (takes minutes)
	@test -d $(VENV)-bench || { $(PYTHON) -m venv $(VENV)-bench && $(VENV)-bench/bin/python -m pip --quiet install \
	  yamllint check-jsonschema doorstop || echo '(what it compares with could not be installed)'; }
	@$(BIN)/python -m tests.bench

lock: ## Resolve requirements.lock anew (UPGRADE=--upgrade to take newer versions)
	@$(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip --disable-pip-version-check install --quiet 'uv>=0.11,<1'
	@$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --group dev --extra seal --extra schedule --extra dask --generate-hashes \
	  --no-annotate --custom-compile-command 'make lock' $(UPGRADE) --output-file requirements.lock pyproject.toml
	@rm -rf $(VENV)-lock
	@! grep -nE '://|^ *--(index|extra-index|find-links)' requirements.lock || { echo 'requirements.lock names an address'; exit 1; }

wheel: $(READY) ## Build the wheel and the source archive into dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist .

clean: ## Remove everything that make made
	rm -rf $(VENV) $(VENV)-lock $(VENV)-bench $(DEMO) dist site bench-out .coverage .coverage.* htmlcov .mypy_cache .ruff_cache \
	  .pytest_cache .hypothesis .import_linter_cache
