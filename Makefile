# make demo     set up, build the release, grade the sample class, show the report
# make test     set up, run the tests
# make long     run the few tests that take minutes; make test leaves them out
# make lint     ruff, mypy, import-linter
# make bench    times of the fast layers against PyTorch (if installed) and of grading, as medians
# make attacks  hand in every attack of tests/attacks, a line each, and grade a class of 200 with 60
# make clean    remove what was built
#
# The environment lies where the sandbox's unprivileged user can read it; tools/environment.sh says
# where that is and why. It is found by the link .venv.

.PHONY: demo test long lint bench attacks clean browser
.DELETE_ON_ERROR:

BIN := .venv/bin
SAMPLES := build/samples
DEMO := build/demo
# To each process whole files: what a file builds or grades, all of its tests look at.
SHARED := -n 2 --dist loadfile --no-loadscope-reorder

demo: .venv/ready
	@$(BIN)/plumb release
	@$(BIN)/python -m tests.submissions.build $(SAMPLES)
	@$(BIN)/plumb grade $(SAMPLES) --harness release/convnet/harness.zip --out $(DEMO) --workers 2
	@echo
	@echo "Release:  release/convnet/student.zip and harness.zip"
	@echo "Report:   $(CURDIR)/$(DEMO)/index.html"

test: .venv/ready browser
	$(BIN)/python -m pytest $(SHARED) -m "not long" $(PYTEST)

long: .venv/ready
	$(BIN)/python -m pytest $(SHARED) -m long $(PYTEST)

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready
	@$(BIN)/plumb release
	$(BIN)/python -m tests.bench_layers
	$(BIN)/python -m tests.bench

attacks: .venv/ready
	@$(BIN)/python -m tests.attacks.run
	@$(BIN)/python -m tests.attacks.everybody

# Students' notebooks are printed by it, and pages are looked at in it.
browser:
	@command -v chromium >/dev/null || tools/debian.sh chromium

# Made again when the dependencies change.
KERNELS := solutions/convnet/_kernels.pyx $(wildcard solutions/convnet/_kernels*.h)
.venv/ready: pyproject.toml tools/environment.sh solutions/setup.py $(KERNELS)
	@tools/environment.sh
	@cd solutions && ../.venv/bin/python setup.py -q build_ext --inplace
	@touch $@

clean:
	rm -rf build solutions/build release/*/ .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
