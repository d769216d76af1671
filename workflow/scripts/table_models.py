"""Puts the coefficients of position of all models in one table."""

import json
from pathlib import Path

import pandas as pd

from innercircle.inference import model_table, read_fits
from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.reading import robustness

with job_log(snakemake.log[0]):
    fits = [
        fit for path in snakemake.input for fit in read_fits(json.loads(Path(path).read_text()))
    ]
    table: pd.DataFrame = model_table(fits)
    other = table["term"] == "competing: " + table["measure"]
    table = table.assign(explains=other.map({True: "competing ends", False: "outcome"}))
    table = table[other | (table["term"] == table["measure"])].drop(columns="term")
    write_table(
        table,
        Path(snakemake.output.models).with_suffix(""),
        title="Being purged in year t+1 on position in year t",
        notes="Log odds (Cox: log hazard) for a person one standard deviation above the year's "
        "mean, one measure a regression, with the controls of the specification. lo and hi are "
        "95 % limits. p-values are not corrected for the number of measures tried. ame: average "
        "marginal effect on the yearly probability, limits by the delta method; Cox regressions "
        "have none.",
    )
    numbers, shown = robustness(table)
    write_table(
        numbers,
        Path(snakemake.output.robustness).with_suffix(""),
        title="Position and purge under every model and estimator",
        notes="Ratios of odds (Cox and cause-specific: of hazards) for one within-year standard "
        "deviation, with 95 % intervals. n and events: the largest of the row's regressions. "
        "Controls and populations of each model stand in the configuration.",
        shown=shown,
    )
