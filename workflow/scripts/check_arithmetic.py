"""Holds the source's printed percentages and totals against its counts."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.data.arithmetic import check_printed
from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.reading import recomputed_contacts

with job_log(snakemake.log[0]):
    study = load_study(Path(snakemake.input.package).parent, ["contacts", "contact_totals"])
    check = check_printed(study["contacts"], study["contact_totals"])
    check.to_csv(snakemake.output.check, index=False, lineterminator="\n")
    agree = f"{check['agrees'].sum()} of {len(check)} printed cells agree with the printed counts"
    write_table(
        check[~check["agrees"]].drop(columns="agrees"),
        Path(snakemake.output.html).with_suffix(""),
        title=f"The source's arithmetic: {agree}",
        notes="The cells that do not agree. Percentages recomputed from the counts, rounded "
        "half-up to two decimals. Nothing is corrected.",
        decimals=2,
    )
    numbers, shown = recomputed_contacts(study["contacts"], check)
    write_table(
        numbers,
        Path(snakemake.output.recomputed).with_suffix(""),
        title=f"Contacts as printed and recomputed: {agree}",
        notes="Visits and minutes as printed; shares in per cent as printed and recomputed from "
        "the counts. A dagger marks a recomputed share that differs from the printed one.",
        decimals=2,
        shown=shown,
    )
