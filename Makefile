# make site    everything it needs in .venv, then the demo help centre in ./site
# make test    everything it needs, a real browser included, then every test
# make serve   live preview of the demo
# make quick   lint, types and the fast tests, in about a minute

PYTHON ?= python3
BIN := .venv/bin

.PHONY: site serve test quick lint newest-versions lowest-versions exhaustive screenshots benchmark wheel clean

site: .venv/installed demo-mentions
	$(BIN)/kb build

serve: .venv/installed demo-mentions
	$(BIN)/kb serve

test: .venv/tested lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

# The fast loop: lint, types, and the tests that need neither a browser nor Node nor a whole build.
quick: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow and not browser and not exhaustive"

# All tests, and every case where `make test` takes a sample: each file operation failing in turn, fifty kills, new
# random examples.
exhaustive: .venv/tested
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -n 2 --dist worksteal -m "exhaustive or not exhaustive"

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/check_scripts.py

# The fast tests with whatever versions pip chooses within pyproject.toml's bounds: what users install. Random examples
# look for mistakes of ours, which `make test` does; ten of each show what a library does. Growth is ours as well.
newest-versions:
	$(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	.venv-newest/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -e ".[all]" --group dev
	HYPOTHESIS_PROFILE=few .venv-newest/bin/python -m pytest -n 2 --dist worksteal \
		-m "not slow and not browser and not exhaustive and not growth"

# The fast tests with the lowest versions that pyproject.toml admits: the oldest that users may have.
lowest-versions:
	$(PYTHON) -m venv --clear .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-lowest.txt -e ".[all]" --group dev
	.venv-lowest/bin/python -m pytest -n 2 --dist worksteal -m "not slow and not browser and not exhaustive"

# Pictures of every kind of page, for looking at, in a folder that is not kept in git; and those of README and guides.
screenshots: .venv/tested site
	$(BIN)/kb build --audience staff
	$(BIN)/python scripts/screenshots.py --site site --staff staff-site --out screenshots --readme docs --staff-guide docs --editors-guide docs

# Beside other builders and other search engines; benchmarks/README.md says how to name a corpus and sizes.
benchmark: .venv/tested
	$(BIN)/python -m benchmarks.builds
	$(BIN)/python -m benchmarks.search

wheel: .venv/tested
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf .venv .venv-newest .venv-lowest .kb site .site.builds dist

# The demo's mentions end yesterday, so that something is always happening in it.
.PHONY: demo-mentions
demo-mentions: .venv/installed
	@mkdir -p content/mentions
	$(BIN)/python scripts/demo_mentions.py --out content/mentions/demo.csv

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kb-builder needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[all]"
	@# pip compiles what it installs, but not what it links to; where Python may write no bytecode, each start would.
	$(BIN)/python -m compileall -q kb_builder search_index
	@touch $@

.venv/tested: .venv/installed scripts/install_checkers.py package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev
	$(BIN)/python scripts/install_browser.py
	$(BIN)/python scripts/install_servers.py
	$(BIN)/python scripts/install_checkers.py
	@touch $@
