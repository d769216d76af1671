"""Describes the person-years at risk."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.data.labels import printed_names
from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.reading import descriptive_statistics, falls

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    panel = pd.read_parquet(snakemake.input.panel)
    persons = load_study(Path(snakemake.input.package).parent, ["persons"])["persons"]
    write_table(
        descriptive_statistics(panel, settings),
        Path(snakemake.output.html).with_suffix(""),
        title="Descriptive statistics of the person-years at risk",
        notes="Outcomes are those of t+1, among the years at risk of them; covariates are those of "
        "t. Positions: layer, measure, with or without the leader. "
        f"Source: {settings.get('source', 'none')}",
    )
    write_table(
        falls(panel, settings, printed_names(persons, settings)),
        Path(snakemake.output.falls).with_suffix(""),
        title="Who fell",
        notes="By the first outcome of the configuration, in the year after t. A fall known only "
        "to lie before a date is placed in that date's year. Covariates are those of t; degree "
        f"and strength without the leader. Source: {settings.get('source', 'none')}",
        decimals=2,
    )
