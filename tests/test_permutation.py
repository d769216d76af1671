"""Within-year permutation is exact where it can be, and agrees with refitting where it is drawn."""

from __future__ import annotations

import json
import math
from itertools import permutations, product

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from innercircle.inference.permutation import arrangements, permute_within_years
from innercircle.inference.score import null_model, score_statistics
from tests.conftest import REFERENCE

R = json.loads((REFERENCE / "permutation.json").read_text())


def person_years(seed: int, years: int, persons: int, effect: float) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    year = np.repeat(np.arange(years), persons)
    position, control = rng.normal(size=(2, years * persons))
    chance = 1 / (1 + np.exp(1.5 - effect * position - 0.5 * control))
    return (rng.random(len(year)) < chance).astype(float), position, control[:, None], year


def two_levels(years: list[int]) -> tuple[np.ndarray, ...]:
    """Person-years of R's tables: outcome, high or low position, no controls, year."""
    y, position, year = [], [], []
    for t in years:
        half = R["half"][t]
        for level, purged in ((1, R["purged_high"][t]), (0, R["purged_low"][t])):
            y += [1] * purged + [0] * (half - purged)
            position += [level] * half
            year += [t] * half
    return np.array(y), np.array(position), np.empty((len(y), 0)), np.array(year)


@pytest.mark.parametrize("year", [0, 1, 2])
def test_one_year_of_two_levels_is_fishers_exact_test(year: int) -> None:
    test = permute_within_years(*two_levels([year]), 10, np.random.default_rng(1))
    assert test.exact
    assert test.p_value == pytest.approx(R["fisher"][year], abs=1e-10)


def test_several_years_of_two_levels_are_the_exact_mantel_haenszel_test() -> None:
    data = two_levels([0, 1, 2])
    test = permute_within_years(*data, 10, np.random.default_rng(1), exact_limit=10**7)
    assert test.exact
    assert test.draws == math.comb(12, 6) * math.comb(8, 3) * math.comb(10, 3)
    assert test.p_value == pytest.approx(R["mantel_haenszel"], abs=1e-10)


def test_enumeration_equals_all_permutations_of_positions_with_controls_in_place() -> None:
    y = np.array([1, 0, 0, 1, 0, 1, 0, 0])
    position = np.array([0.3, -1.0, 2.0, 0.1, 0.5, 0.5, 1.5, -2.0])
    control = np.array([[0], [0], [1], [1], [0], [2], [0], [0]])
    year = np.array([1, 1, 1, 1, 2, 2, 2, 2])
    found = permute_within_years(y, position, control, year, 1, np.random.default_rng(1))
    null = null_model(y, control.astype(float))
    orders = [
        np.r_[position[list(a)], position[list(b)]]
        for a, b in product(permutations(range(4)), permutations(range(4, 8)))
    ]
    every = np.array(orders)
    z, _ = score_statistics(every @ null.columns, every**2 @ null.weight)
    assert found.exact
    assert found.draws == 24 * 4  # in the second year three persons are alike
    assert found.p_value == pytest.approx((np.abs(z) >= abs(z[0]) - 1e-9).mean())
    assert found.z == pytest.approx(z[0])


def test_the_statistic_is_the_score_of_a_logit() -> None:
    y, position, control, year = person_years(3, 6, 20, 0.5)
    z = permute_within_years(y, position, control, year, 1, np.random.default_rng(1)).z
    x = sm.add_constant(np.column_stack([control, position]))
    at_null = [*sm.Logit(y, x[:, :2]).fit(disp=0).params, 0]
    model = sm.Logit(y, x)
    score = model.score(at_null)
    expected = score @ np.linalg.solve(-model.hessian(at_null), score)
    assert z**2 == pytest.approx(expected, rel=1e-6)
    assert np.sign(z) == np.sign(sm.Logit(y, x).fit(disp=0).params[2])


def test_drawn_p_value_agrees_with_a_plain_loop_of_likelihood_ratios() -> None:
    y, position, control, year = person_years(5, 6, 20, 0.45)
    test = permute_within_years(y, position, control, year, 20_000, np.random.default_rng(1))
    rng = np.random.default_rng(2)
    loops = 500

    def likelihood(permuted: np.ndarray) -> float:
        x = sm.add_constant(np.column_stack([control, permuted]))
        return sm.Logit(y, x).fit(disp=0).llf

    observed, exceed = likelihood(position), 0
    for _ in range(loops):
        permuted = position.copy()
        for t in np.unique(year):
            permuted[year == t] = rng.permutation(position[year == t])
        exceed += likelihood(permuted) >= observed
    plain = (1 + exceed) / (1 + loops)
    assert not test.exact
    assert 0.01 < test.p_value < 0.5
    error = math.sqrt(test.p_value * (1 - test.p_value) / loops)
    assert abs(test.p_value - plain) < 3 * error


def test_drawing_and_enumerating_agree() -> None:
    data = two_levels([0, 1])
    exact = permute_within_years(*data, 1, np.random.default_rng(1))
    drawn = permute_within_years(*data, 20_000, np.random.default_rng(1), exact_limit=0)
    assert (exact.exact, drawn.exact) == (True, False)
    assert drawn.p_value == pytest.approx(exact.p_value, abs=0.01)


def test_five_percent_of_true_nulls_are_rejected_at_five_percent() -> None:
    # rare outcomes, and positions that differ between years in which purges are common or rare
    rejected, simulations = 0, 600
    rng = np.random.default_rng(11)
    for _ in range(simulations):
        year = np.repeat(np.arange(8), 12)
        position = rng.exponential(size=96)
        for t in range(8):
            position[year == t] -= position[year == t].mean()
        control = rng.normal(size=(96, 1))
        y = rng.random(96) < np.where(year > 5, 0.3, 0.03)
        y[0] = True
        test = permute_within_years(y, position, control, year, 199, rng)
        rejected += test.p_value <= 0.05
    # three standard errors around 30
    assert 14 <= rejected <= 46


def test_same_seed_gives_the_same_p_value() -> None:
    data = person_years(5, 4, 15, 0.3)
    tests = [permute_within_years(*data, 500, np.random.default_rng(7)) for _ in range(2)]
    assert tests[0] == tests[1]


def test_the_smallest_p_value_counts_the_observed_assignment() -> None:
    year = np.repeat(np.arange(10), 10)
    position = np.tile(np.arange(10.0), 10)
    y = (position == 9).astype(float)
    test = permute_within_years(y, position, np.empty((100, 0)), year, 99, np.random.default_rng(1))
    assert test.p_value == 1 / 100


def test_positions_alike_within_years_say_nothing() -> None:
    year = np.array([1, 1, 1, 2, 2, 2])
    test = permute_within_years(
        [1, 0, 0, 1, 1, 0], year * 2.0, np.arange(6), year, 99, np.random.default_rng(1)
    )
    assert (test.exact, test.draws, test.p_value) == (True, 1, 1.0)


def test_controls_that_separate_fall_back_to_firth() -> None:
    y, position, _, year = person_years(5, 4, 15, 0.3)
    test = permute_within_years(y, position, y, year, 99, np.random.default_rng(1))
    assert test.fitted_by == "Firth"
    assert 0 < test.p_value <= 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": np.zeros(60)}, "never varies"),
        ({"y": np.full(60, 0.5)}, "0 or 1"),
        ({"position": np.full(60, np.nan)}, "no position may be missing"),
        ({"controls": np.full((60, 1), np.nan)}, "no control may be missing"),
        ({"controls": np.ones((60, 1))}, "constant"),
        ({"draws": 0}, "at least one draw"),
    ],
)
def test_input_that_cannot_be_tested_is_refused(change: dict, message: str) -> None:
    y, position, controls, year = person_years(5, 4, 15, 0.3)
    given = {"y": y, "position": position, "controls": controls, "year": year, "draws": 9}
    with pytest.raises(ValueError, match=message):
        permute_within_years(**{**given, **change}, rng=np.random.default_rng(1))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=4).filter(sum))
def test_arrangements_are_all_distinct_orders(counts: list[int]) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)[:7]
    expected = set(permutations(labels.tolist()))
    found = arrangements(np.bincount(labels))
    assert {tuple(order) for order in found.tolist()} == expected
    assert len(found) == len(expected)
