"""Table of patrons and clients by person and year."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.patronage import patronage_by_year

with job_log(snakemake.log[0]) as log:
    settings = snakemake.params.settings
    tables = ["persons", "memberships", "ties", "fates"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    table = patronage_by_year(study, settings)
    log.info("%d person-years", len(table))
    write_table(
        table,
        Path(snakemake.output.html).with_suffix(""),
        title="Patrons and clients by year",
        notes="Ties of the patronage layer "
        f"({', '.join(settings['layers']['patronage']['relations'])}) that hold in the year. "
        "Clients in two steps: clients and their clients. Standing: formal, of the highest patron; "
        "missing without a patron who has any. Purged: by the end of the year, once for each "
        f"outcome ({', '.join(settings.get('outcomes', {}))}). "
        f"Source: {settings.get('source', 'none')}",
    )
