"""Communities reach known optima, and agreement between partitions is measured beyond chance."""

from __future__ import annotations

import itertools
import json
import random

import igraph as ig
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import adjusted_mutual_info_score, mutual_info_score

from innercircle.measures.arcs import Arcs
from innercircle.measures.communities import (
    adjusted_mutual_information,
    leiden,
    modularity,
    modularity_test,
)
from innercircle.measures.nulls import rewirings, upper_tail
from tests.conftest import REFERENCE
from tests.test_measures import arcs_of, load

R = json.loads((REFERENCE / "structure.json").read_text())["communities"]


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def complete(n: int) -> Arcs:
    return arcs_of(np.ones((n, n), int), directed=False)


def no_ties(n: int) -> Arcs:
    return arcs_of(np.zeros((n, n), int), directed=False)


TWO_PAIRS = Arcs(4, np.array([0, 2]), np.array([1, 3]), np.ones(2), directed=False)
graphs = st.integers(2, 7).flatmap(
    lambda n: st.lists(st.integers(0, 2), min_size=n * n, max_size=n * n).map(
        lambda cells: np.array(cells).reshape(n, n)
    )
)


def test_leiden_reaches_the_known_optimum_of_zacharys_club() -> None:
    # Brandes et al. (2008, IEEE Trans. Knowledge and Data Engineering 20): 0.4198, proven optimal.
    _, arcs = load("zachary")
    found = leiden(arcs, rng())
    assert found.modularity == pytest.approx(0.4198, abs=5e-5)
    assert np.bincount(found.membership).tolist() == [12, 11, 6, 5]


@pytest.mark.parametrize("name", ["zachary", "southern_women"])
def test_communities_and_modularity_agree_with_r(name: str) -> None:
    names, arcs = load(name)
    found = leiden(arcs, rng())
    order = [names.index(person) for person in R[name]["names"]]
    assert found.modularity == pytest.approx(R[name]["modularity"], abs=1e-12)
    theirs = np.array(R[name]["membership"])
    assert modularity(arcs, theirs[np.argsort(order)]) == pytest.approx(R[name]["modularity"])
    assert adjusted_mutual_information(found.membership[order], theirs) == pytest.approx(1)


def test_modularity_of_rewired_networks_agrees_with_r() -> None:
    _, arcs = load("zachary")
    found = modularity_test(arcs, rng(), draws=100, runs=5)
    assert found.null_mean == pytest.approx(R["zachary_null"]["mean"], abs=0.006)
    assert found.null_sd == pytest.approx(R["zachary_null"]["sd"], rel=0.3)
    assert found.p_value == 1 / 101


def test_modularity_of_a_random_network_is_not_beyond_chance() -> None:
    p_values = []
    for seed in range(40):
        drawn = np.random.default_rng(seed)
        matrix = (drawn.random((14, 14)) < 0.3).astype(int)
        arcs = arcs_of(matrix, directed=False)
        p_values.append(modularity_test(arcs, drawn, draws=19, runs=2).p_value)
    assert 0.35 < np.mean(p_values) < 0.7


def set_partitions(n: int) -> list[list[int]]:
    found: list[list[int]] = [[]]
    for _ in range(n):
        found = [[*labels, k] for labels in found for k in range(max(labels, default=-1) + 2)]
    return found


def test_there_are_as_many_partitions_as_bells_number() -> None:
    assert len(set_partitions(7)) == 877


# 20 runs of Leiden, all from everyone alone, end at .26 here; the optimum is .30.
HARD = np.zeros((7, 7), int)
HARD[[0, 1, 2, 2, 3], [6, 3, 4, 6, 4]] = 1


@given(graphs)
@example(HARD)
@settings(max_examples=40, deadline=None)
def test_leiden_reaches_the_exact_optimum_of_small_networks(matrix: np.ndarray) -> None:
    arcs = arcs_of(matrix, directed=False)
    found = leiden(arcs, rng())
    if not len(arcs.weight):
        assert np.isnan(found.modularity)
        return
    graph = arcs.graph()
    exact = max(graph.modularity(labels, weights="weight") for labels in set_partitions(arcs.n))
    assert found.modularity == pytest.approx(exact, abs=1e-9)


@given(graphs, st.data())
@settings(max_examples=40, deadline=None)
def test_relabelling_persons_leaves_modularity(matrix: np.ndarray, data: st.DataObject) -> None:
    matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
    order = np.array(data.draw(st.permutations(range(len(matrix)))))
    whole = leiden(arcs_of(matrix, directed=False), rng()).modularity
    moved = leiden(arcs_of(matrix[np.ix_(order, order)], directed=False), rng()).modularity
    np.testing.assert_allclose(moved, whole, atol=1e-9)


def test_the_optimum_of_a_small_network_needs_no_luck() -> None:
    arcs = arcs_of(HARD, directed=False)
    for seed in range(20):
        found = leiden(arcs, np.random.default_rng(seed), runs=1)
        assert found.modularity == pytest.approx(0.3)


@given(hnp.arrays(np.int64, (18, 18), elements=st.sampled_from([0] * 9 + [1, 2])))
@settings(max_examples=20, deadline=None)
def test_who_has_no_ties_is_alone_and_communities_are_connected(matrix: np.ndarray) -> None:
    for size in (8, 18):  # below and above what is solved exactly
        arcs = arcs_of(matrix[:size, :size], directed=False)
        found = leiden(arcs, rng(), runs=6)
        sizes = np.bincount(found.membership)
        tied = np.isin(np.arange(size), [arcs.source, arcs.target])
        assert (sizes[found.membership[~tied]] == 1).all()
        for community in range(len(sizes)):
            members = np.flatnonzero(found.membership == community).tolist()
            assert arcs.graph().induced_subgraph(members).is_connected()


def test_same_seed_gives_the_same_communities_whatever_igraph_drew_before() -> None:
    _, arcs = load("southern_women")
    first = modularity_test(arcs, rng(), draws=5, runs=2)
    ig.Graph.Erdos_Renyi(n=20, m=40)
    random.seed(3)
    state = random.getstate()
    assert modularity_test(arcs, rng(), draws=5, runs=2) == first
    assert random.getstate() == state


def test_igraph_draws_from_pythons_random_module_again_afterwards() -> None:
    random.seed(11)
    expected = ig.Graph.Erdos_Renyi(n=20, m=40).get_edgelist()
    random.seed(11)
    leiden(load("zachary")[1], rng())
    assert ig.Graph.Erdos_Renyi(n=20, m=40).get_edgelist() == expected


def test_degenerate_networks_have_defined_communities() -> None:
    alone = leiden(no_ties(3), rng())
    assert alone.membership.tolist() == [0, 1, 2]
    assert np.isnan(alone.modularity)
    assert leiden(no_ties(1), rng()).membership.tolist() == [0]
    assert leiden(no_ties(0), rng()).membership.tolist() == []
    together = leiden(complete(5), rng())
    assert together.membership.tolist() == [0] * 5
    assert together.modularity == pytest.approx(0)
    pairs = leiden(TWO_PAIRS, rng())
    assert pairs.membership.tolist() == [0, 0, 1, 1]
    assert pairs.modularity == pytest.approx(0.5)
    with pytest.raises(ValueError, match="at least one run"):
        leiden(TWO_PAIRS, rng(), runs=0)


def test_a_network_that_cannot_be_rewired_is_no_evidence() -> None:
    for arcs in (complete(5), Arcs(3, np.array([0]), np.array([2]), np.ones(1), directed=False)):
        found = modularity_test(arcs, rng(), draws=9, runs=2)
        assert (found.p_value, np.isnan(found.z)) == (1, True)
    empty = modularity_test(no_ties(4), rng(), draws=9, runs=2)
    assert np.isnan([empty.observed, empty.z, empty.p_value]).all()


def test_rewiring_keeps_every_degree_and_the_weights() -> None:
    for name in ("zachary", "southern_women"):
        _, arcs = load(name)
        for drawn in rewirings(arcs, rng(), 5):
            degree = np.bincount(np.r_[arcs.source, arcs.target], minlength=arcs.n)
            moved = np.bincount(np.r_[drawn.source, drawn.target], minlength=arcs.n)
            np.testing.assert_array_equal(moved, degree)
            np.testing.assert_array_equal(np.sort(drawn.weight), np.sort(arcs.weight))
            assert (drawn.source != drawn.target).all()
            assert drawn.graph().is_simple()


def test_p_values_are_never_zero_and_ties_count_as_extreme() -> None:
    assert upper_tail(2.0, [0.0, 1.0, 1.0]).p_value == 1 / 4
    assert upper_tail(1.0, [0.0, 1.0, 1.0]).p_value == 3 / 4
    assert upper_tail(2.0, [0.0, 1.0, 2.0]).z == pytest.approx(1)
    with pytest.raises(ValueError, match="at least one draw"):
        upper_tail(1.0, [])


partitions = st.integers(1, 25).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 5), min_size=n, max_size=n),
        st.lists(st.integers(0, 5), min_size=n, max_size=n),
    )
)


def trivial(labels: list[int]) -> bool:
    return len(set(labels)) in (1, len(labels))


@given(partitions)
def test_adjusted_mutual_information_agrees_with_scikit_learn(
    pair: tuple[list[int], list[int]],
) -> None:
    found = adjusted_mutual_information(*pair)
    if np.isnan(found):
        assert trivial(pair[0])
        assert len(set(pair[0])) == len(set(pair[1]))
        return
    assert found == pytest.approx(adjusted_mutual_info_score(*pair), abs=1e-8)
    assert adjusted_mutual_information(pair[1], pair[0]) == pytest.approx(found, abs=1e-9)


def test_expected_information_is_the_mean_over_all_permutations() -> None:
    a, b = [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 2]
    expected = np.mean([mutual_info_score(a, order) for order in itertools.permutations(b)])
    entropies = mutual_info_score(a, a) / 2 + mutual_info_score(b, b) / 2
    wanted = (mutual_info_score(a, b) - expected) / (entropies - expected)
    assert adjusted_mutual_information(a, b) == pytest.approx(wanted)


def test_agreement_of_partitions_is_undefined_where_sizes_force_it() -> None:
    for first, second in (([], []), ([1], [2]), ([3, 3, 3], [0, 0, 0]), ([1, 2, 3], [9, 8, 7])):
        assert np.isnan(adjusted_mutual_information(first, second))
    assert adjusted_mutual_information([0, 0, 0, 0], [0, 0, 1, 1]) == pytest.approx(0)
    assert adjusted_mutual_information(["x", "x", "y"], [5, 5, 0]) == pytest.approx(1)
    with pytest.raises(ValueError, match="cannot be compared"):
        adjusted_mutual_information([1, 2], [1])
