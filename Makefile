# make demo     set up, build the release, grade the sample class, show the report
# make test     set up, run the tests
# make long     run the few tests that take minutes; make test leaves them out
# make lint     ruff, mypy, import-linter
# make docs     build docs/ as a site, build/site/index.html; a warning is an error
# make bench    times of the fast layers against PyTorch (if installed) and of grading, as medians
# make attacks  hand in every attack of tests/attacks, a line each, and grade a class of 200 with 60
# make lock     choose the newest of every dependency anew, for Python 3.11 to 3.14, and write their
#               versions and hashes to tools/requirements.lock and, for the site, tools/docs.lock;
#               all targets install what they say
# make newest   run make test on the last commit with the newest of every dependency
# make lowest   run make test on the last commit with the oldest that pyproject.toml allows
# make clean    remove what was built
#
# lock, newest and lowest need uv. They install it from the package index into build/uv.
# newest and lowest work in clones, build/newest and build/lowest: .venv stays as it is.
#
# The environment lies where the sandbox's unprivileged user can read it; tools/environment.sh says
# where that is and why. It is found by the link .venv.

.PHONY: demo test long lint docs bench attacks lock newest lowest clean browser
.DELETE_ON_ERROR:

BIN := .venv/bin
SAMPLES := build/samples
DEMO := build/demo
# Each process gets whole files, because the tests of a file share what it builds. Three processes on
# two cores, because many tests wait: for a release that another process builds, or for a time limit.
SHARED := -n 3 --dist loadfile --no-loadscope-reorder

demo: .venv/ready
	@$(BIN)/plumb release
	@$(BIN)/python -m tests.submissions.build $(SAMPLES)
	@$(BIN)/plumb grade $(SAMPLES) --harness release/convnet/harness.zip --out $(DEMO) --workers 2
	@echo
	@echo "Release:  release/convnet/student.zip and harness.zip"
	@echo "Report:   $(CURDIR)/$(DEMO)/index.html"

test: .venv/ready browser
	$(BIN)/python -m pytest $(SHARED) -m "not long" $(ALLOWED) $(PYTEST)

long: .venv/ready
	$(BIN)/python -m pytest $(SHARED) -m long $(PYTEST)

lint: .venv/ready .venv/docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Material's announcement of its successor is no warning of ours.
docs: .venv/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file tools/site/mkdocs.yml
	@echo "Site:     $(CURDIR)/build/site/index.html"

bench: .venv/ready
	@$(BIN)/plumb release
	$(BIN)/python -m tests.bench_layers
	$(BIN)/python -m tests.bench

attacks: .venv/ready
	@$(BIN)/python -m tests.attacks.run
	@$(BIN)/python -m tests.attacks.everybody

# One file for every system and every Python from the oldest that pyproject.toml allows.
UV := build/uv/bin/uv
RESOLUTION := highest
COMPILE = $(UV) pip compile --quiet pyproject.toml --universal --python-version 3.11 \
    --resolution $(RESOLUTION) --upgrade --generate-hashes --no-annotate --no-emit-index-url \
    --no-emit-find-links --custom-compile-command "make lock"
lock: $(UV)
	$(COMPILE) --extra pyx --extra test --extra lint --group build --output-file tools/requirements.lock
	$(COMPILE) --extra docs --constraints tools/requirements.lock --output-file tools/docs.lock

$(UV):
	@$(or $(PYTHON),python3) -m venv build/uv
	@build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

newest: TRIED := highest
lowest: TRIED := lowest-direct
# An old library may use what a new one of its own dependencies calls deprecated. That is not ours.
lowest: ALLOWED := -W default::DeprecationWarning
newest lowest:
	rm -rf build/$@
	git clone --quiet . build/$@
	$(MAKE) -C build/$@ lock RESOLUTION=$(TRIED)
	$(MAKE) -C build/$@ test ALLOWED="$(ALLOWED)"

# Students' notebooks are printed by it, and pages are looked at in it. pdftotext reads the prints.
browser:
	@command -v chromium >/dev/null || tools/debian.sh chromium
	@command -v pdftotext >/dev/null || tools/debian.sh poppler-utils

# Made again when the dependencies change.
KERNELS := solutions/convnet/_kernels.pyx $(wildcard solutions/convnet/_kernels*.h)
.venv/ready: pyproject.toml tools/requirements.lock tools/environment.sh solutions/setup.py $(KERNELS)
	@tools/environment.sh
	@cd solutions && ../.venv/bin/python setup.py -q build_ext --inplace
	@touch $@

# What the site is made with is two files in five of all. Only the linters, which read its hooks, and
# the site itself need it.
.venv/docs: .venv/ready tools/docs.lock
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes --requirement tools/docs.lock
	@touch $@

clean:
	rm -rf build solutions/build release/*/ .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
