"""Counts the coded rows by table, year and section, and says how far the coding can be trusted."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.data.chapter import data_chapter
from innercircle.joblog import job_log
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    study = load_study(Path(snakemake.input.package).parent, snakemake.params.tables)
    folder = Path(snakemake.output.html[0]).parent
    for name, table in data_chapter(study, snakemake.params.settings).items():
        write_table(table.frame, folder / name, title=table.title, notes=table.notes, decimals=1)
