"""Builds the yearly networks of all layers, and access to the leader."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.networks import build_layers
from innercircle.networks.observed import counted_access

with job_log(snakemake.log[0]) as log:
    settings = snakemake.params.settings
    tables = ["events", "participations", "memberships", "bodies", "contacts", "ties"]
    tables += ["fates", "visits"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    edges, nodes = build_layers(study, settings)
    access = counted_access(study, settings)
    log.info("%d edges, %d person-years in layers", len(edges), len(nodes))
    edges.to_parquet(snakemake.output.edges, index=False)
    nodes.to_parquet(snakemake.output.nodes, index=False)
    access.to_parquet(snakemake.output.access, index=False)
