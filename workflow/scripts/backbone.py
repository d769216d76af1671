"""Finds which attendance ties exceed, or fall short of, what attendance alone would give."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.measures.resampling import stream
from innercircle.networks.backbone import backbone
from innercircle.networks.bipartite import two_mode
from innercircle.networks.observed import counted_attendances

with job_log(snakemake.log[0]) as log:
    settings = snakemake.params.settings
    study = load_study(Path(snakemake.input.package).parent, ["events", "participations"])
    found = []
    for year, rows in counted_attendances(study, settings).groupby("year"):
        table = backbone(
            two_mode(rows["person_id"], rows["event_id"]),
            **settings["backbone"],
            rng=stream(settings["seed"], "backbone", int(year)),
        )
        found.append(table.assign(year=year))
    pairs = pd.concat(found, ignore_index=True)
    log.info("%d pairs, %d with a sign", len(pairs), (pairs["sign"] != 0).sum())
    numbers = pairs.select_dtypes("float").columns
    pairs[numbers] = pairs[numbers].round(10)  # the last bits differ between machines
    pairs.to_parquet(snakemake.output[0], index=False)
