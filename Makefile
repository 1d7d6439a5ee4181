.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ORACLE := $(VENV)/.oracle
TORCH := $(VENV)/.torch

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

report: $(READY) ## read the shipped scans and write reports/segeberg-2012/report.pdf
	$(BIN)/survey ingest scans/
	$(BIN)/survey report

test: $(READY) ## all quick tests (under 10 minutes)
	$(BIN)/pytest -q -m "not long" -n auto --dist loadfile --no-loadscope-reorder

test-long: $(ORACLE) ## the slow proofs too, and svy on random designs (installs 650 MB once)
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

lint: $(READY) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test ## what CI runs

accuracy: $(READY) ## read real scans with known truth (SURVEY_SCANS_REAL or ../shared/scans-real)
	$(BIN)/python -m bench.accuracy
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.spoilt
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.peer
	$(BIN)/python -m bench.simulated
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.piles
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.spreads

bench: $(READY) ## speed: reading, as multiples of raw decoding; corrections of 600 and of 100,000 cases
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.speed
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.corrections
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.corrections --cases 100000

pictures: $(READY) ## draw the documents' pictures of marks anew, from simulated pages only
	$(BIN)/python -m bench.pictures

train: $(TORCH) ## train networks and trees anew, from simulated strokes, digits and returns (installs torch once; hours)
	$(BIN)/python -m bench.train
	$(BIN)/python -m bench.train_digits
	$(BIN)/python -m bench.train_trees

validate: report ## veraPDF on every report.pdf and blank: PDF/UA-1 and PDF/A-2a (needs Java and Maven, else skips)
	$(BIN)/python -m bench.validate

full: $(READY) ## simulate 600 of 1,750 returns, read them and write the report, in build/full
	$(BIN)/python -m bench.full

oracle: $(ORACLE) ## compare estimates with svy on random designs (installs 650 MB once)
	$(BIN)/pytest -q tests/test_oracle.py

coverage: $(READY) ## how often intervals hold the truth; time and memory of many estimates
	$(BIN)/python -m bench.coverage
	$(BIN)/python -m bench.estimates

lock: ## compile requirements.lock anew
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" -o requirements.lock

clean: ## remove what can be made again
	rm -rf $(VENV) .survey build .pytest_cache .mypy_cache .ruff_cache

$(READY): requirements.lock pyproject.toml
	@bash .ci/system-packages
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q -U "pip>=25.1" uv
	@$(BIN)/uv pip sync -q --compile-bytecode --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

$(ORACLE): $(READY)
	@$(BIN)/uv pip install -q --python $(BIN)/python -c requirements.lock "svy>=0.35"
	@touch $@

$(TORCH): $(READY)
	@$(BIN)/uv pip install -q --python $(BIN)/python --group train
	@touch $@

.PHONY: oracle coverage help report test test-long lint check accuracy bench pictures train validate full lock clean
