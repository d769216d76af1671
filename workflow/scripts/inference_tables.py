"""Permutation tests, out-of-year predictions and the specification curve of the models."""

from pathlib import Path

import pandas as pd

from innercircle.inference.tables import (
    curve_by_choice,
    curve_from_config,
    permutation_table,
    prediction_table,
    tested_models,
)
from innercircle.joblog import job_log
from innercircle.output import write_table

TEXTS = {
    "permutation": (
        "Position and being purged, by permutation within years",
        (
            "Two-sided p of the score of position given the controls, positions permuted among the "
            "persons of a year. Holm and Benjamini-Hochberg over the measures of a model."
        ),
    ),
    "prediction": (
        "Prediction of purges in a year left out, with and without position",
        (
            "Firth logit fitted to all other years. Difference: with minus without position, 95 % "
            "limits by a jackknife over persons."
        ),
    ),
    "specification_curve": (
        "All specifications",
        (
            "By each choice: specifications that could be fitted, the median of their one-step "
            "score estimates for one standard deviation within the year, and which shares are "
            "positive and significant at 5 % by themselves. Every specification is in the CSV "
            "file; estimates are to be compared with one another, not quoted."
        ),
    ),
    "specification_curve_test": (
        "Joint test of the specification curve",
        "Simonsohn, Simmons & Nelson (2020), positions permuted within years, two-sided.",
    ),
}

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    panel = pd.read_parquet(snakemake.input[0])
    models = tested_models(settings["models"])
    seed = settings["seed"]
    curve = curve_from_config(settings["specification_curve"], panel, seed)
    tables = {
        "permutation": permutation_table(models, panel, settings["permutations"], seed),
        "prediction": prediction_table(models, panel),
        "specification_curve": curve.curve,
        "specification_curve_test": curve.joint,
    }
    for name, table in tables.items():
        title, notes = TEXTS[name]
        shown = curve_by_choice(table) if name == "specification_curve" else None
        stem = Path(snakemake.output[0]).parent / name
        write_table(table, stem, title=title, notes=notes, shown=shown)
