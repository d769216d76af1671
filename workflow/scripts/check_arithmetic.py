"""Holds the source's printed percentages and totals against its counts."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.data.arithmetic import check_printed
from innercircle.joblog import job_log

with job_log(snakemake.log[0]) as log:
    study = load_study(Path(snakemake.input.package).parent, ["contacts", "contact_totals"])
    check = check_printed(study["contacts"], study["contact_totals"])
    log.info("%d of %d printed cells agree", check["agrees"].sum(), len(check))
    check.to_csv(snakemake.output[0], index=False, lineterminator="\n")
