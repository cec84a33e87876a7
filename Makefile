# One word per job: make setup | run | test | lint | bench | clean   (`make` alone lists them)
#
#   make run MODELS=        without sentence-transformers and torch
#   make run PORT=9000      another port; WORKSPACE=DIR another data folder
#   make test ARGS="-k citations"
#   PYTHON=python3.12 make setup

PYTHON ?= python3
VENV ?= .venv
MODELS ?= 1
WORKSPACE ?= kg-data
BIND ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
# How many processes share the tests; 0: one, as a debugger wants it.
PROCESSES ?= auto
# Where CPU builds of torch are published; the default index has builds with CUDA, gigabytes of them. Empty: do not ask.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
# Debian packages of programs. Installed where that can be done without asking (root, apt), else named once. Without those
# of READING, scans, signed stamps and old Word files are reported instead of read; without those of TESTING tests skip by
# name. LibreOffice (RTF, ODT, some .doc) is 300 MB, so `make run` leaves it to `kg doctor` to name it.
READING := tesseract-ocr tesseract-ocr-vie antiword
TESTING := $(READING) catdoc libreoffice-writer-nogui fonts-dejavu-core chromium
PACKAGES_run = $(READING)
PACKAGES_test = git $(TESTING)

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
STAMPS := $(VENV)/.stamps
SET := $(if $(MODELS),models,base)
# A stamp is as old as the install it stands for; these two files decide what is installed.
INPUTS := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench clean
.DELETE_ON_ERROR:

help:
	@echo "make setup   install into $(VENV) for work on the code (tests, linters)"
	@echo "make run     install, read samples/ into $(WORKSPACE) and serve it"
	@echo "make test    every test but the benchmarks      (ARGS=... goes to pytest)"
	@echo "make lint    ruff and mypy --strict"
	@echo "make bench   the table of times and sizes       (ARGS=... goes to benchmarks/run.py)"
	@echo "make clean   what builds and tests leave behind; $(VENV) and $(WORKSPACE) stay"

setup: $(STAMPS)/dev-$(SET)

run: $(STAMPS)/run-$(SET) $(STAMPS)/packages-run
	@# One sample bears a secrecy mark and is refused, so the exit code is 1.
	@$(BIN)/kg ingest samples/documents --workspace "$(WORKSPACE)" || { [ $$? = 1 ] && [ -e "$(WORKSPACE)/CURRENT" ]; }
	@exec $(BIN)/kg serve --workspace "$(WORKSPACE)" --host "$(BIND)" --port "$(PORT)"

test: $(STAMPS)/dev-$(SET) $(STAMPS)/packages-test
	@$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile $(ARGS)

lint: $(STAMPS)/dev-$(SET)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(STAMPS)/dev-$(SET) $(STAMPS)/packages-test
	@$(BIN)/python benchmarks/run.py $(ARGS)

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find kg ontology ingest search api tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# --- Installing -------------------------------------------------------------------------------------------------

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; PYTHON=... names one ($$($(PYTHON) --version 2>&1) found)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { packages=python3-venv; $(APT); }
	@$(PYTHON) -m venv "$(VENV)"
	@mkdir -p "$(STAMPS)" && touch $@

# The CPU build of torch, of the version in constraints.txt: from a folder of wheels that pip knows (find-links), then
# from TORCH_INDEX when it answers within eight seconds, else from the default index. What torch needs comes afterwards.
$(STAMPS)/torch: constraints.txt | $(STAMPS)/venv
	@pin=$$(grep '^torch==' constraints.txt); echo "Installing $$pin" >&2; \
	$(PIP) install --no-deps --no-index "$$pin" 2>/dev/null \
	|| { [ -n "$(TORCH_INDEX)" ] \
	     && $(BIN)/python -c 'import signal, sys, urllib.request as r; signal.alarm(8); r.urlopen(sys.argv[1], timeout=5)' \
	          "$(TORCH_INDEX)/torch/" 2>/dev/null \
	     && $(PIP) install --no-deps --timeout 5 --retries 0 --index-url "$(TORCH_INDEX)" "$$pin"; } \
	|| { echo "No CPU build found; taking $$pin from the default index" >&2; $(PIP) install "$$pin"; }
	@touch $@

$(STAMPS)/run-base: $(INPUTS) | $(STAMPS)/venv
	@echo "Installing vanban-kg" >&2
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(STAMPS)/run-models: $(INPUTS) $(STAMPS)/torch
	@echo "Installing vanban-kg with [models]" >&2
	@$(PIP) install -c constraints.txt -e '.[models]'
	@touch $@

$(STAMPS)/dev-%: $(STAMPS)/run-%
	@echo "Installing what tests and linters need" >&2
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

# --- System packages --------------------------------------------------------------------------------------------

# Shell: installs $$packages, together or else one by one (not every system has each of them under this name); false, after
# saying so, when one could not be.
APT = if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then ( \
	  export DEBIAN_FRONTEND=noninteractive; echo "Installing system packages: $$packages" >&2; \
	  apt="apt-get -qq -y -o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o DPkg::Lock::Timeout=60"; \
	  { $$apt update && $$apt install --no-install-recommends $$packages; } >/dev/null 2>&1 && exit; \
	  failed=; for package in $$packages; do \
	    $$apt install --no-install-recommends $$package >/dev/null 2>&1 || failed="$$failed $$package"; done; \
	  [ -z "$$failed" ] || { echo "apt-get could not install:$$failed" >&2; exit 1; } ); \
	else echo "Missing system packages; install them with: sudo apt-get install $$packages" >&2; false; fi

# Shell: leaves in $$packages those of $$wanted that are not there.
MISSING = packages=; for package in $$wanted; do case $$package in \
	  tesseract-ocr) command -v tesseract ;; \
	  tesseract-ocr-vie) tesseract --list-langs 2>/dev/null | grep -x vie ;; \
	  libreoffice-writer-nogui) command -v soffice ;; \
	  fonts-dejavu-core) ls /usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf ;; \
	  *) command -v $$package ;; esac >/dev/null 2>&1 || packages="$$packages $$package"; done; packages=$${packages\# }

# What is missing is told, not an error: all else works without it. Tried again when this file changes, or the stamp goes.
$(STAMPS)/packages-%: Makefile | $(STAMPS)/venv
	@wanted="$(PACKAGES_$*)"; $(MISSING); [ -z "$$packages" ] || $(APT) \
	|| echo "Going on without them; \"$(BIN)/kg doctor\" says what each is for." >&2
	@touch $@
