"""Writes the tables of the simulation: effects, power, and the smallest effects found."""

from pathlib import Path

import pandas as pd

from innercircle.inference.simulation import smallest_effects
from innercircle.joblog import job_log
from innercircle.output import write_table

PLANTED = (
    "Effects per within-year standard deviation of position, planted in the study's own "
    "person-years."
)
TEXTS = {
    "simulation": (
        "What the estimators make of planted effects",
        (
            f"{PLANTED} Rejected: share of p up to 0.05, which is the size of the test where the "
            "odds ratio is 1, else its power. Limits of shares: Wilson, 95 %."
        ),
    ),
    "power": ("Power of the recommended estimator", f"{PLANTED} Limits: Wilson, 95 %."),
    "smallest_effects": (
        "Smallest effects found four times in five",
        (
            "Odds ratios at which power reaches 0.8, straight lines between effects of the grid; "
            "near and far: where its Wilson limits do. Empty: not within the grid."
        ),
    ),
}

with job_log(snakemake.log[0]):
    found = {
        "simulation": pd.concat(map(pd.read_parquet, snakemake.input.effects)),
        "power": pd.concat(map(pd.read_parquet, snakemake.input.power)),
    }
    found["smallest_effects"] = pd.concat(
        smallest_effects(curve).assign(population=population, draws=curve["draws"].iloc[0])
        for population, curve in found["power"].groupby("population", sort=False)
    )
    smallest = found["smallest_effects"]
    smallest.insert(0, "population", smallest.pop("population"))
    for name, table in found.items():
        title, notes = TEXTS[name]
        write_table(table, Path(snakemake.output[0]).parent / name, title=title, notes=notes)
