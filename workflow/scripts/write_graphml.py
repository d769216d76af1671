"""Writes one GraphML file a layer and year; a year without data is a graph without vertices."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.networks import is_directed, to_graph, write_graphml

with job_log(snakemake.log[0]):
    edges = pd.read_parquet(snakemake.input.edges)
    nodes = pd.read_parquet(snakemake.input.nodes)
    persons = load_study(Path(snakemake.input.package).parent, ["persons"])["persons"]
    nodes = nodes.merge(persons[["person_id", "surname", "given_names"]], on="person_id")
    for layer in snakemake.params.layers:
        for year in snakemake.params.years:
            graph = to_graph(
                edges[(edges["layer"] == layer) & (edges["year"] == year)],
                nodes[(nodes["layer"] == layer) & (nodes["year"] == year)],
                directed=is_directed(layer),
            )
            path = Path(snakemake.output[0]).parent / f"{layer}_{year}.graphml"
            write_graphml(graph, path, layer=layer, year=year)
