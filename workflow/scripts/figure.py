"""Draws one figure; its name is the wildcard."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.output import save_figure
from innercircle.output.figures import draw

with job_log(snakemake.log[0]):
    tables = {
        name: pd.read_parquet(snakemake.input[name])
        for name in ("edges", "nodes", "access", "centrality", "cohesion")
    }
    study = load_study(
        Path(snakemake.input.package).parent,
        ["persons", "memberships", "fates", "contact_totals"],
    )
    figure = draw(snakemake.wildcards.figure, study, snakemake.params.settings, tables)
    save_figure(figure, Path(snakemake.output.pdf).with_suffix(""))
