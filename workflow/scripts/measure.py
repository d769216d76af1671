"""Measures every layer and year, with intervals from resampling the coded units."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.measures import measure_layers
from innercircle.measures.large import LargeNetworks
from innercircle.measures.multiplex import measure_multiplex
from innercircle.networks.observed import counted_access
from innercircle.networks.units import unit_networks

with job_log(snakemake.log[0]) as log:
    settings = snakemake.params.settings
    tables = ["events", "participations", "memberships", "bodies", "contacts", "ties"]
    tables += ["fates", "visits"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    large = LargeNetworks.from_config(settings)
    networks = list(unit_networks(study, settings))
    centrality, cohesion = measure_layers(
        networks,
        counted_access(study, settings),
        settings.get("leader"),
        settings["resamples"],
        settings["seed"],
        large,
    )
    multiplex = measure_multiplex(
        networks, settings.get("leader"), settings["resamples"], settings["seed"], large
    )
    log.info("%d positions, %d measures of cohesion", len(centrality), len(cohesion))
    centrality.to_parquet(snakemake.output.centrality, index=False)
    cohesion.to_parquet(snakemake.output.cohesion, index=False)
    multiplex.to_parquet(snakemake.output.multiplex, index=False)
