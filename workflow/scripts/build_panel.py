"""Builds the person-year panel."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.panel import build_panel

with job_log(snakemake.log[0]) as log:
    panel = build_panel(
        load_study(Path(snakemake.input.package).parent, ["fates", "memberships"]),
        snakemake.params.settings,
        pd.read_parquet(snakemake.input.nodes),
        pd.read_parquet(snakemake.input.access),
        pd.read_parquet(snakemake.input.centrality),
    )
    log.info("%d person-years, %d at risk", len(panel), panel["at_risk"].sum())
    panel.to_parquet(snakemake.output[0], index=False)
