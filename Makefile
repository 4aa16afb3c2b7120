# Everything that a person runs. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell sh infra/find-python.sh)
V := .venv/bin
CLOUD := .venv-cloud/bin/ministack
ARCH ?= arm64
STACK ?= ieum
STAGE ?= dev
DO ?= create
SEEDS ?= 100
FIRST ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run demo test bad-input crash check-snippets certify-store check format lint types imports template units stripe-conformance fuzz fuzz-stack sim sim-ci sim-mutants sim-coverage e2e browser pictures package deploy secrets cost bench bench-dispatch clean

help:  ## List what can be made
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready .venv-cloud/.ready tests/interop/node_modules/.ready  ## Set up both virtual environments

.venv/.ready: requirements.txt requirements-dev.txt .python-version
	@test -n "$(PYTHON)" || { sh infra/find-python.sh --complain; exit 1; }
	@echo "Setting up the tools in .venv (once) ..."
	@test -x $(V)/python || "$(PYTHON)" -m venv .venv
	@$(V)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@

.venv-cloud/.ready: requirements-cloud.txt .python-version
	@test -n "$(PYTHON)" || { sh infra/find-python.sh --complain; exit 1; }
	@echo "Setting up the embedded cloud in .venv-cloud (once) ..."
	@test -x .venv-cloud/bin/python || "$(PYTHON)" -m venv .venv-cloud
	@.venv-cloud/bin/python -m pip install --quiet -r requirements-cloud.txt
	@touch $@

# What receivers in JavaScript verify webhooks with. Without npm its tests are skipped, and say so.
tests/interop/node_modules/.ready: tests/interop/package-lock.json
	@mkdir -p $(@D)
	@if command -v npm >/dev/null; then \
		cd tests/interop && npm ci --silent --no-audit --no-fund --ignore-scripts; \
	else rmdir $(@D); echo "npm is missing: webhooks are not tried on the JavaScript library."; fi
	@test ! -d $(@D) || touch $@

run: setup  ## Deploy to the embedded cloud, open the city; Ctrl-C stops it, its state is kept
	@exec $(V)/python -m sandbox run

demo: setup  ## A whole evening, played and audited: ORDERS=60 INSTANCE=folder RATE=30 CHAOS=1
	@exec $(V)/python -m sandbox.demo

# Money, identity and writes: every line and every branch, nothing excluded. The rest runs without
# the tracer, which costs half as much again.
TRACED := tests/accounts tests/core tests/payments tests/couriers/test_claim_races.py \
	tests/couriers/test_earnings.py tests/couriers/test_offers.py tests/couriers/test_pin.py \
	tests/couriers/test_returning.py tests/couriers/test_the_door.py tests/couriers/test_tips.py \
	tests/couriers/test_statement.py tests/couriers/test_together.py
WHOLE := chalicelib/payments/*,chalicelib/core/auth.py,chalicelib/core/dynamo.py,chalicelib/core/parts.py,chalicelib/couriers/answering.py,chalicelib/couriers/claiming.py,chalicelib/couriers/earning.py,chalicelib/couriers/proving.py
PYTEST := $(V)/python -m pytest -n 2 --dist worksteal

# TOLD: what another part of the same check has told already.
test: .venv/.ready  ## All tests but those on the embedded cloud
	@$(PYTEST) $(TRACED) --cov --cov-report=
	@echo "Branch coverage where it must be whole:"
	@$(V)/coverage report --include='$(WHOLE)' --fail-under=100 --no-skip-covered
	@$(PYTEST) tests $(TRACED:%=--ignore=%) $(TOLD:%=--ignore=%)

bad-input: .venv/.ready  ## Send every route what is bad (make test: a quarter of the routes a day)
	@BAD_INPUT=all $(PYTEST) tests/bad_input

crash: .venv/.ready  ## Kill every flow at each of its outside calls: all of them (make test: an eighth a day)
	@CRASHES=all $(PYTEST) tests/crash

check: setup  ## Everything that must hold, part by part, with the time of each
	@TOLD=tests/infra $(V)/python -m sandbox.checking format lint imports types test sim template+e2e+browser

format: .venv/.ready  ## The formatter agrees
	@$(V)/ruff format --check .

lint: .venv/.ready  ## ruff, all rules
	@$(V)/ruff check .

types: .venv/.ready  ## mypy, strict
	@$(V)/mypy

imports: .venv/.ready  ## The total order of imports
	@$(V)/lint-imports

template: .venv/.ready  ## Package for AWS and for here; read back what the template promises
	@$(V)/python -m pytest tests/infra -m 'package or not package'

stripe-conformance: .venv/.ready  ## The fake Stripe's cases; with STRIPE_API_KEY=sk_test_... Stripe's too
	@$(V)/python -m pytest tests/sandbox/stripe/conformance -n 2 \
		$(if $(STRIPE_API_KEY),--force-enable-socket)

check-snippets: .venv/.ready  ## The guide's code for receivers, in each language that is installed
	@$(V)/python -m sandbox.snippets

certify-store: .venv/.ready  ## Drive a store's test endpoint through twenty scenarios: URL=... SECRET=whsec_...
	@$(V)/python -m sandbox.certify --url "$(URL)" --secret "$(SECRET)"

fuzz-stack: .venv/.ready  ## The same against the deployed stack on the embedded cloud
	@$(V)/python -m tests.fuzz.stack --examples "$(or $(EXAMPLES),1)"

fuzz: .venv/.ready  ## Schemathesis against the document, every phase: EXAMPLES=100 of each operation
	@$(V)/python -m pytest tests/fuzz -n 0 -s

sim: .venv/.ready  ## Tell stories of the simulated world: SEEDS=n FIRST=k; kept in build/sim.json
	@$(V)/python -m tests.sim --seeds "$(SEEDS)" --first "$(FIRST)"

sim-ci: .venv/.ready  ## As many stories as fit into four minutes, others every day
	@$(V)/python -m tests.sim --ci

sim-mutants: .venv/.ready  ## Whether the world notices planted bugs, kept in build/mutants.json
	@$(V)/python -m tests.sim.mutants

sim-coverage: .venv/.ready  ## Which fault met which call site how often, in all that was told
	@$(V)/python -m tests.sim --coverage

e2e: setup  ## The slice through the embedded cloud, over HTTP, with IAM enforced
	@$(V)/python -m pytest -m e2e tests/e2e -p no:cacheprovider

browser: setup  ## The phones' page in a Chromium: orders lived through; BROWSER=none leaves it out
	@$(V)/python -m pytest -m browser tests/browser -p no:cacheprovider

pictures: setup  ## The README's pictures of one order, taken anew
	@PICTURES=docs/pictures $(V)/python -m pytest -m browser tests/browser/pictures.py -p no:cacheprovider

package: .venv/.ready  ## Package for AWS (ARCH=arm64) or for this machine (ARCH=local)
	@$(V)/python -m infra.packaging $(ARCH)

deploy: .venv/.ready  ## Package and deploy to AWS: STACK=ieum STAGE=dev EMAIL= CORS= MAIL_FROM= SMS=
	@$(V)/python -m infra.deploy --stack "$(STACK)" --stage "$(STAGE)" --email "$(EMAIL)" --cors "$(CORS)" \
		--mail-from "$(MAIL_FROM)" --sms "$(SMS)"

secrets: .venv/.ready  ## Make or turn a stack's secrets: DO=create STACK=ieum
	@$(V)/python -m infra.secrets "$(DO)" --stack "$(STACK)"

cost: .venv/.ready  ## What the stack costs at rest, itemised
	@$(V)/python -m infra.cost

bench: .venv/.ready  ## What one delivered order costs, counted; how long a cold start imports
	@$(V)/python -m bench

bench-dispatch: .venv/.ready  ## The optimiser of dispatch on public days, beside others: DATA=folder
	@test -n "$(DATA)" || { echo "Say where the days are: DATA=folder (docs/dispatch.md)"; exit 2; }
	@$(V)/python -m bench.dispatch "$(DATA)"

clean:  ## Forget the sandbox's state and everything that was built
	rm -rf .run build
