"""Tests whether those who meet fall together."""

from pathlib import Path

import pandas as pd

from innercircle.inference.fall_together import fall_together
from innercircle.joblog import job_log
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    table = fall_together(
        pd.read_parquet(snakemake.input.panel),
        pd.read_parquet(snakemake.input.edges),
        settings["mrqap"],
        settings["seed"],
    )
    write_table(
        table,
        Path(snakemake.output.html).with_suffix(""),
        title="Do those who meet in year t fall together in t+1?",
        notes="Linear MRQAP, double semi-partialling (Dekker, Krackhardt & Snijders 2007). Dyads "
        "of persons at risk; the outcome is 1 if both fall. Pooled: years with at least "
        f"{settings['mrqap']['minimum_falls']} falls, an intercept each, persons permuted within "
        "the year. p-values two-sided, not corrected.",
    )
