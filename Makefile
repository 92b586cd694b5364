# The commands of the project; README.md says what each one is for. PYTHON chooses the interpreter of a fresh .venv.

PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app portal.app
ASSETS := $(addprefix assets/,build_portal_assets.py package.json package-lock.json pyproject.toml .npmrc)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

.PHONY: run setup worker test check bench seed
.DEFAULT_GOAL := run

run: setup
	@exec $(BIN)/python -m portal.serve

setup: .venv/.packages .venv/.assets $(CATALOGUES)

worker: setup
	@exec $(FLASK) worker

seed: setup
	@$(FLASK) db upgrade
	@$(FLASK) territory load $${PORTAL_PACK:-portal/data/quang_tri}
	@$(FLASK) seed

# A dozen processes import the portal, so what they compile is kept, whatever the machine is set to.
test: setup .venv/.packages-dev .venv/.provider
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 2 --dist worksteal

check: setup .venv/.packages-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy portal/core portal/services
	$(BIN)/djlint --lint portal/templates
	$(BIN)/pytest -q tests/house

bench: setup .venv/.packages-dev
	@set -e; for file in benchmarks/*.py; do echo "$$file"; PYTHONPATH=. $(BIN)/python "$$file"; done

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  found=$$($(PYTHON) --version 2>&1) || found=missing; \
	  echo "Python 3.11 or newer is needed, but $(PYTHON) is $$found; another one is chosen by: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing; on Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import shutil, sys; sys.exit(shutil.disk_usage(".").free < 300e6)' || { \
	  echo "The disk is full: 300 MB are needed in $(CURDIR)" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.packages: requirements.txt .venv/.python
	@echo "Installing the packages of requirements.txt …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/.packages-dev: requirements-dev.txt .venv/.packages
	@echo "Installing the packages of requirements-dev.txt …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# An environment of its own for the tests' OpenID provider: its packages would add commands to `flask`, even a `worker`.
.venv/.provider: requirements-provider.txt .venv/.python
	@echo "Installing the packages of requirements-provider.txt …"
	@$(BIN)/python -m venv --clear --without-pip .venv/provider
	@$(BIN)/pip --python .venv/provider install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# The pages work without the map's files, so a machine that cannot reach npm goes on; continuous integration does not.
.venv/.assets: $(ASSETS) .venv/.packages
	@echo "Installing the map's files …"
	@$(BIN)/pip install --disable-pip-version-check ./assets >.venv/assets.log 2>&1 || { \
	  echo "The map's files were not installed (.venv/assets.log says why); the pages work without a map, '$(BIN)/pip install ./assets' tries again" >&2; \
	  test -z "$$CI"; }
	@touch $@

%.mo: %.po | .venv/.packages
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
