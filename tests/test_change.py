"""Year-to-year change agrees with hand counts and scipy, and is missing where undefined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from innercircle.measures.arcs import Arcs
from innercircle.measures.change import community_stability, edge_jaccard, rank_stability
from tests.test_communities import complete, no_ties

BEFORE = Arcs(4, np.array([0, 0, 1]), np.array([1, 2, 3]), np.ones(3), directed=False)
AFTER = Arcs(4, np.array([0, 1, 2]), np.array([1, 2, 3]), np.ones(3), directed=False)
FIRST, SECOND = ["a", "b", "c", "d"], ["c", "a", "b", "e"]


def test_jaccard_counts_ties_of_persons_present_in_both_years() -> None:
    # before: ab ac bd; after: ca ab be; among a, b, c both years have ab and ac
    assert edge_jaccard(BEFORE, AFTER, FIRST, SECOND) == 1


def test_jaccard_of_a_network_with_itself_is_one_and_of_disjoint_ones_zero() -> None:
    assert edge_jaccard(BEFORE, BEFORE, FIRST, FIRST) == 1
    other = Arcs(4, np.array([2]), np.array([3]), np.ones(1), directed=False)
    assert edge_jaccard(BEFORE, other, FIRST, FIRST) == 0
    assert edge_jaccard(BEFORE, complete(4), FIRST, FIRST) == 3 / 6


def test_directions_count_in_directed_networks() -> None:
    there = Arcs(2, np.array([0]), np.array([1]), np.ones(1), directed=True)
    back = Arcs(2, np.array([1]), np.array([0]), np.ones(1), directed=True)
    assert edge_jaccard(there, back, ["a", "b"], ["a", "b"]) == 0
    assert edge_jaccard(there, back, ["a", "b"], ["b", "a"]) == 1
    with pytest.raises(ValueError, match="directed network cannot be compared"):
        edge_jaccard(there, BEFORE, ["a", "b"], FIRST)


def test_jaccard_without_ties_to_compare_is_missing() -> None:
    assert np.isnan(edge_jaccard(no_ties(2), no_ties(2), ["a", "b"], ["a", "b"]))
    assert np.isnan(edge_jaccard(BEFORE, AFTER, FIRST, ["w", "x", "y", "z"]))
    assert np.isnan(edge_jaccard(no_ties(0), no_ties(1), [], ["a"]))
    with pytest.raises(ValueError, match="3 persons named for 4 vertices"):
        edge_jaccard(BEFORE, AFTER, FIRST[:3], SECOND)
    with pytest.raises(ValueError, match="stands twice"):
        edge_jaccard(BEFORE, AFTER, ["a", "a", "b", "c"], SECOND)


values = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans(), st.booleans()), max_size=12
)


@given(values)
def test_rank_stability_is_spearmans_over_persons_of_both_years(
    rows: list[tuple[int, int, bool, bool]],
) -> None:
    names = [f"p{i}" for i in range(len(rows))]
    first = [(name, x) for name, (x, _, here, _) in zip(names, rows, strict=True) if here]
    second = [(name, y) for name, (_, y, _, here) in zip(names, rows, strict=True) if here]
    second.reverse()
    both = [(x, y) for x, y, before, after in rows if before and after]
    found = rank_stability(
        [x for _, x in first], [y for _, y in second], [n for n, _ in first], [n for n, _ in second]
    )
    xs, ys = [x for x, _ in both], [y for _, y in both]
    if len(both) < 3 or len(set(xs)) == 1 or len(set(ys)) == 1:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(spearmanr(xs, ys).statistic)


def test_rank_stability_leaves_out_who_has_no_value() -> None:
    names = ["a", "b", "c", "d"]
    assert rank_stability([1, 2, 3, np.nan], [10, 20, 30, 0], names, names) == pytest.approx(1)
    assert np.isnan(rank_stability([1, 2, np.nan, np.nan], [1, 2, 3, 4], names, names))
    with pytest.raises(ValueError, match="differ in number"):
        rank_stability([1, 2], [1, 2, 3, 4], names, names)


def test_values_that_differ_in_the_last_digits_have_one_rank() -> None:
    names = ["a", "b", "c", "d"]
    alike = [1.0, 1 - 1e-16, 1 - 2e-16, 0.1 + 0.2]
    assert rank_stability(alike, [1, 1, 1, 0], names, names) == pytest.approx(1)
    assert np.isnan(rank_stability(alike[:3], [1, 2, 3], names[:3], names[:3]))


def test_communities_are_compared_over_persons_of_both_years() -> None:
    first, second = ["a", "b", "c", "d", "x"], ["y", "d", "c", "b", "a"]
    same = community_stability([0, 0, 1, 1, 1], [0, 5, 5, 2, 2], first, second)
    assert same == pytest.approx(1)
    crossed = community_stability([0, 0, 1, 1, 1], [0, 5, 2, 5, 2], first, second)
    assert crossed < 0.1
    assert np.isnan(community_stability([0, 1], [0, 1], ["a", "b"], ["c", "d"]))
    assert np.isnan(community_stability([0, 0], [1, 1], ["a", "b"], ["a", "b"]))
