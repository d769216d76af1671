"""Structure of the yearly networks against null models, and their communities."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.data.groups import group_members
from innercircle.joblog import job_log
from innercircle.measures.large import LargeNetworks
from innercircle.measures.structure import communities_table, structure_table
from innercircle.networks.observed import counted_ties
from innercircle.networks.units import unit_networks
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    tables = ["events", "participations", "memberships", "bodies", "ties", "fates", "visits"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    large = LargeNetworks.from_config(settings)
    networks = [
        network
        for network in unit_networks(study, settings)
        if large is None or not large.includes(network)
    ]
    signed = pd.DataFrame(columns=["year", "source_id", "target_id", "sign"])
    if "relations" in settings["layers"] and study.get("ties") is not None:
        signed = counted_ties(study, settings, "relations")
    table = structure_table(
        networks, signed, group_members(study, settings), settings["null_draws"], settings["seed"]
    )
    communities_table(networks, settings["seed"]).to_parquet(
        snakemake.output.communities, index=False
    )
    write_table(
        table,
        Path(snakemake.output.structure_html).with_suffix(""),
        title="Structure of the yearly networks against null models",
        notes=f"p-values by {settings['null_draws']} draws, one-sided: more than the null model "
        "gives. Missing where a measure is undefined or has no null model. Networks above the "
        "configured size (large_networks) are left out.",
    )
