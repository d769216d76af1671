"""Null models of attendance agree with enumeration, with bicm and with the R package backbone."""

from __future__ import annotations

import itertools
import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import binom, chisquare

from innercircle.networks.configuration_model import configuration_probabilities
from innercircle.networks.curveball import draw_matrices
from innercircle.networks.poisson_binomial import SMALLEST_SD, pair_tails
from tests.conftest import REFERENCE

matrices = hnp.arrays(
    np.int64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(0, 1)
)


def same_margins(matrix: np.ndarray) -> list[np.ndarray]:
    """Return every 0/1 matrix with the margins of this one, by trying all rows."""
    columns = matrix.sum(axis=0)
    choices = [
        [row for row in itertools.product((0, 1), repeat=len(columns)) if sum(row) == total]
        for total in matrix.sum(axis=1)
    ]
    return [
        np.array(rows)
        for rows in itertools.product(*choices)
        if (np.sum(rows, axis=0) == columns).all()
    ]


# --- the bipartite configuration model -----------------------------------------------------------


def test_probabilities_equal_those_of_bicm() -> None:
    for case in json.loads((REFERENCE / "backbone_bicm.json").read_text()):
        found = configuration_probabilities(case["row_sums"], case["column_sums"])
        np.testing.assert_allclose(found, case["probabilities"], atol=1e-7)


def test_probabilities_equal_those_of_the_r_package() -> None:
    published = json.loads((REFERENCE / "backbone_published.json").read_text())
    matrix = np.array(published["bicm"]["matrix"])
    found = configuration_probabilities(matrix.sum(axis=1), matrix.sum(axis=0))
    np.testing.assert_allclose(found, published["bicm"]["probabilities"], atol=5e-4)


@given(matrices)
def test_expected_sums_are_the_observed_ones(matrix: np.ndarray) -> None:
    rows, columns = matrix.sum(axis=1), matrix.sum(axis=0)
    found = configuration_probabilities(rows, columns)
    np.testing.assert_allclose(found.sum(axis=1), rows, atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=0), columns, atol=1e-9)
    assert ((found >= 0) & (found <= 1)).all()


@settings(max_examples=30)
@given(
    hnp.arrays(
        np.int64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.integers(0, 1)
    )
)
def test_an_entry_is_0_or_1_just_where_all_matrices_agree(matrix: np.ndarray) -> None:
    share = np.mean(same_margins(matrix), axis=0)
    found = configuration_probabilities(matrix.sum(axis=1), matrix.sum(axis=0))
    np.testing.assert_array_equal(found == 0, share == 0)
    np.testing.assert_array_equal(found == 1, share == 1)


def test_a_nested_block_without_full_or_empty_rows_is_forced() -> None:
    found = configuration_probabilities([3, 3, 1, 1], [3, 3, 1, 1])
    half, one, zero = np.full((2, 2), 0.5), np.ones((2, 2)), np.zeros((2, 2))
    np.testing.assert_allclose(found, np.block([[one, half], [half, zero]]), atol=1e-12)


def test_sums_of_extreme_spread_are_fitted() -> None:
    rows = np.arange(1, 200)
    matrix = np.arange(200) < rows[:, np.newaxis]
    matrix[0, -1] = matrix[-1, 100] = True  # nearly nested
    found = configuration_probabilities(matrix.sum(axis=1), matrix.sum(axis=0))
    np.testing.assert_allclose(found.sum(axis=1), matrix.sum(axis=1), atol=1e-9)


@pytest.mark.parametrize(("rows", "columns"), [([2, 1], [1, 1]), ([3], [1, 1]), ([-1, 1], [0, 0])])
def test_sums_that_no_matrix_has_are_refused(rows: list[int], columns: list[int]) -> None:
    with pytest.raises(ValueError, match="No matrix"):
        configuration_probabilities(rows, columns)


# --- the Poisson-binomial tails ------------------------------------------------------------------


@given(hnp.arrays(float, (3, 5), elements=st.floats(0, 1)), st.data())
def test_tails_equal_enumeration_of_all_outcomes(p: np.ndarray, data: st.DataObject) -> None:
    i, j = np.triu_indices(3, k=1)
    shared = np.array(data.draw(st.lists(st.integers(0, 5), min_size=3, max_size=3)))
    more, fewer = pair_tails(p, np.arange(3), i, j, shared)
    for pair in range(3):
        both = p[i[pair]] * p[j[pair]]
        outcomes = np.array(list(itertools.product((0, 1), repeat=5)))
        chance = np.where(outcomes, both, 1 - both).prod(axis=1)
        total = outcomes.sum(axis=1)
        assert more[pair] == pytest.approx(chance[total >= shared[pair]].sum(), abs=1e-12)
        assert fewer[pair] == pytest.approx(chance[total <= shared[pair]].sum(), abs=1e-12)


def test_tiny_tails_keep_their_precision() -> None:
    p = np.full((2, 200), 0.1)
    one, two = np.array([0]), np.array([1])
    more, _ = pair_tails(p, np.arange(2), one, two, np.array([60]))
    assert more[0] == pytest.approx(binom.sf(59, 200, 0.01), rel=1e-10)
    assert 0 < more[0] < 1e-60


@pytest.mark.parametrize("density", [0.2, 0.5, 0.8])
def test_approximate_tails_are_within_the_stated_error(density: float) -> None:
    rng = np.random.default_rng(3)
    log_odds = np.add.outer(rng.normal(size=12), rng.normal(size=400)) + np.log(
        density / (1 - density)
    )
    p = 1 / (1 + np.exp(-log_odds))
    p[0, :5], p[1, :5], p[:2, 5:9] = 0, 1, 1
    i, j = np.triu_indices(12, k=1)
    both = p[i] * p[j]
    mean, sd = both.sum(axis=1), np.sqrt((both * (1 - both)).sum(axis=1))
    for z in np.linspace(-6, 6, 13):
        shared = np.clip(np.rint(mean + z * sd), 0, 400).astype(int)
        exact = pair_tails(p, np.arange(12), i, j, shared)
        approximate = pair_tails(p, np.arange(12), i, j, shared, exact_updates=0)
        for true, near in zip(exact, approximate, strict=True):
            assert np.abs(true - near).max() < 1e-4
            small = (true < 0.1) & (true > 1e-12)
            np.testing.assert_allclose(near[small], true[small], rtol=5e-3)
            np.testing.assert_allclose(near[sd < SMALLEST_SD], true[sd < SMALLEST_SD], rtol=1e-12)


def test_approximation_knows_impossible_and_certain_counts() -> None:
    p = np.full((1, 300), 0.7)
    p[0, :3], p[0, 3:5] = 1, 0
    i, shared = np.zeros(4, dtype=int), np.array([0, 3, 298, 299])
    more, fewer = pair_tails(p, np.zeros(1, dtype=int), i, i, shared, exact_updates=0)
    assert more[[0, 1, 3]].tolist() == [1, 1, 0]
    assert fewer[[0, 2, 3]] == pytest.approx([0, 1, 1])
    assert 0 < more[2] == pytest.approx(0.49**295, rel=0.1)


# --- matrices with fixed margins -----------------------------------------------------------------


def test_draws_are_uniform_over_all_matrices_with_the_margins() -> None:
    observed = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]])
    support = Counter({matrix.tobytes(): 0 for matrix in same_margins(observed)})
    draws = 20_000
    for batch in draw_matrices(observed.astype(bool), draws, np.random.default_rng(11)):
        drawn = np.ascontiguousarray(np.moveaxis(batch, 2, 0)).astype(np.int64)
        support.update(matrix.tobytes() for matrix in drawn)
    assert len(support) == len(same_margins(observed)) == 24
    assert chisquare(list(support.values())).pvalue > 0.01


@settings(max_examples=30)
@given(matrices, st.integers(0, 2**32))
def test_draws_keep_both_margins(matrix: np.ndarray, seed: int) -> None:
    (batch,) = draw_matrices(matrix.astype(bool), 5, np.random.default_rng(seed))
    assert batch.shape == (*matrix.shape, 5)
    assert (batch.sum(axis=1) == matrix.sum(axis=1)[:, np.newaxis]).all()
    assert (batch.sum(axis=0) == matrix.sum(axis=0)[:, np.newaxis]).all()


def test_twenty_rounds_forget_the_observed_matrix() -> None:
    rng = np.random.default_rng(0)
    observed = rng.random((40, 40)) < 0.15
    observed[:20, :20] |= rng.random((20, 20)) < 0.3

    def block(rounds: int) -> float:
        means = [
            batch[:20, :20].sum(axis=(0, 1)).mean()
            for seed in range(4)
            for batch in draw_matrices(observed, 300, np.random.default_rng(seed), rounds)
        ]
        return float(np.mean(means))

    assert observed[:20, :20].sum() > 1.15 * block(20)
    assert block(20) == pytest.approx(block(60), rel=0.005)
