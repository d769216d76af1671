"""Describes the person-years at risk."""

from pathlib import Path

import pandas as pd

from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.reading import descriptive_statistics

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    write_table(
        descriptive_statistics(pd.read_parquet(snakemake.input.panel), settings),
        Path(snakemake.output.html).with_suffix(""),
        title="Descriptive statistics of the person-years at risk",
        notes="Outcomes are those of t+1, among the years at risk of them; covariates are those of "
        "t. Positions: layer, measure, with or without the leader. "
        f"Source: {settings.get('source', 'none')}",
    )
