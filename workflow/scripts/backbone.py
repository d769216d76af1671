"""Finds which attendance ties exceed, or fall short of, what attendance alone would give."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.measures.backbones import backbone_table

with job_log(snakemake.log[0]) as log:
    study = load_study(Path(snakemake.input.package).parent, ["events", "participations"])
    pairs = backbone_table(study, snakemake.params.settings)
    log.info("%d pairs, %d with a sign", len(pairs), (pairs["sign"] != 0).sum())
    pairs.to_parquet(snakemake.output[0], index=False)
