"""Triads and frustration of signed networks: published values, hand-made cases, enumeration."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innercircle.measures.balance import SignedTies, balance_test, signed_ties, triad_census
from innercircle.measures.frustration import frustration_index
from tests.conftest import REFERENCE
from tests.test_communities import rng

R = json.loads((REFERENCE / "structure.json").read_text())["tribes"]


def tribes() -> SignedTies:
    frame = pd.read_csv(REFERENCE / "highland_tribes.csv")
    names = pd.Index(sorted({*frame["source"], *frame["target"]}))
    ends = (names.get_indexer(frame["source"]), names.get_indexer(frame["target"]))
    return signed_ties(len(names), *ends, frame["sign"])


def ring(signs: list[int]) -> SignedTies:
    n = len(signs)
    return signed_ties(n, np.arange(n), (np.arange(n) + 1) % n, signs)


def clique(n: int, sign: int) -> SignedTies:
    a, b = np.triu_indices(n, 1)
    return signed_ties(n, a, b, np.full(len(a), sign))


def by_enumeration(ties: SignedTies) -> int:
    camps = np.array(list(itertools.product([1, -1], repeat=ties.n)))
    agree = camps[:, ties.source] * camps[:, ties.target] == ties.sign
    return int((~agree).sum(axis=1).min())


signed_graphs = st.integers(1, 9).flatmap(
    lambda n: st.lists(
        st.sampled_from([0, 0, 1, -1]), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2
    ).map(lambda signs: graph(n, signs))
)


def graph(n: int, signs: list[int]) -> SignedTies:
    a, b = np.triu_indices(n, 1)
    kept = np.array(signs, dtype=int)
    return signed_ties(n, a[kept != 0], b[kept != 0], kept[kept != 0])


def test_triads_of_the_highland_tribes_agree_with_r_and_with_signnet() -> None:
    found = triad_census(tribes())
    assert {name: found[name] for name in R} == R
    # Schoch, R package signnet: balance_score(tribes, "triangles") is 0.8676471
    assert found["balanced"] == pytest.approx(0.8676471, abs=1e-7)


def test_frustration_of_the_highland_tribes_is_the_published_one() -> None:
    # Aref & Wilson (2018), table of socio-political networks: 58 ties, frustration index 7;
    # signnet's balance_score(tribes, "frustration") is 0.7586207 = 1 - 7 / (58 / 2).
    found = frustration_index(tribes(), rng())
    assert (found.index, found.exact) == (7, True)
    assert found.share == pytest.approx(7 / 58)


def test_highland_tribes_are_more_balanced_than_shuffled_signs() -> None:
    found = balance_test(tribes(), rng(), draws=999)
    assert found.p_value == 1 / 1000
    assert found == balance_test(tribes(), rng(), draws=999)


@pytest.mark.parametrize(
    ("ties", "index"),
    [
        (ring([1, 1, -1]), 1),
        (ring([1, -1, -1]), 0),
        (ring([-1, -1, -1, -1, -1]), 1),
        (ring([1, -1] * 15), 1),
        (clique(4, -1), 2),
        (clique(9, -1), 16),
        (clique(20, -1), 90),
        (clique(7, 1), 0),
    ],
)
def test_frustration_of_rings_and_cliques_is_known(ties: SignedTies, index: int) -> None:
    # a ring is frustrated once if its negative ties are odd in number; an all-negative clique of n
    # leaves the ties within two halves
    found = frustration_index(ties, rng())
    assert (found.index, found.exact) == (index, True)


@given(signed_graphs)
@settings(deadline=None)
def test_frustration_equals_the_minimum_over_all_divisions(ties: SignedTies) -> None:
    found = frustration_index(ties, rng())
    assert found.index == by_enumeration(ties)
    assert found.exact


@given(signed_graphs, st.data())
@settings(deadline=None)
def test_relabelling_and_switching_change_nothing(ties: SignedTies, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(ties.n))))
    moved = signed_ties(ties.n, order[ties.source], order[ties.target], ties.sign)
    np.testing.assert_equal(triad_census(moved), triad_census(ties))
    assert frustration_index(moved, rng()) == frustration_index(ties, rng())
    # reversing every tie of one person changes signs, not balance
    person = data.draw(st.integers(0, ties.n - 1))
    touched = (ties.source == person) | (ties.target == person)
    switched = SignedTies(ties.n, ties.source, ties.target, np.where(touched, -1, 1) * ties.sign)
    assert frustration_index(switched, rng()) == frustration_index(ties, rng())
    np.testing.assert_equal(triad_census(switched)["balanced"], triad_census(ties)["balanced"])


def test_a_large_block_gets_an_upper_bound_that_says_so() -> None:
    found = frustration_index(clique(26, -1), rng())
    assert (found.index, found.exact) == (2 * 13 * 12 // 2, False)
    assert found == frustration_index(clique(26, -1), rng())


def test_a_large_balanced_block_is_found_balanced_exactly() -> None:
    camps = np.where(np.arange(40) < 15, 1, -1)
    a, b = np.triu_indices(40, 1)
    found = frustration_index(signed_ties(40, a, b, camps[a] * camps[b]), rng())
    assert (found.index, found.exact) == (0, True)


@pytest.mark.parametrize("seed", range(5))
def test_upper_bounds_reach_the_minimum_of_blocks_that_can_be_enumerated(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = np.random.default_rng(seed)
    ties = graph(16, drawn.choice([0, 1, -1], size=120).tolist())
    exact = frustration_index(ties, rng())
    monkeypatch.setattr("innercircle.measures.frustration._EXACT_LIMIT", 0)
    bound = frustration_index(ties, rng())
    assert bound.index == exact.index
    assert (exact.exact, bound.exact) == (True, False)


def test_blocks_that_share_one_person_are_frustrated_apart() -> None:
    a, b = np.triu_indices(12, 1)
    # two all-negative cliques of 12 joined in person 11: 23 persons, yet both are enumerated
    source, target = np.r_[a, a + 11], np.r_[b, b + 11]
    found = frustration_index(signed_ties(23, source, target, -np.ones(132)), rng())
    assert (found.index, found.exact) == (60, True)


def test_directed_and_parallel_ties_are_added_and_may_cancel() -> None:
    ties = signed_ties(
        5,
        [1, 0, 2, 1, 3, 3, 3, 4],
        [0, 1, 1, 2, 2, 2, 2, 4],
        [1, 1, 1, -1, -1, -1, 1, -1],
    )
    assert list(zip(ties.source, ties.target, ties.sign, strict=True)) == [(0, 1, 1), (2, 3, -1)]
    with pytest.raises(ValueError, match="1 or -1"):
        signed_ties(2, [0], [1], [0.5])
    with pytest.raises(ValueError, match="not among the 2 persons"):
        signed_ties(2, [0], [2], [1])
    with pytest.raises(ValueError, match="differ in length"):
        signed_ties(2, [0, 1], [1], [1])


def test_degenerate_signed_networks_have_defined_balance() -> None:
    for n in (0, 1, 4):
        empty = signed_ties(n, [], [], [])
        assert triad_census(empty)["triads"] == 0
        assert np.isnan(triad_census(empty)["balanced"])
        assert np.isnan(balance_test(empty, rng(), draws=3).p_value)
        found = frustration_index(empty, rng())
        assert (found.index, found.exact, np.isnan(found.share)) == (0, True, True)
    pairs = signed_ties(4, [0, 2], [1, 3], [1, -1])
    assert np.isnan(triad_census(pairs)["balanced"])
    assert frustration_index(pairs, rng()).index == 0
    friends = balance_test(clique(5, 1), rng(), draws=9)
    assert (friends.observed, friends.p_value, np.isnan(friends.z)) == (1, 1, True)
    assert triad_census(clique(5, -1))["---"] == 10


def test_shuffled_signs_are_balanced_as_often_as_enumeration_says() -> None:
    # one triangle of two positive ties and a negative one is never balanced; with a fourth person
    # tied to two of its corners the ten arrangements of two negative ties can be listed
    ties = signed_ties(4, [0, 0, 1, 0, 1], [1, 2, 2, 3, 3], [1, -1, -1, 1, 1])
    shares = []
    for negative in itertools.combinations(range(5), 2):
        signs = np.where(np.isin(np.arange(5), negative), -1, 1)
        census = triad_census(SignedTies(4, ties.source, ties.target, signs))
        shares.append(census["balanced"])
    found = balance_test(ties, rng(), draws=20_000)
    assert found.null_mean == pytest.approx(np.mean(shares), abs=0.01)
    assert found.p_value == pytest.approx(np.mean(np.array(shares) >= found.observed), abs=0.01)
