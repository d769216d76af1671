# Names that every stage uses, and what makes a stage out of date.
import hashlib
import os
import sys
from pathlib import Path

from innercircle.data import filled_tables, load_study, study_paths, validate_study
from innercircle.data.labels import labels
from innercircle.data.locators import source_parts
from innercircle.errors import StudyError
from innercircle.networks.observed import counted_deaths

# One thread a job: sums of floats must not depend on how many cores there are.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

STUDY = config.get("study", "")
try:
    study_paths(Path(), STUDY)
    TABLES = filled_tables(Path(f"data/raw/{STUDY}"))
except StudyError as error:
    sys.exit(str(error))

RAW = f"data/raw/{STUDY}"
PACKAGE = f"{RAW}/datapackage.json"
PROCESSED = f"data/processed/{STUDY}"
RESULTS = f"results/{STUDY}"
LOGS = f"logs/{STUDY}"
CONFIG = f"config/{STUDY}.yaml"
# Used by `snakemake --software-deployment-method conda`; `make reproduce` uses .venv instead.
ENVIRONMENT = str(Path(workflow.basedir).parent / "environment.yml")
MANIFEST = f"{RESULTS}/manifest.csv"
YEARS = range(config["years"]["first"], config["years"]["last"] + 1)

STAGES = ["data", "networks", "measures", "panel", "inference", "claims", "output"]
# What the study cannot have, and for want of what: one line each, said when a run starts.
SWITCHED_OFF = []


def raw(*tables):
    """Paths of those of the tables that the study has; one without rows counts as none."""
    return [TABLES[table] for table in tables if table in TABLES]


def has(*tables):
    """Whether the study has all of the tables, with rows."""
    return all(table in TABLES for table in tables)


def enabled(what, *tables, keys=()):
    """Whether the study has the tables and keys of the configuration that something needs; if
    not, what is missing is said when a run starts."""
    missing = [table for table in tables if table not in TABLES]
    missing += [f"{key} in {CONFIG}" for key in keys if not config.get(key)]
    if missing:
        SWITCHED_OFF.append(f"Switched off: {what} (no {', no '.join(missing)})")
    return not missing


# The one file of the last stage that rules of earlier stages run too.
TABLES_CODE = "output/tables.py"


def code(stage, *others):
    """Digest of the package's code up to a stage and of other files of the package, by path: a
    change there makes the stage's jobs run again."""
    package = Path(workflow.basedir).parent / "src" / "innercircle"
    read = {path for name in others for path in package.glob(name)}
    for name in STAGES[: STAGES.index(stage) + 1]:
        read.update((package / name).rglob("*.py"))
        read.update((package / name).rglob("*.mplstyle"))
    digest = hashlib.sha256()
    for path in sorted(read):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def settings(*keys):
    """The parts of the configuration that a job depends on."""
    return {key: config[key] for key in keys if key in config}


def read(what, *tables):
    """What a function says of the study's tables; if they cannot be read, validation says why."""
    try:
        return what(load_study(Path(RAW), list(tables) or None))
    except Exception:
        try:
            validate_study(Path(RAW))
        except StudyError as error:
            sys.exit(str(error))
        raise


def deaths():
    """Days of death: all that the networks need of the fates, so that editing any other fate
    leaves them as they are."""
    died = read(lambda study: counted_deaths(study, config), "fates")
    return {person: str(day) for person, day in died.items()}


# What the leader is called in captions and titles.
LEADER = labels(config)["leader"]


def template(figure):
    """The caption of a figure before its numbers are filled in."""
    return Path(workflow.basedir, "report", f"{figure}.rst").read_text()


def status_filters(layers):
    """Which other status filters the models and the specification curve ask for, by layer."""
    asked = [
        (m["layer"], m["status"]) for m in config.get("models", []) if "status" in m
    ]
    curve = config.get("specification_curve", {})
    asked += [
        (layer, s) for layer in curve.get("layer", []) for s in curve.get("status", [])
    ]
    named = sorted({layer for layer, _ in asked if layer in layers})
    return {
        layer: sorted({tuple(status) for name, status in asked if name == layer})
        for layer in named
    }
