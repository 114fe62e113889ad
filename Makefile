# What people type. Each target first installs what it needs; see README.md.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
PY := .venv/bin/python
INSTALL := VIRTUAL_ENV=.venv .venv/bin/uv pip install --quiet --require-hashes --link-mode=copy -r requirements-dev.txt
# Held to every branch: the rules and what acts on them.
COVERED := claims/exports/*,claims/imports/*,claims/known/*,claims/matching/*,claims/splitting/*,claims/stance/*,claims/verification/*,claims/services/*,sources/fetching/*,sources/services/*,factcheck/lib/*,factcheck/ledger.py,factcheck/leases.py
NOWHERE := DATABASE_URL='postgresql://x:@/x?host=/nowhere' REDIS_URL=unix:///nowhere SECRET_KEY=$$(head -c 40 /dev/urandom | base64 -w0)

.PHONY: run test install check fix lock fresh bench bench-splitting bench-sources bench-matching bench-triage fuzz-splitting bench-limits bench-ledger bench-feed screenshots hooks
.PHONY: topology drill upgrade-drill
.PHONY: chaos chaos-mutations
.PHONY: tamper
.PHONY: erasure browser

run: install  ## everything on one machine, with a demo
	@$(PY) manage.py dev --port $(PORT) $(ARGS)

test: install  ## every test, on PostgreSQL and Valkey of its own
	@$(PY) -m pytest -n 2 --dist worksteal --cov --cov-report=term $(ARGS)
	@$(PY) -m coverage report --fail-under=100 --include='$(COVERED)'

install: .venv/installed

.venv/installed: requirements-dev.txt
	@test -x $(PY) || { $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed. Name one: make run PYTHON=python3.12")' && $(PYTHON) -m venv .venv; }
	@awk '/^uv==/ {on = 1} on && /^ *#/ {exit} on' requirements-dev.txt > .venv/uv.txt
	@test -x .venv/bin/uv || $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@echo "Installing what requirements-dev.txt locks …"
	@$(INSTALL) || { echo "… once more, trusting this machine's own certificates"; $(INSTALL) --system-certs; }
	@touch $@

check: install  ## the quick gates: lint, types, contracts, templates, migrations
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(NOWHERE) $(PY) -m mypy
	$(NOWHERE) .venv/bin/lint-imports
	.venv/bin/djlint --check --lint --quiet claims/templates sources/templates factcheck/access/templates
	.venv/bin/hadolint docker/Dockerfile
	.venv/bin/yamllint docker .yamllint
	$(NOWHERE) $(PY) manage.py makemigrations --check --dry-run
	$(NOWHERE) $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

fix: install  ## mend what tools can mend
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	.venv/bin/djlint --reformat --quiet claims/templates sources/templates factcheck/access/templates

lock: install  ## compile the locks anew from the .in files
	.venv/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 -o requirements.txt requirements.in
	.venv/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 -c requirements.txt -o requirements-dev.txt requirements-dev.in

fresh: install  ## forget the development database and the demo, so that the next run begins anew
	@$(PY) -m factcheck.embedded forget

bench: bench-splitting bench-sources bench-matching bench-triage

bench-splitting: install  ## every measure of splitting beside its bar: ARGS="--only articles", "--json FILE"
	$(PY) -m bench.splitting $(ARGS)

bench-sources: install  ## every measure of looking, keeping and comparing beside its bar: ARGS="--only edits", "--json FILE"
	$(PY) -m bench.sources $(ARGS)

bench-matching: install  ## every measure of matching and stance beside its bar: ARGS="--only stance", "--json FILE"
	$(PY) -m bench.matching $(ARGS)

bench-triage: install  ## the queue and the desk's pages beside their bars: ARGS="--only size", "--json FILE"
	$(PY) -m bench.triage $(ARGS)

fuzz-splitting: install  ## break splitting by 2,000 mutated texts: ARGS="--seed 2", "--minutes 10" of Atheris
	$(PY) -m bench.fuzz_splitting $(ARGS)

screenshots: install  ## pages of a running demo, by Debian's Chromium: make screenshots ARGS="BASE_URL USER PASSWORD"
	$(PY) tests/browser/screenshots.py $(ARGS) docs/screenshots

browser: install  ## the desk in Debian's Chromium with real workers: make browser ARGS="--only journey"
	@$(PY) -m tests.browser $(ARGS)

hooks: install  ## run the quick gates before each commit
	.venv/bin/pre-commit install

bench-ledger: install  ## the ledger's rate beside Celery's own, in pairs: make bench-ledger ARGS=--check
	$(PY) bench/ledger.py $(ARGS)

bench-feed: install  ## the feed under writers, readers and kill -9: each event once, in order, none lost
	$(PY) bench/feed.py $(ARGS)

topology: install  ## what docker/compose.yaml says, run without containers: separate servers, two roles, kill -9 of each
	@$(PY) -m tests.chaos.topology $(ARGS)

drill: install  ## backup and restore into a fresh server while articles come in; ends with 1 on any difference
	@$(PY) -m tests.chaos.drill $(ARGS)

upgrade-drill: install  ## from an older version to this one under load: make upgrade-drill ARGS="--from REV"
	@$(PY) -m tests.chaos.upgrade $(ARGS)

chaos: install  ## break a desk in every way and show that nothing is lost: make chaos ARGS="--quick", "--only valkey", "--only due", "--seed N"
	@$(PY) -m tests.chaos $(ARGS)

chaos-mutations: install  ## show that `make chaos` sees a broken design: make chaos-mutations ARGS="--plant NAME"
	@$(PY) -m tests.chaos --only mutations $(ARGS)

bench-limits: install  ## what limits cost a request, and what a frozen Valkey does
	$(PY) -m bench.limits $(ARGS)

tamper: install  ## rewrite history in every way as a superuser; audit_verify must name each: ARGS="--speed 100000"
	$(PY) -m bench.tamper $(ARGS)

erasure: install  ## proof that people can be erased: a desk of 1,000 claims, 20 people, a dump to look through
	$(PY) bench/erasure.py $(ARGS)
