"""Tests the mechanisms by which position may have led to a fall."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.inference.mechanisms.study import study_mechanisms
from innercircle.joblog import job_log
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    tables = ["events", "participations", "memberships", "bodies", "ties", "fates"]
    table = study_mechanisms(
        load_study(Path(snakemake.input.package).parent, tables),
        snakemake.params.settings,
        pd.read_parquet(snakemake.input.panel),
        pd.read_parquet(snakemake.input.cohesion),
    )
    write_table(
        table,
        Path(snakemake.output.html).with_suffix(""),
        title="Mechanisms",
        notes="Each test with its null; means by period have none. p-values are not corrected for "
        "the number of tests. An empty estimate has its reason in the note.",
    )
