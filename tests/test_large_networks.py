"""Large networks are measured in part, and what is measured is what small ones have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from innercircle.measures import centralities, cohesion, measure_layers
from innercircle.measures.arcs import Arcs
from innercircle.measures.large import LargeNetworks, large_measures
from innercircle.measures.multiplex import measure_multiplex
from innercircle.networks.observed import counted_access
from innercircle.networks.units import UnitNetwork

MEASURES = (
    "degree",
    "strength",
    "betweenness",
    "harmonic",
    "eigenvector",
    "pagerank",
    "coreness",
    "constraint",
)


def random_arcs(seed: int, *, directed: bool, n: int = 40, ties: int = 90) -> Arcs:
    rng = np.random.default_rng(seed)
    cells = rng.choice(n * n, 4 * ties, replace=False)
    source, target = cells // n, cells % n
    keep = source != target if directed else source < target
    source, target = source[keep][:ties], target[keep][:ties]
    return Arcs(n, source, target, rng.integers(1, 9, len(source)).astype(float), directed)


def unit_network(arcs: Arcs, layer: str) -> UnitNetwork:
    n, ties = arcs.n, len(arcs.source)
    persons = tuple(f"p{k:02d}" for k in range(n))
    incidence = csr_array((arcs.weight, (np.arange(ties), np.arange(ties) % 7)), shape=(ties, 7))
    units = tuple(f"u{k}" for k in range(7))
    ends = (arcs.source, arcs.target)
    return UnitNetwork(layer, 1848, persons, units, *ends, incidence, arcs.directed)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_measures_of_large_networks_are_those_of_small_ones(seed: int, directed: bool) -> None:
    arcs = random_arcs(seed, directed=directed)
    found, whole = large_measures(arcs, MEASURES)
    full, full_whole = centralities(arcs), cohesion(arcs)
    assert set(full) - set(found) == {"effective_size"}
    for name, values in found.items():
        np.testing.assert_allclose(values, full[name], atol=1e-6, err_msg=name)
    assert set(full_whole) - set(whole) == {"mean_distance"}
    for name, value in whole.items():
        assert value == pytest.approx(full_whole[name], nan_ok=True), name


def test_the_sparse_eigenvector_is_the_dense_one(monkeypatch: pytest.MonkeyPatch) -> None:
    arcs = random_arcs(5, directed=False, n=60, ties=110)
    dense = large_measures(arcs, ["eigenvector"])[0]["eigenvector"]
    monkeypatch.setattr("innercircle.measures.centrality._DENSE_LIMIT", 10)
    sparse = large_measures(arcs, ["eigenvector"])[0]["eigenvector"]
    np.testing.assert_allclose(sparse, dense, atol=1e-8)


def test_tables_hold_the_named_measures_alone_on_the_named_number_of_resamples() -> None:
    network = unit_network(random_arcs(1, directed=False), "copresence")
    access = counted_access(Study(), {})
    in_part = LargeNetworks(39, ("degree", "strength"), resamples=20)
    centrality, whole = measure_layers([network], access, "p00", 50, 1, in_part)
    assert set(centrality["measure"]) == {"degree", "strength"}
    assert centrality["lo"].notna().all()
    small = LargeNetworks(40, ("degree",))
    everything, _ = measure_layers([network], access, "p00", 0, 1, small)
    assert {"betweenness", "core", "leader_proximity"} <= set(everything["measure"])
    key = ["person_id", "leader_included", "measure"]
    both = centrality.merge(everything, on=key, suffixes=("", "_full"))
    np.testing.assert_allclose(both["value"], both["value_full"])
    assert "mean_distance" not in set(whole["measure"])


def test_without_resamples_intervals_are_empty_also_across_layers() -> None:
    networks = [
        unit_network(random_arcs(k, directed=False), layer)
        for k, layer in enumerate(("attendance", "copresence"))
    ]
    in_part = LargeNetworks(10, ("degree",))
    table = measure_multiplex(networks, None, 50, 1, in_part)
    assert table["value"].notna().any()
    assert table["lo"].isna().all()


def test_a_measure_that_large_networks_do_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no measure effective_size of large networks"):
        large_measures(random_arcs(1, directed=False), ["degree", "effective_size"])


@pytest.mark.parametrize("n", [0, 1, 2])
def test_the_smallest_networks_have_defined_measures(n: int) -> None:
    none = np.zeros(0, dtype=np.int64)
    arcs = Arcs(n, none, none, np.zeros(0), directed=False)
    names = [name for name in MEASURES if name != "constraint"]
    found, whole = large_measures(arcs, names)
    assert all(np.isfinite(values).all() and len(values) == n for values in found.values())
    assert whole["n_ties"] == 0


class Study:
    """A study without tables."""

    def get(self, _: str) -> Any:
        return None
