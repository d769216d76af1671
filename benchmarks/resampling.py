"""All measures of all years over resampled events, against the plain loop over graphs."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import igraph as ig
import numpy as np
import pandas as pd

from benchmarks.projection import Row, row
from benchmarks.timing import median_seconds, scaled
from innercircle.data import load_config, load_study
from innercircle.measures.resampling import measure_network, stream, unit_counts
from innercircle.networks.units import UnitNetwork, unit_networks

if TYPE_CHECKING:
    from collections.abc import Iterator

DRAWS = 1000
PLAIN_DRAWS = 5  # the plain loop is timed on these and scaled up


def run() -> Iterator[Row]:
    """Yield the rows of the benchmark table."""
    config = load_config(Path("config/stalin.yaml"))
    networks = list(unit_networks(load_study(Path("data/raw/stalin")), config))
    for draws in (scaled(size) for size in (10, 100, DRAWS)):

        def ours(draws: int = draws) -> None:
            for network in networks:
                measure_network(network, None, draws, config["seed"])

        def plain() -> None:
            for network in networks:
                plain_loop(network, config["seed"])

        seconds = median_seconds(ours)
        yield row("resampling", draws, "innercircle", seconds, seconds)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # igraph on disconnected draws
            looped = median_seconds(plain) * draws / PLAIN_DRAWS
        yield row("resampling", draws, "plain loop over igraph", looped, seconds)


def plain_loop(network: UnitNetwork, seed: int) -> pd.DataFrame:
    """Measure each draw as one would by hand: a data frame, a graph, a call a measure."""
    rows = network.incidence.tocoo()
    pair, unit = rows.coords
    names = np.array(network.persons)
    units = pd.DataFrame(
        {
            "source": names[network.source[pair]],
            "target": names[network.target[pair]],
            "unit": unit,
        }
    )
    counts = unit_counts(len(network.units), PLAIN_DRAWS, stream(seed, network.layer, network.year))
    tables = []
    for draw in range(1, PLAIN_DRAWS + 1):
        drawn = units.assign(weight=counts[units["unit"].to_numpy(int), draw])
        edges = (
            drawn[drawn["weight"] > 0].groupby(["source", "target"], as_index=False)["weight"].sum()
        )
        if not len(edges):
            continue
        graph = ig.Graph.DataFrame(
            edges,
            directed=network.directed,
            vertices=pd.DataFrame({"name": network.persons}),
            use_vids=False,
        )
        flat = graph.as_undirected(combine_edges="sum") if network.directed else graph
        tables.append(
            pd.DataFrame(
                {
                    "degree": graph.degree(),
                    "strength": graph.strength(weights="weight"),
                    "betweenness": graph.betweenness(),
                    "harmonic": graph.harmonic_centrality(),
                    "eigenvector": flat.eigenvector_centrality(weights="weight"),
                    "pagerank": graph.pagerank(weights="weight"),
                    "coreness": graph.coreness(),
                    "constraint": flat.constraint(weights="weight"),
                    "density": graph.density(),
                    "transitivity": graph.transitivity_undirected(),
                    "components": len(graph.connected_components(mode="weak")),
                    "mean_distance": graph.average_path_length(),
                },
                index=graph.vs["name"],
            )
        )
    return pd.concat(tables)
