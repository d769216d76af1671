"""Typesets the study's paper from its results."""

from pathlib import Path

from innercircle.joblog import job_log
from innercircle.output.paper import compile_paper

with job_log(snakemake.log[0]):
    compile_paper(
        Path(snakemake.input.source),
        Path.cwd(),
        Path(snakemake.output[0]).parent,
        Path(snakemake.input.config),
        Path(snakemake.output[0]),
    )
