"""Holds the sums of the log of visits against those that the source prints."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.networks.visit_totals import check_visit_totals
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    study = load_study(Path(snakemake.input.package).parent, ["visits", "contacts"])
    check = check_visit_totals(study, settings)
    logged, printed = check["visits_logged"].sum(), check["visits"].sum()
    write_table(
        check,
        Path(snakemake.output.html).with_suffix(""),
        title=f"The log against the printed sums: {logged:.0f} visits logged, "
        f"{printed:.0f} printed",
        notes="Periods in which the log has a visit to the leader. n_imputed: visits whose length "
        "rests on an imputed time; n_unknown: of unknown length. "
        f"Source: {settings.get('source', 'none')}",
    )
