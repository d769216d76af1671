"""Structure of the yearly networks against null models; backbones; leave-one-chapter-out."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.data.groups import group_members
from innercircle.joblog import job_log
from innercircle.measures.leave_out import leave_one_part_out
from innercircle.measures.structure import communities_table, structure_table
from innercircle.networks.observed import counted_ties
from innercircle.networks.units import unit_networks
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    settings = snakemake.params.settings
    tables = ["events", "participations", "memberships", "bodies", "ties", "fates"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    networks = list(unit_networks(study, settings))
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
        "gives. Missing where a measure is undefined or has no null model.",
    )
    write_table(
        leave_one_part_out(study, settings),
        Path(snakemake.output.leave_out_html).with_suffix(""),
        title="What rests on one part of the source",
        notes="Layer-years that lose coded units when a part of the source is left out; a row "
        "that another part tells too stays. first: strongest person other than the leader.",
    )
