# The commands of the project. `make reproduce` and `make test` do their own set-up.
PYTHON ?= python3
STUDY ?= stalin
CORES ?= 2
BIN := .venv/bin
SETUP := .venv/.installed
SNAKEMAKE := $(BIN)/snakemake --configfile "config/$(STUDY).yaml" --cores $(CORES) --quiet rules
# With `make CONDA=1 reproduce`, each job runs in the environment of environment.yml.
ifdef CONDA
SNAKEMAKE += --software-deployment-method conda
endif

.PHONY: reproduce simulate readme-figures test lint format verify-coding bench clean lock
.DEFAULT_GOAL := reproduce

# .venv holds exactly what requirements.lock pins, and this package in editable form.
$(SETUP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

# Runs the whole workflow, and makes the report if there is none or it is older than the results or
# a caption; a second call finds nothing to do.
reproduce: $(SETUP)
	@[ -d "data/raw/$(STUDY)" ] || ! grep -qs "^invented:" "config/$(STUDY).yaml" || \
	  $(BIN)/innercircle simulate-study "$(STUDY)"
	@$(BIN)/innercircle check "$(STUDY)" --config-only # the tables are checked when a job is to run
	$(SNAKEMAKE)
	@[ -z "$$(find "results/$(STUDY)/manifest.csv" workflow -newer "results/$(STUDY)/report.html" 2>&1)" ] || \
	  $(SNAKEMAKE) --report "results/$(STUDY)/report.html"

# The simulation of the estimators with many draws, into results/<study>/simulation.
simulate: $(SETUP)
	@$(BIN)/innercircle check "$(STUDY)" --config-only
	$(SNAKEMAKE) -- "results/$(STUDY)/simulation/simulation.csv"
	@echo "Tables are in results/$(STUDY)/simulation"

# The figures of README.md from the results, at half their size (150 dpi).
HALVE := import sys; from PIL import Image; full = Image.open(sys.argv[1]).convert("RGB"); \
  half = full.resize((full.width // 2, full.height // 2), Image.Resampling.BOX); \
  half.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(sys.argv[2], optimize=True, dpi=(150, 150))
readme-figures: $(SETUP)
	@mkdir -p docs/figures
	@for name in access_heatmap yearly_networks specification_curve; do \
	  $(BIN)/python -c '$(HALVE)' "results/stalin/figures/$$name.png" "docs/figures/$$name.png"; done

# By file, since fixtures that run the workflow serve a whole file.
test: $(SETUP)
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered -n $(CORES) --dist loadfile

lint: $(SETUP)
	$(BIN)/ruff format --check src tests workflow benchmarks
	$(BIN)/ruff check src tests workflow benchmarks
	$(BIN)/mypy
	$(BIN)/snakefmt --check workflow
	$(BIN)/snakemake --configfile "config/$(STUDY).yaml" --lint

format: $(SETUP)
	$(BIN)/ruff format src tests workflow benchmarks
	$(BIN)/ruff check --fix src tests workflow benchmarks
	$(BIN)/snakefmt workflow

# Holds every coded row against a plain-text copy of the source, which the project does not hold.
verify-coding: $(SETUP)
	$(BIN)/innercircle verify-coding "$(STUDY)" $(if $(BOOK),--book "$(BOOK)")

# `make QUICK=1 bench` tries the benchmarks out on small sizes.
bench: $(SETUP)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.run $(if $(QUICK),--quick)

# Re-pins requirements.lock after a change in pyproject.toml (needs uv on the PATH).
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements.lock

clean:
	rm -rf data/processed/* results/* logs .snakemake
