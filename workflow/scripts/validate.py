"""Validates the raw tables and records how many rows each has."""

import json
from pathlib import Path

from innercircle.data import validate_study
from innercircle.joblog import job_log

with job_log(snakemake.log[0]):
    study = validate_study(Path(snakemake.input.package).parent)
    rows = {name: len(table) for name, table in study.tables.items()}
    Path(snakemake.output[0]).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
