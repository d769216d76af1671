"""Builds the person-year panel."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.data.external import with_external_fates
from innercircle.joblog import job_log
from innercircle.panel import build_panel

with job_log(snakemake.log[0]) as log:
    tables = ["fates", "fates_external", "memberships", "events", "participations", "ties"]
    tables += ["contacts", "visits", "person_attributes"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    names = ("nodes", "access", "centrality", "edges", "by_status")
    measured = [pd.read_parquet(str(snakemake.input[name])) for name in names]
    versions = {"panel": study, "external": with_external_fates(study)}
    for name, version in versions.items():
        panel = build_panel(version, snakemake.params.settings, *measured)
        log.info("%s: %d person-years, %d at risk", name, len(panel), panel["at_risk"].sum())
        panel.to_parquet(snakemake.output[name], index=False)
