"""Counts what each model loses between the coded persons and the person-years it analyses."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.data.external import with_external_fates
from innercircle.inference.flow import flow_table
from innercircle.joblog import job_log
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    tables = ["persons", "fates", "fates_external", "memberships"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    versions = {
        False: (study, pd.read_parquet(snakemake.input.panel)),
        True: (with_external_fates(study), pd.read_parquet(snakemake.input.external)),
    }
    flows = []
    for spec in settings["models"]:
        version, panel = versions[bool(spec.get("external_fates"))]
        flows.append(flow_table(spec, version, settings, panel))
    write_table(
        pd.concat(flows),
        Path(snakemake.output.html).with_suffix(""),
        title="From the coded persons to the person-years analysed",
        notes="Falls: person-years followed by the outcome; in the first two steps persons whom it "
        "befell at a date within the study's years. Dropped: what the step before has more.",
    )
