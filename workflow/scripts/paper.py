"""Typesets the paper from the study's results."""

from pathlib import Path

from innercircle.joblog import job_log
from innercircle.output.paper import compile_paper

with job_log(snakemake.log[0]):
    compile_paper(
        Path(snakemake.input.source),
        Path.cwd(),
        Path(snakemake.params.results),
        Path(snakemake.input.config),
        Path(snakemake.output.pdf),
    )
