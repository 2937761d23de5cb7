# What a person types. Each target builds .venv from the locked requirements where it is missing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
TOOLS := $(VENV)/.tools

# Where the files of a real WordPress are put for its proof.
WORDPRESS := $(CURDIR)/$(VENV)/.wordpress
export NIGHTDESK_WORDPRESS ?= $(WORDPRESS)/usr/share/wordpress

.PHONY: demo test check prove prove-wordpress bench run browser pictures clean

demo: $(RUNTIME)
	$(BIN)/nightdesk demo

run: $(RUNTIME)
	$(BIN)/nightdesk up

test: $(TOOLS) check browser
	$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not prove"

check: $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/figures.py

prove: $(TOOLS)
	$(BIN)/pytest -q -s -m prove --timeout 1800 tests

# The publisher for WordPress against a real one: Debian's, on loopback, behind a proxy that makes the faults.
prove-wordpress: $(TOOLS)
	$(BIN)/python tools/real_wordpress.py $(WORDPRESS)
	$(BIN)/pytest -q -s -rs -m prove --timeout 600 tests/publishing/test_wordpress_real.py

bench: $(TOOLS) $(VENV)/.bench/.installed
	$(BIN)/python -m bench

$(RUNTIME): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Nightdesk needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.13 " )'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python tools/install_editable.py
	touch $@

$(TOOLS): requirements-dev.lock $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# MoviePy, beside which the render is measured: of its own, for it wants another Pillow. Without it that is not measured.
$(VENV)/.bench/.installed: bench/moviepy/requirements.lock
	@test -d $(VENV)/.bench || $(PYTHON) -m venv $(VENV)/.bench
	@if $(VENV)/.bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<; then touch $@; \
	  else rm -rf $(VENV)/.bench; echo "MOVIEPY COULD NOT BE INSTALLED: the render is not measured beside it."; fi

# The browser that pages are tested in: a Chromium of the system, put in where that is allowed and there is none. The one
# without windows is tried first: the tests take a third less with it.
CHROMIUM := command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
INSTALL := DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends

browser:
	@{ $(CHROMIUM); } >/dev/null \
	  || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get -qq update \
	       && { $(INSTALL) chromium-headless-shell || $(INSTALL) chromium; }; } \
	  || if [ "$${NIGHTDESK_REQUIRE_BROWSER:-0}" != 0 ]; then \
	       echo "NIGHTDESK_REQUIRE_BROWSER is set, and there is no Chromium here."; exit 1; \
	     else echo "THE BROWSER TESTS ARE SKIPPED: there is no Chromium here (apt-get install chromium)."; fi

# The pictures of the README, taken by the tests.
pictures: $(TOOLS) browser
	mkdir -p docs/pictures
	NIGHTDESK_PICTURES=$(CURDIR)/docs/pictures $(BIN)/pytest -q tests/browser tests/prove/test_demo_film.py
	cd docs/pictures && ls | grep -v -x -F -f ../../tools/pictures.txt | xargs -r rm --

clean:
	rm -rf $(VENV)
