# make            all set-up, then every notebook on data/, then figures/
# make test       all set-up, then the tests
# make DATA=folder OUT=folder    the same notebooks on your own plans; this checkout stays as it is
# also: setup check style types notebooks lab demo-data bench fuzz lock upgrade clean; make PYTHON=/path/to/python3 names the Python to use

PY := .venv/bin/python
OWN := $(filter command,$(origin DATA) $(origin OUT))
SOURCES := $(shell find policylab notebooks data -type f ! -path '*/.*' ! -path '*/__pycache__/*' 2>/dev/null | sed 's/[ :%\#]/\\&/g')
unexport PYTHONHOME PYTHONPATH

.PHONY: all setup test check style types notebooks own lab demo-data bench fuzz lock upgrade clean FORCE

all: $(if $(OWN),own,notebooks)

setup: .venv/ready

# looked at again where the checkout was moved, its Python has gone, or one is named
ifneq "$(shell $(PY) -c '' 2>/dev/null && cat .venv/ready 2>/dev/null)" "$(CURDIR)$(filter command,$(origin PYTHON))"
.venv/ready: FORCE
endif
.venv/ready: pyproject.toml locks/requirements.txt locks/bootstrap.txt locks/setup.sh
	@$(if $(filter command,$(origin PYTHON)),,PYTHON=) sh locks/setup.sh

notebooks: .make/notebooks-ran

.make/notebooks-ran: .venv/ready $(SOURCES)
	@mkdir -p .make && touch .make/started
	@$(PY) -m policylab run --out figures --notebooks .make/notebooks
	@mv .make/started $@

own: setup
	@$(PY) -m policylab run $(if $(filter command,$(origin DATA)),"$$DATA") $(if $(filter command,$(origin OUT)),--out "$$OUT")

test: setup
	@$(PY) -m pytest -q

style: setup
	@$(PY) -m ruff format --check . && $(PY) -m ruff check .

types: setup
	@$(PY) -m mypy

check: style types test notebooks

lab: setup
	@$(PY) -m jupyterlab notebooks

demo-data: setup
	@$(PY) -m policylab.simulate data

bench: setup
	@for script in tests/benchmarks/bench_*.py; do echo "$$script"; $(PY) "$$script" || exit 1; done

fuzz: setup
	@FUZZ=1500 $(PY) -m pytest -q tests/test_fuzz.py

LOCK := .venv/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --fork-strategy fewest

lock: setup
	@$(LOCK) $(UPGRADE) --all-extras --group dev pyproject.toml -o locks/requirements.txt
	@$(LOCK) $(UPGRADE) --group bootstrap -c locks/requirements.txt -o locks/bootstrap.txt

upgrade: UPGRADE := --upgrade
upgrade: lock

clean:
	@rm -rf .venv .make dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
