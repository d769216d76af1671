"""Writes which versions of software made the results, and the configuration as a page."""

from pathlib import Path

from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.provenance import configuration_page, software_versions

with job_log(snakemake.log[0]):
    write_table(
        software_versions(),
        Path(snakemake.output.software).with_suffix(""),
        title="Software",
        notes="Versions installed in the environment of this run, and what the package asks for. "
        "requirements.lock pins these and all that they depend on.",
    )
    page = configuration_page(Path(snakemake.input.config), snakemake.params.settings)
    Path(snakemake.output.configuration).write_text(page, encoding="utf-8")
