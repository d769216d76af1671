# Names that every stage uses, and what makes a stage out of date.
import hashlib
import json
import os
import sys
from pathlib import Path

# One thread a job: sums of floats must not depend on how many cores there are.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

STUDY = config["study"]
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
TABLES = {
    resource["name"]: f"{RAW}/{resource['path']}"
    for resource in json.loads(Path(PACKAGE).read_text())["resources"]
}


def raw(*tables):
    """Paths of those of the tables that the study has."""
    return [TABLES[table] for table in tables if table in TABLES]


def has(*tables):
    """Whether the study has all of the tables."""
    return all(table in TABLES for table in tables)


def code(stage):
    """Digest of the package's code up to a stage: a change there makes the stage's jobs run again."""
    digest = hashlib.sha256()
    package = Path(workflow.basedir).parent / "src" / "innercircle"
    for name in STAGES[: STAGES.index(stage) + 1]:
        for path in sorted((package / name).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def settings(*keys):
    """The parts of the configuration that a job depends on."""
    return {key: config[key] for key in keys if key in config}


def deaths():
    """Days of death: all that the networks need of the fates, so that editing any other fate
    leaves them as they are."""
    from innercircle.data import load_study
    from innercircle.networks.spells import death_dates

    fates = load_study(Path(RAW), ["fates"]).get("fates")
    return {person: str(day) for person, day in death_dates(fates).items()}


def caption(figure):
    """What a figure shows, for the report."""
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
