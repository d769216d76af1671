"""Measures positions in the networks of coded rows of other status than the configuration's."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.measures.status import positions_by_status

with job_log(snakemake.log[0]) as log:
    settings = snakemake.params.settings
    tables = ["events", "participations", "memberships", "bodies", "ties", "fates", "visits"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    positions = positions_by_status(study, settings, snakemake.params.filters)
    log.info("%d positions under %d filters", len(positions), len(snakemake.params.filters))
    positions.to_parquet(snakemake.output[0], index=False)
