"""The curve's scores agree with R, and its joint test is a test of the whole curve."""

from __future__ import annotations

import json
import math
import time
from itertools import product

import numpy as np
import pandas as pd
import pytest

from innercircle.inference.permutation import permute_within_years
from innercircle.inference.rows import estimation_rows, within_year_z
from innercircle.inference.score import cox_null_model, null_model, score_statistics
from innercircle.inference.specification_curve import (
    SpecificationCurve,
    _orders,
    specification_curve,
)
from innercircle.inference.tables import curve_by_choice
from tests.conftest import REFERENCE

R = json.loads((REFERENCE / "estimators.json").read_text())
DATA = pd.read_csv(REFERENCE / "person_years.csv")
POSITION = "attendance__degree__with"
ONE = {
    "population": "all",
    "outcome": "strict",
    "layer": "attendance",
    "measure": "degree",
    "controls": ["standing"],
    "estimator": "logit",
}


def made_panel(seed: int, effect: float = 0.0, persons: int = 24, years: int = 8) -> pd.DataFrame:
    """Simulate persons with two measures that resemble each other; the first third are a circle."""
    rng = np.random.default_rng(seed)
    person, year = (a.ravel() for a in np.meshgrid(np.arange(persons), np.arange(years)))
    degree = rng.exponential(size=len(year))
    chance = 1 / (1 + np.exp(2.2 - effect * degree - 1.0 * (year == 5)))
    strict = (rng.random(len(year)) < chance).astype(float)
    return pd.DataFrame(
        {
            "person_id": person,
            "year": year,
            "in_all": True,
            "in_circle": person < persons // 3,
            "at_risk_strict": True,
            "strict_next": strict,
            "at_risk_broad": True,
            "broad_next": np.maximum(strict, rng.random(len(year)) < 0.05),
            "standing": rng.integers(0, 3, len(year)).astype(float),
            POSITION: degree,
            "attendance__harmonic__with": degree + rng.normal(size=len(year)) / 2,
        }
    )


def many(estimators: tuple[str, ...] = ("logit",)) -> list[dict]:
    return [
        {**ONE, "population": p, "outcome": o, "measure": m, "controls": c, "estimator": e}
        for p, o, m, c, e in product(
            ("all", "circle"),
            ("strict", "broad"),
            ("degree", "harmonic"),
            ([], ["standing"]),
            estimators,
        )
    ]


def run(specs: list[dict], panel: pd.DataFrame, draws: int, seed: int = 1) -> SpecificationCurve:
    return specification_curve(specs, panel, draws, np.random.default_rng(seed))


@pytest.mark.parametrize("link", ["logit", "cloglog", "cox"])
def test_scores_agree_with_r(link: str) -> None:
    y, year = DATA["y"].to_numpy(float), DATA["year"].to_numpy()
    controls, position = DATA[["standing"]].to_numpy(float), DATA["position"].to_numpy()
    null = (
        cox_null_model(y, controls, year) if link == "cox" else null_model(y, controls, link=link)
    )
    products, squares = position[None] @ null.columns, position[None] ** 2 @ null.weight
    z, one_step = score_statistics(products, squares)
    assert z[0] ** 2 == pytest.approx(R["rao"][link], rel=1e-6)
    # one step from zero comes near the estimate
    assert one_step[0] == pytest.approx(R[link]["coef"][-2], rel=0.15)


def test_the_curve_reports_the_score_of_every_specification() -> None:
    panel = DATA.rename(columns={"position": POSITION, "y": "strict_next"})
    panel = panel.assign(in_all=True, at_risk_strict=True)
    curve = run([{**ONE, "estimator": e} for e in ("cox", "logit", "cloglog", "firth")], panel, 9)
    rows = estimation_rows({**ONE, "name": "one"}, panel, "degree")
    position = rows["position"].to_numpy()[None]
    null = null_model(rows["y"].to_numpy(), rows[["standing"]].to_numpy(float))
    z, one_step = score_statistics(position @ null.columns, position**2 @ null.weight)
    logit = curve.curve.set_index("estimator").loc["logit"]
    assert logit["z"] == pytest.approx(z[0])
    assert logit["estimate"] == pytest.approx(one_step[0])
    assert logit["lo"] < logit["estimate"] < logit["hi"]
    assert (logit["lo"] > 0) == (logit["p_value"] < 0.05)
    assert (logit["n"], logit["events"]) == (len(DATA), DATA["y"].sum())
    assert curve.curve["estimate"].is_monotonic_increasing
    assert curve.curve["rank"].tolist() == [1, 2, 3, 4]
    assert curve.curve["estimate"].max() < 1.2 * curve.curve["estimate"].min()


def test_strata_give_years_with_falls_an_intercept_and_leave_out_the_others() -> None:
    panel = made_panel(11, effect=0.4, persons=9)
    specs = [
        {**ONE, "strata": strata, "estimator": e}
        for strata in ([], ["year"])
        for e in ("logit", "cox")
    ]
    curve = run(specs, panel, 9).curve.set_index(["strata", "estimator"])
    rows = estimation_rows({**ONE, "name": "one"}, panel, "degree")
    rows = rows[rows.groupby("year")["y"].transform("sum") > 0]
    assert 0 < len(rows) < len(panel)
    years = pd.get_dummies(rows["year"], dtype=float).to_numpy()[:, 1:]
    null = null_model(rows["y"].to_numpy(), np.column_stack([rows["standing"], years]))
    position = rows["position"].to_numpy()[None]
    z, one_step = score_statistics(position @ null.columns, position**2 @ null.weight)
    by_year = curve.loc[("year", "logit")]
    assert by_year["z"] == pytest.approx(z[0])
    assert by_year["estimate"] == pytest.approx(one_step[0])
    assert by_year["n"] == len(rows)
    assert curve.loc[("", "logit"), "n"] == len(panel)
    # Cox compares within years, with strata or without.
    assert curve.loc[("year", "cox"), "z"] == curve.loc[("", "cox"), "z"]


def test_one_specification_is_the_within_year_permutation_test() -> None:
    panel = made_panel(4, effect=0.35)
    joint = run([ONE], panel, 4000).joint.set_index("statistic")
    rows = estimation_rows({**ONE, "name": "one"}, panel, "degree")
    columns = (rows["y"], rows["position"], rows[["standing"]], rows["year"])
    test = permute_within_years(*columns, 4000, np.random.default_rng(2))
    assert 0.01 < test.p_value < 0.6
    error = math.sqrt(2 * test.p_value * (1 - test.p_value) / 4000)
    assert abs(joint.loc["stouffer", "p_value"] - test.p_value) < 3.5 * error
    assert joint.loc["stouffer", "observed"] == pytest.approx(test.z)


def test_permuting_the_panel_by_hand_gives_the_curve_of_that_draw() -> None:
    panel = made_panel(3, effect=0.3)
    panel = panel.sort_values("year", kind="stable", ignore_index=True)
    specs, measures = many(("logit", "cox")), [c for c in panel if "__" in c]
    members = [panel.index.to_numpy()]
    order = _orders(panel["year"].to_numpy(), members, 1, np.random.default_rng(1))[1]
    assert (panel["year"].to_numpy()[order] == panel["year"]).all()
    moved = panel.copy()
    moved[measures] = panel.loc[order, measures].to_numpy()
    by_hand = run(specs, moved, 1).joint
    drawn = run(specs, panel, 1).joint  # the same seed, so this order
    np.testing.assert_allclose(drawn["expected"], by_hand["observed"], atol=1e-9)


def test_joint_statistics_are_what_they_are_called() -> None:
    found = run(many(), made_panel(3, effect=0.6), 99)
    curve, joint = found.curve, found.joint.set_index("statistic")["observed"]
    assert joint["median"] == pytest.approx(curve["estimate"].median())
    assert joint["share_significant"] == pytest.approx((curve["lo"] > 0).mean())
    assert joint["stouffer"] == pytest.approx(curve["z"].sum() / math.sqrt(len(curve)))


def test_five_percent_of_true_null_curves_are_rejected_at_five_percent() -> None:
    simulations, rejected = 120, np.zeros(3)
    specs = [s for s in many() if not s["controls"]]
    for seed in range(simulations):
        joint = run(specs, made_panel(seed), 99, seed).joint
        rejected += joint["p_value"] <= 0.05
    # three standard errors above 6; the share is often zero and then never rejects
    assert (rejected <= 13).all()
    assert rejected[0] >= 1
    assert rejected[2] >= 1


def test_a_real_effect_is_found_by_all_three_statistics() -> None:
    joint = run(many(("logit", "cox")), made_panel(1, effect=0.9), 199).joint
    assert (joint["p_value"] <= 0.01).all()
    assert (joint["observed"] > joint["expected"]).all()


def test_controls_are_those_of_the_specifications_own_layer_and_population() -> None:
    panel = made_panel(2, effect=0.5)
    rng = np.random.default_rng(3)
    panel["in_others"] = True
    panel["tenure_all"], panel["tenure_others"] = rng.normal(size=(2, len(panel)))
    specs = [{**ONE, "population": p, "controls": ["tenure"]} for p in ("all", "others")]
    both = run(specs, panel, 9).curve.set_index("population")["estimate"]
    for spec in specs:
        alone = run([spec], panel, 9).curve.loc[0, "estimate"]
        assert both[spec["population"]] == pytest.approx(alone)


def test_a_reversed_measure_points_the_other_way() -> None:
    panel = made_panel(2, effect=0.5)
    plain = run([ONE], panel, 9).curve.loc[0, "estimate"]
    assert run([{**ONE, "reversed": True}], panel, 9).curve.loc[0, "estimate"] == pytest.approx(
        -plain
    )


def test_missing_positions_are_the_mean_and_years_without_networks_are_left_out() -> None:
    panel = made_panel(2, effect=0.5)
    panel.loc[panel["year"] == 0, POSITION] = np.nan
    panel.loc[panel["person_id"] == 3, POSITION] = np.nan
    found = run([ONE], panel, 50).curve.loc[0]
    assert found["n"] == 24 * 7
    filled = panel[panel["year"] > 0].assign(standing=panel["standing"])
    z = within_year_z(filled[POSITION], filled["year"])
    null = null_model(filled["strict_next"].to_numpy(), filled[["standing"]].to_numpy())
    position = z.fillna(0.0).to_numpy()[None]
    expected, _ = score_statistics(position @ null.columns, position**2 @ null.weight)
    assert found["z"] == pytest.approx(expected[0])


def test_specifications_that_cannot_be_fitted_are_listed_with_the_reason() -> None:
    panel = made_panel(2).assign(never_next=0.0, at_risk_never=True, attendance__flat__with=2.0)
    specs = [
        {**ONE, "outcome": "never"},
        {**ONE, "outcome": "never", "estimator": "cox"},
        {**ONE, "measure": "flat"},
        {**ONE, "years": {"first": 1950, "last": 1951}},
        ONE,
    ]
    found = run(specs, panel, 9)
    assert found.specifications == 1
    curve = found.curve.set_index("specification")
    assert curve.index[0] == 4
    for place, reason in enumerate(
        ("never varies", "no outcome among", "alike for all", "no person-year is left")
    ):
        assert reason in curve.loc[place, "note"]
        assert math.isnan(curve.loc[place, "estimate"])
    with pytest.raises(ValueError, match=r"no specification can be fitted.*varies"):
        run(specs[:1], panel, 9)


@pytest.mark.parametrize(
    ("specs", "draws", "message"),
    [
        ([], 9, "no specification is given"),
        ([ONE], 0, "at least one draw"),
        ([{**ONE, "estimator": "clogog"}], 9, "'clogog'.*did you mean 'cloglog'"),
        ([{**ONE, "measure": "degre"}], 9, "'degre'.*did you mean 'degree'"),
    ],
)
def test_specifications_that_make_no_sense_are_refused(
    specs: list[dict], draws: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        run(specs, made_panel(1), draws)


def test_the_result_depends_on_the_seed_and_not_on_the_order_of_rows() -> None:
    panel = made_panel(2, effect=0.3).sort_values(["year", "person_id"])
    first, again = (run(many(), panel, 50) for _ in range(2))
    assert first.curve.equals(again.curve)
    assert first.joint.equals(again.joint)
    shuffled = run(many(), panel.sample(frac=1, random_state=1), 50)
    assert shuffled.curve.equals(first.curve)
    assert shuffled.joint.equals(first.joint)


def test_five_hundred_specifications_and_draws_take_far_less_than_a_minute() -> None:
    specs = many(("logit", "cloglog")) * 16
    panel = made_panel(1, persons=40, years=14)
    start = time.perf_counter()
    found = run(specs, panel, 500)
    assert found.specifications == 512
    assert time.perf_counter() - start < 30


def test_a_curve_by_choice_counts_each_specification_once_in_every_choice() -> None:
    curve = run(many(), made_panel(3, effect=0.6), 9).curve
    curve.loc[0, "estimate"] = np.nan  # as if it could not be fitted
    table = curve_by_choice(curve).set_index(["choice", "value"])
    assert table.loc[("all", "all"), "specifications"] == len(curve) - 1
    totals = table.groupby("choice")["specifications"].sum()
    assert totals.eq(len(curve) - 1).all()
    assert set(totals.index) == {"all", "population", "outcome", "measure", "controls"}
    circle = curve[(curve["population"] == "circle") & curve["estimate"].notna()]
    row = table.loc[("population", "circle")]
    assert row["median"] == circle["estimate"].median()
    assert row["positive"] == (circle["estimate"] > 0).mean()
    assert row["significant"] == (circle["p_value"] <= 0.05).mean()
    assert ("controls", "none") in table.index
