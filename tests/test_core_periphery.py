"""Coreness and cores agree with R and with enumeration, and are defined where no core exists."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innercircle.measures.arcs import Arcs
from innercircle.measures.core_periphery import (
    _EXACT_LIMIT,
    continuous_core,
    core_periphery_test,
    discrete_core,
)
from tests.conftest import REFERENCE
from tests.test_communities import TWO_PAIRS, complete, graphs, no_ties, rng
from tests.test_measures import arcs_of, load

R = json.loads((REFERENCE / "structure.json").read_text())["core_periphery"]
# Borgatti & Everett (2000), figure 1: ten persons, of whom the first four are the core.
FIGURE_1 = np.array(
    [
        [0, 1, 1, 1, 1, 0, 0, 0, 0, 0],
        [1, 0, 1, 1, 0, 1, 1, 1, 0, 0],
        [1, 1, 0, 1, 0, 0, 0, 1, 1, 0],
        [1, 1, 1, 0, 1, 0, 0, 0, 0, 1],
        [1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    ]
)
STAR = Arcs(6, np.zeros(5, int), np.arange(1, 6), np.ones(5), directed=False)


def correlation(matrix: np.ndarray, model: np.ndarray) -> float:
    off = ~np.eye(len(matrix), dtype=bool)
    x, y = matrix[off], model[off]
    return np.corrcoef(x, y)[0, 1] if np.ptp(x) and np.ptp(y) else np.nan


def test_fit_of_the_published_example_is_the_published_one() -> None:
    # Borgatti & Everett (2000), section 3.1: 0.475 for the core of the first four persons.
    arcs = arcs_of(FIGURE_1, directed=False)
    core = (np.arange(10) < 4).astype(float)
    published = correlation(arcs.matrix(), np.maximum.outer(core, core))
    assert published == pytest.approx(0.475, abs=5e-4)
    assert discrete_core(arcs).fit > 0.475


@pytest.mark.parametrize("name", ["zachary", "southern_women"])
def test_core_and_coreness_agree_with_r(name: str) -> None:
    names, arcs = load(name)
    order = [names.index(person) for person in R[name]["names"]]
    coreness, core = continuous_core(arcs), discrete_core(arcs)
    theirs = R[name]["continuous"]
    np.testing.assert_allclose(coreness.values[order], theirs["coreness"], atol=1e-5)
    assert coreness.fit == pytest.approx(theirs["fit"], abs=1e-5)
    assert core.members[order].tolist() == R[name]["discrete"]["core"]
    assert core.fit == pytest.approx(R[name]["discrete"]["fit"], abs=1e-12)
    assert not core.exact


def test_the_core_of_zacharys_club_is_its_two_leaders_and_their_closest() -> None:
    names, arcs = load("zachary")
    members = discrete_core(arcs).members
    assert {names[i] for i in np.flatnonzero(members)} == {"m1", "m2", "m3", "m33", "m34"}


@given(graphs)
@settings(max_examples=50, deadline=None)
def test_no_other_core_of_a_small_network_fits_better(matrix: np.ndarray) -> None:
    arcs = arcs_of(matrix, directed=False)
    dense = arcs.matrix()
    found = discrete_core(arcs)
    assert found.exact
    patterns = [np.array(core) for core in itertools.product([0, 1], repeat=arcs.n)]
    fits = [correlation(dense, np.maximum.outer(core, core)) for core in patterns]
    if np.isnan(fits).all():
        assert np.isnan(found.fit)
        assert not found.members.any()
    else:
        assert found.fit == pytest.approx(np.nanmax(fits))
        core = found.members.astype(float)
        assert correlation(dense, np.maximum.outer(core, core)) == pytest.approx(found.fit)


@pytest.mark.parametrize("seed", range(8))
def test_search_finds_the_exact_core_where_it_can_be_enumerated(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = np.random.default_rng(seed)
    matrix = (drawn.random((_EXACT_LIMIT, _EXACT_LIMIT)) < 0.3) * drawn.integers(1, 4, 12)
    arcs = arcs_of(matrix, directed=False)
    exact = discrete_core(arcs)
    monkeypatch.setattr("innercircle.measures.core_periphery._EXACT_LIMIT", 2)
    assert discrete_core(arcs).fit == pytest.approx(exact.fit)


@given(graphs, st.data())
@settings(max_examples=25, deadline=None)
def test_relabelling_persons_leaves_both_fits(matrix: np.ndarray, data: st.DataObject) -> None:
    matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
    order = np.array(data.draw(st.permutations(range(len(matrix)))))
    whole = arcs_of(matrix, directed=False)
    moved = arcs_of(matrix[np.ix_(order, order)], directed=False)
    np.testing.assert_allclose(discrete_core(moved).fit, discrete_core(whole).fit, atol=1e-9)
    np.testing.assert_allclose(continuous_core(moved).fit, continuous_core(whole).fit, atol=1e-3)


@pytest.mark.parametrize("name", ["zachary", "southern_women"])
def test_relabelling_persons_permutes_coreness(name: str) -> None:
    _, arcs = load(name)
    order = rng().permutation(arcs.n)
    moved = arcs_of(arcs.matrix().astype(int)[np.ix_(order, order)], directed=False)
    expected = continuous_core(arcs).values[order]
    np.testing.assert_allclose(continuous_core(moved).values, expected, atol=1e-5)
    assert discrete_core(moved).members.tolist() == discrete_core(arcs).members[order].tolist()


def test_those_alike_have_the_same_coreness_and_who_has_none_exactly_none() -> None:
    def stars(first: int, second: int) -> np.ndarray:
        centre = np.repeat([0, first + 1], [first, second])
        leaves = np.r_[1 : first + 1, first + 2 : first + second + 2]
        ties = Arcs(first + second + 2, centre, leaves, np.ones(len(leaves)), directed=False)
        return continuous_core(ties).values

    assert len(np.unique(stars(4, 4)[[1, 2, 3, 4, 6, 7, 8, 9]])) == 1
    assert not stars(5, 4)[6:].any()


def test_fit_is_the_correlation_without_the_diagonal() -> None:
    _, arcs = load("southern_women")
    found = continuous_core(arcs)
    expected = correlation(arcs.matrix(), np.outer(found.values, found.values))
    assert found.fit == pytest.approx(expected)


def test_degenerate_networks_have_defined_cores() -> None:
    for arcs, level in ((no_ties(1), 0), (no_ties(4), 0), (complete(2), 1), (complete(5), 1)):
        np.testing.assert_allclose(continuous_core(arcs).values, level, atol=1e-6)
        assert np.isnan(continuous_core(arcs).fit)
        assert not discrete_core(arcs).members.any()
        assert np.isnan(discrete_core(arcs).fit)
        assert np.isnan(core_periphery_test(arcs, rng(), draws=3).p_value)
    pairs = continuous_core(TWO_PAIRS)
    np.testing.assert_allclose(pairs.values, 0.5, atol=1e-6)
    assert len(continuous_core(no_ties(0)).values) == 0


def test_a_star_is_a_perfect_core_of_one_that_its_degrees_explain() -> None:
    assert discrete_core(STAR).members.tolist() == [True] + [False] * 5
    assert discrete_core(STAR).fit == pytest.approx(1)
    assert continuous_core(STAR).values.argmax() == 0
    found = core_periphery_test(STAR, rng(), draws=19)
    assert (found.p_value, np.isnan(found.z)) == (1, True)


def test_fit_in_rewired_networks_agrees_with_r() -> None:
    _, arcs = load("zachary")
    found = core_periphery_test(arcs, rng(), draws=30)
    assert found.null_mean == pytest.approx(R["zachary_null"]["mean"], abs=0.006)
    assert found.null_sd == pytest.approx(R["zachary_null"]["sd"], rel=0.4)
    assert found.z > 1.5
    assert found.p_value < 0.1


def test_same_seed_gives_the_same_test() -> None:
    _, arcs = load("southern_women")
    first, second = (core_periphery_test(arcs, rng(), draws=5) for _ in range(2))
    assert first == second


def test_p_values_are_not_small_in_random_networks() -> None:
    p_values = []
    for seed in range(40):
        drawn = np.random.default_rng(seed)
        arcs = arcs_of((drawn.random((9, 9)) < 0.4).astype(int), directed=False)
        p_values.append(core_periphery_test(arcs, drawn, draws=19).p_value)
    assert np.mean(p_values) > 0.4
    assert np.mean(np.array(p_values) <= 0.1) <= 0.2
