"""Writes the networks for other programs: GraphML a layer and year, GEXF a layer, tables for R."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.data.labels import printed_names
from innercircle.joblog import job_log
from innercircle.networks import is_directed, named_nodes, write_gexf, write_graphml, write_tables

with job_log(snakemake.log[0]):
    persons = load_study(Path(snakemake.input.package).parent, ["persons"])["persons"]
    edges = pd.read_parquet(snakemake.input.edges)
    labels = printed_names(persons, snakemake.params.settings)
    nodes = named_nodes(pd.read_parquet(snakemake.input.nodes), persons, labels)
    folder = Path(snakemake.output.edges).parent
    directed = {layer: is_directed(layer) for layer in snakemake.params.layers}
    write_tables(edges, nodes, folder, directed)
    for layer in snakemake.params.layers:
        ties, ends = edges[edges["layer"] == layer], nodes[nodes["layer"] == layer]
        write_gexf(ties, ends, folder / f"{layer}.gexf", directed=directed[layer])
        for year in snakemake.params.years:
            write_graphml(
                ties[ties["year"] == year],
                ends[ends["year"] == year],
                folder / f"{layer}_{year}.graphml",
                directed=directed[layer],
                title=f"{layer} {year}",
            )
