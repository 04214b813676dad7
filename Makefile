# What each target does on a machine that has only git, make and Python: see README.md.
PYTHON ?= python3
VENV := .venv
# Twice as many as two processors: many tests wait for processes, a browser or a server.
TESTS_AT_ONCE ?= 4
BIN := $(VENV)/bin
UV_COMPILE := uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 \
  --no-annotate --no-header --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help setup chromium sandbox test check soak machines mutation audit run lock pictures

help:
	@echo "make sandbox   try the bot without any account"
	@echo "make test      every test"
	@echo "make check     format, lint, types, contracts, then the tests"
	@echo "make soak      kills and faults for long: ENGINE=sqlite|postgres KILLS=500 WORKERS=3 WEBS=2 MINUTES="
	@echo "make audit     known holes of what production installs; asks the network, before a release"
	@echo "make mutation  changes the code in one place at a time, to see whether a test fails: ONLY=bot/delivery"
	@echo "make machines  the bot against a model of its promises, for long: ENGINE= EXAMPLES=500"
	@echo "make run       the bot, on the settings in .env or the environment"
	@echo "make setup     .venv with all that work needs"
	@echo "make lock      renew the lock files"
	@echo "make pictures  the README's pictures, made anew from the sandbox"

setup: $(VENV)/ready

$(VENV)/ready: requirements-dev.lock pyproject.toml
	@echo "Setting up $(VENV): about a minute, and only now."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

sandbox: setup
	$(BIN)/portwire sandbox $(ARGS)

# Long; never part of `make test`. Prints due, posted, lost, repeated, and how unclear posts were settled.
ENGINE ?= sqlite
KILLS ?= 500
WORKERS ?= 3
WEBS ?= 2
soak: setup
	$(BIN)/python -m tests.faults.kill_run --engine $(ENGINE) --kills $(KILLS) --workers $(WORKERS) --webs $(WEBS) \
	  $(if $(MINUTES),--minutes $(MINUTES)) $(ARGS)

# Long; never part of `make test`. Prints a table, and writes what no test noticed to mutants/survivors.txt.
ONLY ?=
JOBS ?= 2
mutation: setup $(VENV)/mutation/ready
	PYTHONPATH=$(CURDIR)/$(VENV)/mutation $(BIN)/python -m tests.mutation.run --jobs $(JOBS) $(ONLY) $(ARGS)

$(VENV)/mutation/ready: requirements-mutation.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade \
	  --target $(VENV)/mutation -r requirements-mutation.lock
	@touch $@

# Long too. Tells stories until one ends otherwise than the model of the promises says, and prints that one.
EXAMPLES ?= 500
machines: setup
	$(BIN)/python -m tests.faults.machines --engine $(ENGINE) --examples $(EXAMPLES)

run: setup
	$(BIN)/portwire run

# Before a release, and never in CI: it asks the network for advisories. What it could not ask about is a failure.
audit:
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	rm -f $(VENV)/audit/found.json
	-$(VENV)/audit/bin/pip-audit --progress-spinner off --require-hashes --disable-pip -r requirements.lock \
	  --format json --output $(VENV)/audit/found.json
	$(PYTHON) -m docs.audited requirements.lock $(VENV)/audit/found.json

# Looks for the browser of the tests, else gets one; says what it does.
chromium: setup
	@$(BIN)/python -m tests.browser.chromium

test: setup chromium
	$(BIN)/pytest -n $(TESTS_AT_ONCE) --dist worksteal

check: setup chromium
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry .
	$(BIN)/python -m storage.migrations.check
	$(BIN)/coverage erase
	$(BIN)/pytest -n $(TESTS_AT_ONCE) --dist worksteal --cov --cov-report= --cov-fail-under=0
	$(BIN)/coverage report

pictures: setup chromium
	$(BIN)/python -m docs.pictures

lock:
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet --disable-pip-version-check uv
	PATH="$(VENV)/lock/bin:$$PATH" $(UV_COMPILE) --upgrade -o requirements.lock
	PATH="$(VENV)/lock/bin:$$PATH" $(UV_COMPILE) --upgrade --extra sandbox --extra dev -o requirements-dev.lock
	PATH="$(VENV)/lock/bin:$$PATH" $(UV_COMPILE) --upgrade --extra mutation -c requirements-dev.lock \
	  $$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements-dev.lock) -o requirements-mutation.lock
