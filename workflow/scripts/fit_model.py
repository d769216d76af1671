"""Fits one model specification with each of its measures and estimators."""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from innercircle.inference import fit_model
from innercircle.joblog import job_log

with job_log(snakemake.log[0]) as log:
    spec = snakemake.params.spec
    fits = fit_model(spec, pd.read_parquet(snakemake.input[0]))
    for fit in fits:
        if fit.note:
            log.warning("%s, %s, %s: %s", fit.model, fit.measure, fit.estimator, fit.note)
    result = {"spec": spec, "fits": [asdict(fit) for fit in fits]}
    text = json.dumps(result, indent=2, sort_keys=True)
    Path(snakemake.output[0]).write_text(text + "\n", encoding="utf-8")
