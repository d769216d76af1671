"""Lists the coded rows and the places in the source behind every tie of every yearly network."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.networks.evidence import edge_evidence
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    tables = ["events", "participations", "memberships", "bodies", "ties", "fates"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    write_table(
        edge_evidence(study, settings),
        Path(snakemake.output.html).with_suffix(""),
        title="Coded rows behind every tie",
        notes="Rows: how many events, bodies or ties make the tie. Keys are those of the raw "
        "tables; locators are explained in the study's codebook. "
        f"Source: {settings.get('source', 'none')}",
    )
