"""Groups, cores, balance and change of the yearly networks, each held against its null model.

Resampled intervals do not suit these: a partition of a resampled network is another object. What
can be said is whether the year's value is more than chance gives, so every row carries the mean of
a null model and a p-value where there is one.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.measures.arcs import Arcs
from innercircle.measures.balance import balance_test, signed_ties, triad_census
from innercircle.measures.brokerage import ei_test
from innercircle.measures.centrality import centralities
from innercircle.measures.change import community_stability, edge_jaccard, rank_stability
from innercircle.measures.communities import leiden, modularity_test
from innercircle.measures.core_periphery import continuous_core, core_periphery_test
from innercircle.measures.frustration import frustration_index
from innercircle.measures.resampling import stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from innercircle.networks.units import UnitNetwork

STRUCTURE_COLUMNS = ["layer", "year", "measure", "value", "null_mean", "p_value", "n", "note"]
Row = tuple[str, int, str, float, float, float, int, str]
_FEWEST_GROUPS = 2
_RANKED = ("strength", "degree", "betweenness", "harmonic", "eigenvector")
_CORE_DRAWS = 50  # the search for the best core is the slowest step of all


def to_arcs(network: UnitNetwork) -> Arcs:
    """Return a layer-year as it was coded."""
    weights = network.weights(np.ones((len(network.units), 1)))[:, 0]
    return Arcs(len(network.persons), network.source, network.target, weights, network.directed)


def structure_table(
    networks: Sequence[UnitNetwork],
    signed: pd.DataFrame,
    groups: Mapping[str, Mapping[str, Sequence[str]]],
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Return the structure of every undirected layer and year.

    Parameters
    ----------
    networks : sequence of UnitNetwork
        Directed layers are passed over, but for the signed one in ``signed``.
    signed : DataFrame
        Dated signed ties: year, source_id, target_id, sign.
    groups : mapping
        Groupings to compute the E-I index of: name to group to persons; persons in no group are
        left out.
    draws, seed : int
        Draws of each null model; root of the random streams.

    Returns
    -------
    DataFrame
        Columns :data:`STRUCTURE_COLUMNS`. ``n`` is the number of persons it rests on. Only what has
        a null model has ``null_mean`` and ``p_value``: modularity, core_periphery, ei_index and
        balanced_triads. These are missing where nobody is tied, and core_periphery and core_fit
        also where all pairs are tied alike (so that there is no core), ei_index where no tie
        counts, balanced_triads without a triad. Change is missing where nothing can have changed:
        edge_jaccard without ties among persons of both years, rank_correlation with fewer than
        three of them or all ranked alike, community_ami where sizes force agreement.
    """
    flat = [network for network in networks if not network.directed]
    rows: list[Row] = []
    for network in flat:
        rows += _one_year(network, groups, draws, seed)
    for layer in dict.fromkeys(network.layer for network in flat):
        rows += _changes([network for network in flat if network.layer == layer], seed)
    for year, ties in signed.groupby("year", sort=True):
        rows += _balance(int(year), ties, draws, seed)
    return pd.DataFrame(rows, columns=STRUCTURE_COLUMNS)


def communities_table(networks: Sequence[UnitNetwork], seed: int) -> pd.DataFrame:
    """Return the Leiden community of each person: layer, year, person_id, community."""
    tables = []
    for network in networks:
        if not network.directed:
            found = leiden(to_arcs(network), _stream(network, seed, "communities"))
            tables.append(
                pd.DataFrame(
                    {
                        "layer": network.layer,
                        "year": network.year,
                        "person_id": network.persons,
                        "community": found.membership,
                    }
                )
            )
    columns = ["layer", "year", "person_id", "community"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _stream(network: UnitNetwork, seed: int, task: str) -> np.random.Generator:
    return stream(seed, f"{network.layer}:{task}", network.year)


def _one_year(
    network: UnitNetwork,
    groups: Mapping[str, Mapping[str, Sequence[str]]],
    draws: int,
    seed: int,
) -> Iterator[Row]:
    arcs, n = to_arcs(network), len(network.persons)
    where = (network.layer, network.year)
    partition = leiden(arcs, _stream(network, seed, "communities"))
    sizes = np.bincount(partition.membership)
    yield (*where, "communities", float((sizes > 1).sum()), math.nan, math.nan, n, "of two or more")
    test = modularity_test(arcs, _stream(network, seed, "modularity"), draws=draws)
    note = "null: rewirings that keep everyone's number of ties"
    yield (*where, "modularity", test.observed, test.null_mean, test.p_value, n, note)
    yield (*where, "core_fit", continuous_core(arcs).fit, math.nan, math.nan, n, "continuous model")
    if network.layer == "attendance":  # bodies overlap: who is in their core is who has many posts
        tied = Arcs(n, arcs.source, arcs.target, np.ones(len(arcs.weight)), arcs.directed)
        rng = _stream(network, seed, "core")
        core = core_periphery_test(tied, rng, draws=min(draws, _CORE_DRAWS))
        note = f"discrete model, ties unweighted; {note}"
        yield (*where, "core_periphery", core.observed, core.null_mean, core.p_value, n, note)
    for name, members in groups.items():
        label = {p: k for k, persons in enumerate(members.values()) for p in persons}
        assigned = np.array([label.get(person, -1) for person in network.persons])
        if len(set(assigned[assigned >= 0])) < _FEWEST_GROUPS:
            continue
        ei = ei_test(arcs, assigned, _stream(network, seed, name), draws=draws)
        note = f"{name}; null: members dealt anew; p for more within than between"
        present = int((assigned >= 0).sum())
        yield (*where, "ei_index", ei.observed, ei.expected, ei.p_low, present, note)


def _changes(networks: Sequence[UnitNetwork], seed: int) -> Iterator[Row]:
    for before, after in pairwise(sorted(networks, key=lambda network: network.year)):
        if after.year != before.year + 1:
            continue
        old, new = to_arcs(before), to_arcs(after)
        both = len(set(before.persons) & set(after.persons))
        where, note = (after.layer, after.year), "against the year before; persons in both"
        names_old, names_new = before.persons, after.persons
        shared = edge_jaccard(old, new, names_old, names_new)
        yield (*where, "edge_jaccard", shared, math.nan, math.nan, both, note)
        first, last = centralities(old), centralities(new)
        for name in _RANKED:
            rank = rank_stability(first[name], last[name], names_old, names_new)
            suffix = "" if name == "strength" else f"_{name}"
            measure = f"rank_correlation{suffix}"
            yield (*where, measure, rank, math.nan, math.nan, both, f"{name}; {note}")
        groups_old = leiden(old, _stream(before, seed, "communities")).membership
        groups_new = leiden(new, _stream(after, seed, "communities")).membership
        information = community_stability(groups_old, groups_new, names_old, names_new)
        yield (*where, "community_ami", information, math.nan, math.nan, both, note)


def _balance(year: int, ties: pd.DataFrame, draws: int, seed: int) -> Iterator[Row]:
    persons = sorted({*ties["source_id"], *ties["target_id"]})
    index = pd.Index(persons)
    signs = signed_ties(
        len(persons),
        index.get_indexer(ties["source_id"]),
        index.get_indexer(ties["target_id"]),
        ties["sign"].to_numpy(),
    )
    rng = stream(seed, "relations:balance", year)
    n, where = len(persons), ("relations", year)
    test = balance_test(signs, rng, draws=draws)
    triads = triad_census(signs)["triads"]
    note = f"{triads:.0f} triads; null: signs shuffled over the ties"
    yield (*where, "balanced_triads", test.observed, test.null_mean, test.p_value, n, note)
    found = frustration_index(signs, rng)
    note = "exact" if found.exact else "upper bound"
    yield (*where, "frustration", float(found.index), math.nan, math.nan, n, note)
    yield (*where, "frustration_share", found.share, math.nan, math.nan, n, note)
