"""Brokerage agrees with networkx, R and hand counts; permutation p-values with enumeration."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercircle.measures.arcs import Arcs
from innercircle.measures.batch import leader_proximity
from innercircle.measures.brokerage import effective_size, ei_test
from tests.conftest import REFERENCE
from tests.test_communities import TWO_PAIRS, complete, graphs, no_ties, rng
from tests.test_measures import arcs_of, load

NETWORKX = json.loads((REFERENCE / "effective_size.json").read_text())
R = json.loads((REFERENCE / "structure.json").read_text())
# Two triangles 0-1-2 and 3-4-5, joined by the tie 2-3.
BRIDGE = Arcs(
    6,
    np.array([0, 0, 1, 2, 3, 3, 4]),
    np.array([1, 2, 2, 3, 4, 5, 5]),
    np.array([1.0, 1, 1, 5, 1, 1, 1]),
    directed=False,
)
HALVES = np.array([0, 0, 0, 1, 1, 1])


def ei_index(arcs: Arcs, groups: np.ndarray) -> float:
    return ei_test(arcs, groups, rng(), draws=1).observed


def unweighted(arcs: Arcs) -> Arcs:
    return Arcs(arcs.n, arcs.source, arcs.target, np.ones(len(arcs.weight)), arcs.directed)


@pytest.mark.parametrize("name", ["zachary", "southern_women", "toy_directed"])
@pytest.mark.parametrize("weights", ["binary", "weighted"])
def test_effective_size_agrees_with_networkx(name: str, weights: str) -> None:
    names, arcs = load(name)
    found = effective_size(arcs if weights == "weighted" else unweighted(arcs.undirected()))
    expected = [NETWORKX[name][weights][person] for person in names]
    np.testing.assert_allclose(found, expected, atol=1e-12)


@given(graphs)
def test_unweighted_effective_size_is_contacts_less_their_mean_ties(matrix: np.ndarray) -> None:
    arcs = arcs_of(matrix, directed=False)
    tied = arcs.matrix() > 0
    for person, found in enumerate(effective_size(unweighted(arcs))):
        contacts = np.flatnonzero(tied[person])
        if len(contacts):
            among = tied[np.ix_(contacts, contacts)].sum() / 2
            assert found == pytest.approx(len(contacts) - 2 * among / len(contacts))
        else:
            assert np.isnan(found)


@given(graphs, st.data())
def test_relabelling_persons_permutes_brokerage(matrix: np.ndarray, data: st.DataObject) -> None:
    matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
    order = np.array(data.draw(st.permutations(range(len(matrix)))))
    groups = np.arange(len(matrix)) % 3
    whole = arcs_of(matrix, directed=False)
    moved = arcs_of(matrix[np.ix_(order, order)], directed=False)
    np.testing.assert_allclose(effective_size(moved), effective_size(whole)[order], atol=1e-12)
    np.testing.assert_equal(ei_index(moved, groups[order]), ei_index(whole, groups))


@given(graphs)
def test_no_effective_size_is_below_one(matrix: np.ndarray) -> None:
    found = effective_size(arcs_of(matrix, directed=False))
    assert (found[~np.isnan(found)] >= 1 - 1e-12).all()


def test_degenerate_networks_have_defined_effective_sizes() -> None:
    assert np.isnan(effective_size(no_ties(3))).all()
    assert np.isnan(effective_size(no_ties(1))).all()
    assert len(effective_size(no_ties(0))) == 0
    assert effective_size(TWO_PAIRS).tolist() == [1] * 4
    np.testing.assert_allclose(effective_size(complete(5)), 1)


def test_proximity_to_the_first_member_of_the_club_agrees_with_r() -> None:
    names, arcs = load("zachary")
    weights = arcs.weight[:, None]
    near = leader_proximity(arcs.n, arcs.source, arcs.target, weights, names.index("m1"))[0]
    found = dict(zip(names, near.tolist(), strict=True))
    assert np.isnan(found.pop("m1"))
    assert found == {name: 1 / steps for name, steps in R["distance_to_m1"].items() if steps}


def test_ei_index_counts_ties_between_against_ties_within() -> None:
    assert ei_index(BRIDGE, HALVES) == pytest.approx((1 - 6) / 7)
    assert ei_index(BRIDGE, np.arange(6)) == 1
    assert ei_index(BRIDGE, np.zeros(6, int)) == -1
    # persons of unknown group take their ties out
    assert ei_index(BRIDGE, np.array([0, 0, -1, 1, 1, 1])) == -1
    with pytest.raises(ValueError, match="5 groups given for 6 persons"):
        ei_index(BRIDGE, np.zeros(5, int))


def test_permutation_p_values_agree_with_all_assignments() -> None:
    found = ei_test(BRIDGE, HALVES, rng(), draws=20_000)
    every = [
        ei_index(BRIDGE, np.isin(np.arange(6), members).astype(int))
        for members in itertools.combinations(range(6), 3)
    ]
    assert found.expected == pytest.approx(np.mean(every))
    lowest = np.mean(np.array(every) <= found.observed + 1e-9)
    assert found.p_low == pytest.approx(lowest, abs=0.01)
    assert found.p_high == pytest.approx(1)
    far = np.abs(np.array(every) - np.mean(every)) >= abs(found.observed - np.mean(every)) - 1e-9
    assert found.p_value == pytest.approx(far.mean(), abs=0.01)
    assert found == ei_test(BRIDGE, HALVES, rng(), draws=20_000)


def test_groups_that_leave_nothing_to_permute_are_no_evidence() -> None:
    for groups in (np.zeros(6, int), np.arange(6)):
        found = ei_test(BRIDGE, groups, rng(), draws=9)
        assert found.observed == found.expected
        assert (found.p_low, found.p_high, found.p_value) == (1, 1, 1)
    for arcs, groups in ((no_ties(3), [0, 1, 1]), (BRIDGE, [-1] * 6), (no_ties(1), [0])):
        found = ei_test(arcs, groups, rng(), draws=9)
        assert np.isnan([found.observed, found.expected, found.p_value]).all()


def test_unknown_groups_stay_unknown_under_permutation() -> None:
    groups = np.array([0, 0, 1, 1, -1, -1])
    found = ei_test(BRIDGE, groups, rng(), draws=5000)
    ties = Arcs(4, np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3]), np.ones(4), directed=False)
    same = ei_test(ties, groups[:4], rng(), draws=5000)
    assert (found.observed, found.expected) == (same.observed, same.expected)
    assert found.p_value == pytest.approx(same.p_value, abs=0.03)
