"""Estimators of many panels at once are the usual ones; what the simulation says is so."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from innercircle.errors import StudyError
from innercircle.inference import fit_model, tables
from innercircle.inference.estimators import Design, estimate
from innercircle.inference.many_logits import (
    Intervals,
    firth_intervals,
    firth_p_values,
    maximum_likelihoods,
    wald_intervals,
)
from innercircle.inference.permutation import permute_within_years
from innercircle.inference.planted import (
    POSITION,
    Plan,
    draw_panels,
    hazards,
    plan_from_model,
    still_at_risk,
)
from innercircle.inference.simulation import (
    RECOMMENDED,
    RECOMMENDED_TEST,
    _with_years,
    power_curve,
    simulate_effects,
    smallest_effects,
    wilson,
)
from innercircle.inference.specs import check_specs
from innercircle.output.simulation_page import BEGIN, END, STORED, quoted_numbers
from tests.conftest import ROOT

PERSONS, YEARS, PANELS = 24, 8, 30
SPEC = {
    "name": "toy",
    "population": "all",
    "outcome": "strict",
    "layer": "attendance",
    "measures": ["degree"],
    "controls": ["standing"],
    "estimators": ["firth"],
}
SETTINGS = yaml.safe_load((ROOT / "config" / "stalin.yaml").read_text(encoding="utf-8"))


def toy_panel(seed: int = 3) -> pd.DataFrame:
    """Person-years in which six persons fall, each in the last year that he has."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(PERSONS):
        first, last = sorted(rng.choice(YEARS + 1, 2, replace=False))
        standing = float(person % 3)
        rows += [
            {
                "person_id": f"p{person:02d}",
                "year": 1930 + t,
                "in_all": True,
                "at_risk_strict": True,
                "strict_next": float(person % 4 == 0 and t == last - 1),
                "standing": standing,
                "attendance__degree__with": standing + rng.exponential(),
            }
            for t in range(first, last)
        ]
    return pd.DataFrame(rows).sample(frac=1, random_state=1)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_from_model(SPEC, toy_panel(), "degree")


@pytest.fixture(scope="module")
def drawn(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    y, weights = draw_panels(plan, hazards(plan, 0.7), PANELS, np.random.default_rng(2))
    return y[y.sum(axis=1) > 1], weights[y.sum(axis=1) > 1]


def one_by_one(
    plan: Plan, y: np.ndarray, weights: np.ndarray, estimator: str
) -> list[tuple[float, ...]]:
    """Estimate, limits and p-value of position in every panel, by statsmodels or firthmodels."""
    found = []
    for outcome, at_risk in zip(y, weights > 0, strict=True):
        x, person = plan.x[at_risk], plan.person[at_risk]
        names = ["intercept", "position", "standing"]
        design = Design(names, outcome[at_risk], x, person, plan.year[at_risk], outcome[at_risk])
        term = estimate(estimator, design).terms[POSITION]
        found.append((term.estimate, term.lo, term.hi, term.p_value))
    return found


def compare(many: Intervals, single: list[tuple[float, ...]], *, limits: float) -> None:
    estimates, lo, hi, _ = np.array(single).T
    np.testing.assert_allclose(many.estimate, estimates, atol=1e-6, rtol=1e-6)
    np.testing.assert_allclose(many.lo, lo, atol=limits, rtol=limits)
    np.testing.assert_allclose(many.hi, hi, atol=limits, rtol=limits)


def test_logits_of_many_panels_are_those_of_statsmodels_and_missing_where_separated(
    plan: Plan, drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    many = wald_intervals(*drawn_with(plan, drawn), POSITION, person=plan.person)
    compare(many, one_by_one(plan, *drawn, "logit"), limits=1e-6)


def test_cloglogs_of_many_panels_are_those_of_statsmodels(
    plan: Plan, drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    x = drawn_with(plan, drawn)
    many = wald_intervals(*x, POSITION, person=plan.person, cloglog=True)
    compare(many, one_by_one(plan, *drawn, "cloglog"), limits=1e-6)


def test_firth_profiles_of_many_panels_are_those_of_firthmodels(
    plan: Plan, drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    single = one_by_one(plan, *drawn, "firth")
    compare(firth_intervals(*drawn_with(plan, drawn), POSITION), single, limits=1e-4)
    p_values = firth_p_values(*drawn_with(plan, drawn), POSITION)
    np.testing.assert_allclose(p_values, np.array(single)[:, 3], atol=1e-6)


def drawn_with(plan: Plan, drawn: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, ...]:
    return drawn[0], plan.x, drawn[1]


def test_an_outcome_that_position_separates_has_no_likelihood_estimate_but_a_firth_estimate() -> (
    None
):
    x = np.column_stack([np.ones(8), np.arange(8.0)])
    y, weights = np.array([[0, 0, 0, 0, 0, 1, 1, 1.0]]), np.ones((1, 8))
    assert np.isnan(maximum_likelihoods(y, x, weights)).all()
    firth = firth_intervals(y, x, weights, 1)
    assert np.isfinite([firth.estimate, firth.lo, firth.hi]).all()
    assert np.isnan(maximum_likelihoods(y * 0, x, weights)).all()


def test_unclustered_errors_are_those_of_the_information_matrix(
    plan: Plan, drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    import statsmodels.api as sm

    y, weights = drawn
    many = wald_intervals(y, plan.x, weights, POSITION)
    panel = int(np.flatnonzero(np.isfinite(many.estimate))[0])
    kept = weights[panel] > 0
    single = sm.Logit(y[panel, kept], plan.x[kept]).fit(disp=0).conf_int()[POSITION]
    assert (many.lo[panel], many.hi[panel]) == pytest.approx(tuple(single), abs=1e-6)


def test_year_intercepts_are_those_of_a_model_with_strata_by_year(plan: Plan) -> None:
    data = toy_panel().sort_values(["person_id", "year"])
    fit = fit_model({**SPEC, "strata": ["year"]}, data)[0]
    term = next(t for t in fit.terms if t.term == "degree")
    # the study itself as a single panel: nobody carried forward
    z = data["attendance__degree__with"]
    by_year = z.groupby(data["year"])
    z = (z - by_year.transform("mean")) / by_year.transform("std", ddof=0)
    x = np.column_stack([np.ones(len(data)), z.fillna(0), data["standing"]])
    itself = Plan(x, plan.person, (data["year"] - 1930).to_numpy(), z.to_numpy(), len(data), 0)
    y = data["strict_next"].to_numpy(float)[None]
    found = firth_intervals(y, *_with_years(itself, y, np.ones_like(y)), 0)
    assert found.estimate[0] == pytest.approx(term.estimate, abs=1e-6)
    assert (found.lo[0], found.hi[0]) == pytest.approx((term.lo, term.hi), abs=1e-4)


def test_firth_p_values_are_below_five_percent_where_limits_leave_zero_out(
    plan: Plan, drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    found = firth_intervals(*drawn_with(plan, drawn), POSITION)
    p_values = firth_p_values(*drawn_with(plan, drawn), POSITION)
    assert ((p_values < 0.05) == ((found.lo > 0) | (found.hi < 0))).all()


@pytest.mark.parametrize("effect", [-1.4, 0.0, 1.4])
def test_as_many_falls_are_drawn_as_were_observed(plan: Plan, effect: float) -> None:
    hazard = hazards(plan, effect)
    assert hazard @ still_at_risk(plan, hazard) == pytest.approx(plan.falls)
    y, weights = draw_panels(plan, hazard, 4000, np.random.default_rng(1))
    falls = y.sum(axis=1)
    assert falls.mean() == pytest.approx(plan.falls, abs=4 * falls.std() / math.sqrt(4000))
    at_risk = still_at_risk(plan, hazard)
    np.testing.assert_allclose(weights.mean(axis=0), at_risk, atol=0.04)


def test_a_fall_ends_its_persons_time_at_risk(plan: Plan) -> None:
    y, weights = draw_panels(plan, hazards(plan, 0.7), 200, np.random.default_rng(1))
    for outcome, at_risk in zip(y, weights, strict=True):
        for person in range(plan.person.max() + 1):
            mine = plan.person == person
            fell = np.flatnonzero(outcome[mine])
            assert len(fell) <= 1
            expected = np.ones(mine.sum())
            if len(fell):
                expected[fell[0] + 1 :] = 0
            assert (at_risk[mine] == expected).all()


def test_who_fell_is_carried_forward_to_the_last_year_as_he_was(plan: Plan) -> None:
    observed = toy_panel()
    fell = observed[observed["strict_next"] == 1]
    assert plan.falls == len(fell)
    last = observed["year"].max()
    assert len(plan.x) == len(observed) + (last - fell["year"]).sum()
    names = sorted(observed["person_id"].unique())
    for row in fell.itertuples():
        mine = plan.person == names.index(row.person_id)
        years = plan.year[mine] + 1930
        assert years.max() == last
        after = plan.x[mine][years >= row.year]
        assert (after == after[0]).all()


def test_planted_hazards_follow_the_planted_effect(plan: Plan) -> None:
    hazard = hazards(plan, math.log(4))
    odds = np.log(hazard / (1 - hazard)) - plan.base - math.log(4) * plan.x[:, POSITION]
    assert np.ptp(odds) == pytest.approx(0, abs=1e-9)


def test_a_model_without_falls_has_nothing_to_simulate() -> None:
    with pytest.raises(ValueError, match="never varies"):
        plan_from_model(SPEC, toy_panel().assign(strict_next=0.0), "degree")


def test_same_seed_gives_the_same_tables_and_the_last_effect_does_not_depend_on_the_first(
    plan: Plan,
) -> None:
    twice = [simulate_effects(plan, [1, 4], 8, 19, np.random.SeedSequence(5)) for _ in range(2)]
    pd.testing.assert_frame_equal(*twice)
    other = simulate_effects(plan, [2, 4], 8, 19, np.random.SeedSequence(5))
    pd.testing.assert_frame_equal(
        twice[0][twice[0]["odds_ratio"] == 4], other[other["odds_ratio"] == 4]
    )


def test_shares_of_the_table_lie_within_their_limits_and_tests_have_no_intervals(
    plan: Plan,
) -> None:
    table = simulate_effects(plan, [4], 12, 19, np.random.SeedSequence(5))
    assert table["rejected"].between(table["rejected_lo"], table["rejected_hi"]).all()
    tests = table["estimator"].str.startswith("permutation")
    assert table.loc[tests, "coverage"].isna().all()
    some = table[~tests]
    assert some["coverage"].between(some["coverage_lo"], some["coverage_hi"]).all()
    assert (table.loc[table["estimator"] == "cloglog", "truth"] < math.log(4)).all()


def test_power_grows_with_the_effect(plan: Plan) -> None:
    curve = power_curve(plan, 30, 2, 60, np.random.SeedSequence(5))
    assert curve["effect"].is_monotonic_increasing
    raising = curve.loc[curve["effect"] >= 0, "power"].to_numpy()
    assert raising[0] < 0.2 < raising[-1]


def test_the_smallest_effect_is_read_off_where_power_crosses_four_fifths() -> None:
    ratios = np.array([0.25, 0.5, 1, 2, 4])
    power = np.array([0.7, 0.3, 0.05, 0.6, 1.0])
    curve = pd.DataFrame({"odds_ratio": ratios, "effect": np.log(ratios), "power": power})
    curve = curve.assign(power_lo=power - 0.1, power_hi=power + 0.2)
    raises, lowers = smallest_effects(curve).to_dict("records")
    assert raises["odds_ratio"] == pytest.approx(2 ** (1 + 0.5))
    assert raises["odds_ratio_near"] < raises["odds_ratio"] < raises["odds_ratio_far"]
    assert math.isnan(lowers["odds_ratio"])
    assert lowers["odds_ratio_near"] == pytest.approx(2 ** -(1 + 0.75))


def test_wilson_limits_are_those_of_newcombe() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3
    assert wilson(81, 263) == pytest.approx((81 / 263, 0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148)[1:] == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20)[1:] == pytest.approx((0, 0.1611), abs=5e-5)
    assert all(math.isnan(value) for value in wilson(0, 0))


@given(st.integers(0, 10_000))
def test_without_controls_the_remainder_of_a_centred_position_is_position(seed: int) -> None:
    rng = np.random.default_rng(seed)
    year = np.repeat([0, 1], 4)
    position = np.tile(rng.normal(size=4), 2)
    position -= position.mean()
    y = np.r_[rng.permutation([1, 0, 0, 0]), rng.permutation([1, 1, 0, 0])]
    data = (y, position, np.empty((8, 0)), year, 10, rng)
    remainder = permute_within_years(*data, remainder=True)
    assert remainder.exact
    # with one distribution of positions in both years, only sums over the fallen matter
    sums = [
        a + b
        for a in position[:4]
        for b in (position[i] + position[j] for i in range(4) for j in range(i))
    ]
    null = sum(position) * (1 / 4 + 2 / 4)
    observed = y @ position - null
    expected = np.mean(np.abs(np.array(sums) - null) >= abs(observed) - 1e-9)
    assert remainder.p_value == pytest.approx(expected)


def test_a_position_that_years_and_controls_explain_is_never_significant() -> None:
    rng = np.random.default_rng(1)
    year, control = np.repeat(np.arange(4), 10), rng.normal(size=40)
    y = (rng.random(40) < 0.3).astype(float)
    test = permute_within_years(
        y, 2 * control + year, control[:, None], year, 99, rng, remainder=True
    )
    assert (test.z, test.p_value) == (0, 1)


def test_permuting_the_remainder_holds_its_size_where_position_goes_with_a_control() -> None:
    rng = np.random.default_rng(8)
    rejected, simulations = 0, 400
    for _ in range(simulations):
        year, control = np.repeat(np.arange(6), 15), rng.normal(size=90)
        position = control + 0.7 * rng.normal(size=90)
        chance = 1 / (1 + np.exp(np.where(year > 3, 1.5, 4.0) - 1.2 * control))
        y = (rng.random(90) < chance).astype(float)
        if y.sum() > 1:
            data = (y, position, control[:, None], year, 99, rng)
            rejected += permute_within_years(*data, remainder=True).p_value <= 0.05
    # 20 expected, three standard errors
    assert rejected <= 33


def test_a_simulation_of_a_model_that_does_not_exist_is_refused() -> None:
    spoiled = {**SETTINGS, "simulation": {**SETTINGS["simulation"], "models": ["inner_circle"]}}
    with pytest.raises(StudyError, match=r"simulation\.models.*did you mean"):
        check_specs(spoiled, ROOT / "config" / "stalin.yaml")


@pytest.fixture(scope="module")
def full() -> pd.DataFrame:
    return pd.read_csv(ROOT / "docs" / STORED["simulation"])


def test_the_page_on_inference_quotes_the_stored_simulation() -> None:
    text = (ROOT / "docs" / "inference.md").read_text(encoding="utf-8")
    quoted = text.split(BEGIN)[1].split(END)[0].strip()
    assert quoted == quoted_numbers(ROOT / "docs").strip()


def test_the_stored_simulation_is_the_one_that_the_configuration_asks_for(
    full: pd.DataFrame,
) -> None:
    choices = SETTINGS["simulation"]
    assert list(dict.fromkeys(full["model"])) == choices["models"]
    assert list(dict.fromkeys(full["odds_ratio"])) == choices["odds_ratios"]
    assert set(full["draws"]) == {choices["full_draws"]}
    assert choices["full_draws"] >= 1000


def test_intervals_of_the_recommended_estimator_cover_as_they_should(full: pd.DataFrame) -> None:
    right = full[full["estimator"] == RECOMMENDED]
    assert len(right) == 10
    assert right["coverage"].between(0.93, 0.985).all()
    assert (right["no_estimate"] < 0.005).all()


def test_the_recommended_test_rejects_true_nulls_at_its_level(full: pd.DataFrame) -> None:
    null = full[(full["odds_ratio"] == 1) & (full["estimator"] == RECOMMENDED_TEST)]
    assert len(null) == 2
    assert (null["rejected"] <= 0.06).all()


def test_models_that_differ_in_strata_or_estimators_alone_are_permuted_once() -> None:
    strata = {**SPEC, "name": "years", "strata": ["year"], "estimators": ["firth"]}
    other = {**SPEC, "name": "other", "controls": []}
    assert tables.tested_models([SPEC, strata, other]) == [SPEC, other]


def test_models_without_a_binary_estimator_have_empty_tables_of_tests_and_predictions() -> None:
    models = tables.tested_models([{**SPEC, "estimators": ["cox"]}])
    tested = tables.permutation_table(models, toy_panel(), 19, 1)
    assert tested.empty
    assert {"model", "p_value", "holm"} <= set(tested)
    assert tables.prediction_table(models, toy_panel()).empty
