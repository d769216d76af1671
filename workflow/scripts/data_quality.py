"""Counts the coded rows by certainty and status, and those that no year can use."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.data.quality import data_quality
from innercircle.joblog import job_log
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    table = data_quality(load_study(Path(snakemake.input.package).parent), settings)
    write_table(
        table,
        Path(snakemake.output.html).with_suffix(""),
        title="Coded rows by table",
        notes=f"Used: rows with status {' or '.join(settings['status'])}. Undated: rows without "
        f"any date, which no yearly network can use. Source: {settings.get('source', 'none')}",
    )
