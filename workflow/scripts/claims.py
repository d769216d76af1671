"""Tests the claims of the source's author and writes the ledger and its summary."""

from pathlib import Path

import pandas as pd

from innercircle.claims import ClaimData, run_ledger, summarise_ledger
from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.output import write_table

with job_log(snakemake.log[0]) as log:
    settings = snakemake.params.settings
    tables = ["claims", "persons", "bodies", "memberships", "events", "participations"]
    tables += ["ties", "contacts", "fates"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    measures = {name: pd.read_parquet(snakemake.input[name]) for name in ("centrality", "cohesion")}
    ledger = run_ledger(study["claims"], ClaimData.from_study(study, settings, measures))
    log.info("%d claims: %s", len(ledger), ledger["verdict"].value_counts().to_dict())
    ledger.to_csv(snakemake.output.ledger, index=False, lineterminator="\n")
    write_table(
        summarise_ledger(ledger),
        Path(snakemake.output.html).with_suffix(""),
        title="Claims of the author and verdicts of the coded data",
        notes="Independent: supported or contradicted, and the same without rows that stand in the "
        f"claim's own passage alone. Source: {settings.get('source', 'none')}",
    )
