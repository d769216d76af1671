"""Chosen measures of a network of thousands of persons.

Resampled versions of a small network are measured as stacks of dense matrices
(:mod:`innercircle.measures.batch`); at 3,000 persons one such matrix has nine million cells, and
betweenness alone takes minutes a year. Here one sparse graph is measured at a time, and of the
measures only those that the configuration names (``large_networks``). Definitions, columns,
intervals and missing values are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from innercircle.measures.arcs import Arcs
from innercircle.measures.centrality import CENTRALITIES, centralities
from innercircle.measures.cohesion import COHESION, local_cohesion, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from innercircle.data.config import Config
    from innercircle.networks.units import UnitNetwork


@dataclass(frozen=True)
class LargeNetworks:
    """From which size on, and how, networks are measured in part.

    Attributes
    ----------
    persons : int
        Networks of up to so many persons are measured in full.
    measures : tuple of str
        Centralities to compute of larger ones.
    resamples : int
        Resamples behind each interval; 0 leaves intervals empty.
    """

    persons: int
    measures: tuple[str, ...]
    resamples: int = 0

    def includes(self, network: UnitNetwork) -> bool:
        """Tell whether a network is large."""
        return len(network.persons) > self.persons

    @classmethod
    def from_config(cls, config: Config) -> LargeNetworks | None:
        """Return what a configuration says, if it does."""
        rule = config.get("large_networks")
        if rule is None:
            return None
        return cls(rule["persons"], tuple(rule["measures"]), rule.get("resamples", 0))


def large_measures(
    arcs: Arcs, measures: Sequence[str]
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Return the named centralities, and the cohesion that is cheap or follows from them.

    Parameters
    ----------
    arcs : Arcs
    measures : sequence of str
        Of :data:`innercircle.measures.centrality.CENTRALITIES` but effective_size.

    Returns
    -------
    centrality : dict of str to ndarray, shape (n,)
        In the order of :func:`innercircle.measures.measure_names`; directed networks have both
        ways of the measures that have two.
    cohesion : dict of str to float
        Without mean_distance; betweenness_centralization only if betweenness is named.

    Raises
    ------
    ValueError
        If a measure is not known here.
    """
    known = [name for name in CENTRALITIES if name != "effective_size"]  # needs a dense matrix
    unknown = [name for name in measures if name not in known]
    if unknown:
        raise ValueError(
            f"no measure {', '.join(unknown)} of large networks; known: {', '.join(known)}"
        )
    centrality = centralities(arcs, measures)
    graph = arcs.graph()
    whole = local_cohesion(arcs, graph, arcs.undirected().graph() if arcs.directed else graph)
    if "betweenness" in centrality:
        # The largest sum of differences, in shares of the paths, is that of a star: n - 1.
        whole["betweenness_centralization"] = spread(centrality["betweenness"], arcs.n - 1)
    return centrality, {name: float(whole[name]) for name in COHESION if name in whole}


def large_versions(
    network: UnitNetwork, counts: np.ndarray, measures: Sequence[str]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Measure the network as coded and each of its resampled versions, one after another.

    Parameters
    ----------
    network : UnitNetwork
    counts : ndarray, shape (n_units, n_versions)
        How often each unit counts; the first column is the data as coded.
    measures : sequence of str

    Returns
    -------
    centrality : dict of str to ndarray, shape (n_versions, n)
    cohesion : dict of str to ndarray, shape (n_versions,)
    """
    people, wholes = [], []
    for version in counts.T:
        weight = network.weights(version)
        tied = weight > 0
        ends = network.source[tied], network.target[tied]
        arcs = Arcs(len(network.persons), *ends, weight[tied], network.directed)
        positions, whole = large_measures(arcs, measures)
        people.append(positions)
        wholes.append(whole)
    return (
        {name: np.stack([one[name] for one in people]) for name in people[0]},
        {name: np.array([one[name] for one in wholes]) for name in wholes[0]},
    )
