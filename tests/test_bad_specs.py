"""What a model cannot be is refused by name; what its data cannot answer is said in its result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from innercircle.cli import app
from innercircle.inference import fit_model
from innercircle.inference.rows import covariate_columns, estimation_rows, within_year_z
from innercircle.inference.specification_curve import specification_curve
from innercircle.inference.tables import permutation_table, prediction_table
from tests.conftest import REFERENCE

if TYPE_CHECKING:
    from innercircle.inference.regression import Fit
    from tests.conftest import StudyFolder

ALL = ["logit", "cloglog", "firth", "cox", "cause_specific"]
SPEC = {
    "name": "toy",
    "population": "all",
    "outcome": "strict",
    "layer": "attendance",
    "measures": ["degree"],
    "controls": ["standing"],
    "estimators": ALL,
}


@pytest.fixture
def panel() -> pd.DataFrame:
    data = pd.read_csv(REFERENCE / "person_years.csv")
    return pd.DataFrame(
        {
            "person_id": data["person_id"],
            "year": data["year"],
            "in_all": True,
            "risk_strict_in_all": "at risk",
            "at_risk_strict": True,
            "strict_next": data["y"].astype(float),
            "strict_competing_next": data["competing"].astype(float),
            "end_next": data["competing"].map({1: "died", 0: ""}),
            "standing": data["standing"].astype(float),
            "attendance__degree__with": data["position"],
        }
    )


def notes(spec: dict, panel: pd.DataFrame) -> dict[str, str]:
    return {fit.estimator: fit.note for fit in fit_model(spec, panel)}


NAMES = {
    "population": (
        "    population: named_elite\n    outcome: strict",
        "    population: named_elit\n    outcome: strict",
        ["models.2.population", "named_elit", "named_elite_strict", "did you mean 'named_elite'"],
    ),
    "outcome": (
        "    outcome: broad",
        "    outcome: braod",
        ["models.1.outcome", "braod", "model inner_circle_broad", "did you mean 'broad'"],
    ),
    "layer": (
        "    outcome: broad\n    layer: attendance",
        "    outcome: broad\n    layer: attendence",
        ["models.1.layer", "attendence", "inner_circle_broad", "did you mean 'attendance'"],
    ),
    "measure": (
        "measures: [degree, strength,",
        "measures: [degre, strength,",
        ["models.0.measures", "degre", "model inner_circle_strict", "did you mean 'degree'"],
    ),
    "control": (
        "controls: [standing, tenure,",
        "controls: [standing, tenur,",
        ["controls", "tenur", "model inner_circle_strict_all", "did you mean 'tenure'"],
    ),
    "estimator": (
        "estimators: [cause_specific]",
        "estimators: [cause_specfic]",
        ["cause_specfic", "model named_elite_strict_competing", "did you mean 'cause_specific'"],
    ),
    "stratum": (
        "strata: [year]",
        "strata: [yaer]",
        ["strata", "yaer", "model inner_circle_strict_cox", "did you mean 'year'"],
    ),
    "status": (
        "    suicide: purge\n",
        "    suicide: purge\n    status: [aserted]\n",
        ["status", "aserted", "did you mean 'asserted'"],
    ),
    "outcome of the curve": (
        "outcome: [strict, broad, formal]",
        "outcome: [strict, broad, forml]",
        ["specification_curve.outcome", "forml", "did you mean 'formal'"],
    ),
    "measure of the curve": (
        "measure: [degree,",
        "measure: [degre,",
        ["specification_curve.measure", "layer attendance", "did you mean 'degree'"],
    ),
    "population of the dyads": (
        "mrqap: {population: inner_circle",
        "mrqap: {population: inner_cirle",
        ["mrqap.population", "inner_cirle", "did you mean 'inner_circle'"],
    ),
}


@pytest.mark.parametrize("case", NAMES)
def test_an_unknown_name_is_refused_with_its_specification_and_the_nearest(
    study: StudyFolder, case: str
) -> None:
    old, new, words = NAMES[case]
    study.replace_in_config(old, new)
    result = CliRunner().invoke(
        app, ["check", "stalin", "--root", str(study.root), "--config-only"]
    )
    assert result.exit_code == 1
    assert [word for word in words if word not in result.output] == [], result.output


def test_suicide_cannot_be_a_purge_and_a_competing_end(study: StudyFolder) -> None:
    study.replace_in_config("suicide: competing_end", "suicide: purge")
    study.replace_in_config("[died, killed, defected]", "[died, killed, suicide, defected]")
    result = CliRunner().invoke(
        app, ["check", "stalin", "--root", str(study.root), "--config-only"]
    )
    assert result.exit_code == 1
    assert "the key suicide says purge" in result.output


def test_ties_to_the_purged_need_an_outcome_of_fates(study: StudyFolder) -> None:
    study.replace_in_config(
        "    outcome: formal\n    layer: attendance\n    leader_included: false\n",
        "    outcome: formal\n    layer: attendance\n    leader_included: false\n"
        "    strata: [ties_to_purged]\n",
    )
    result = CliRunner().invoke(
        app, ["check", "stalin", "--root", str(study.root), "--config-only"]
    )
    assert result.exit_code == 1
    assert "model inner_circle_formal: outcome formal has no fates" in result.output


def test_years_that_leave_no_rows_are_said_by_every_estimator(panel: pd.DataFrame) -> None:
    found = notes({**SPEC, "years": {"first": 1950, "last": 1960}}, panel)
    assert set(found.values()) == {"not fitted: no person-year is left by the specification"}


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_an_outcome_that_never_or_always_happens_is_said_by_every_estimator(
    panel: pd.DataFrame, value: float
) -> None:
    found = notes(SPEC, panel.assign(strict_next=value))
    assert set(found.values()) == {"not fitted: the outcome never varies"}


def test_a_constant_measure_is_said_by_every_estimator(panel: pd.DataFrame) -> None:
    found = notes(SPEC, panel.assign(attendance__degree__with=1.0))
    expected = "not fitted: a covariate is constant or a combination of others"
    assert set(found.values()) == {expected}


def test_fewer_than_five_events_are_fitted_and_said(panel: pd.DataFrame) -> None:
    happened = panel.index[panel["strict_next"] == 1]
    panel.loc[happened[4:], "strict_next"] = 0.0
    for fit in fit_model({**SPEC, "estimators": ["firth", "cox"]}, panel):
        assert "only 4 events: estimates are hardly reliable" in fit.note
        assert np.isfinite(fit.terms[-1].estimate)


def test_perfect_separation_has_no_likelihood_estimate_but_one_of_firth(
    panel: pd.DataFrame,
) -> None:
    z = within_year_z(panel["attendance__degree__with"], panel["year"])
    separated = panel.assign(strict_next=(z > 1).astype(float))
    separated["strict_competing_next"] = 0.0
    fits: dict[str, Fit] = {fit.estimator: fit for fit in fit_model(SPEC, separated)}
    assert "separation" in fits["logit"].note
    assert "separation" in fits["cloglog"].note
    assert "monotone likelihood" in fits["cox"].note
    assert "monotone likelihood" in fits["cause_specific"].note
    assert np.isnan(fits["logit"].terms[1].estimate)
    assert np.isfinite(fits["firth"].terms[1].estimate)


def test_no_competing_end_leaves_the_outcome_of_a_cause_specific_model(panel: pd.DataFrame) -> None:
    spec = {**SPEC, "estimators": ["cox", "cause_specific"], "competing_ends": []}
    cox, cause = fit_model(spec, panel)
    assert "0 competing ends: not fitted: no outcome" in cause.note
    assert cause.terms[0] == cox.terms[0]


def test_a_panel_without_a_control_names_the_model(panel: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="model toy: the panel has no age for control age"):
        fit_model({**SPEC, "controls": ["age"]}, panel)


def test_a_status_that_was_not_measured_names_the_model(panel: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"model toy: the panel has no column .*disputed"):
        fit_model({**SPEC, "status": ["asserted", "disputed"]}, panel)


def test_a_category_is_a_column_for_each_value_but_the_first_and_missing_ones_drop(
    panel: pd.DataFrame,
) -> None:
    generation = pd.Categorical.from_codes(
        np.arange(len(panel)) % 4 - 1, ["old", "middle", "young"], ordered=True
    )
    spec = {**SPEC, "controls": ["standing", "party_generation"]}
    rows = estimation_rows(spec, panel.assign(party_generation=generation), "degree")
    expected = ["standing", "party_generation: middle", "party_generation: young"]
    assert covariate_columns(rows) == expected
    assert len(rows) == (generation.codes >= 0).sum()


def test_strata_of_a_logit_are_intercepts_and_those_without_variation_are_left_out(
    panel: pd.DataFrame,
) -> None:
    import statsmodels.api as sm

    panel.loc[panel["year"] == 1930, "strict_next"] = 0.0
    spec = {**SPEC, "strata": ["year"], "estimators": ["logit"]}
    (fit,) = fit_model(spec, panel)
    rows = estimation_rows({**SPEC, "name": "toy"}, panel, "degree")
    share = rows.groupby("year")["y"].transform("mean")
    rows = rows[(share > 0) & (share < 1)]
    dummies = pd.get_dummies(rows["year"], dtype=float)
    x = pd.concat([rows[["position", "standing"]], dummies], axis=1)
    model = sm.Logit(rows["y"], x).fit(disp=0)
    found = [term.estimate for term in fit.terms[1:3]]
    np.testing.assert_allclose(found, model.params[:2], atol=1e-6)
    assert "person-years in strata where the outcome never varies left out" in fit.note
    assert fit.n == len(rows)


def test_strata_by_year_change_nothing_in_a_cox_regression(panel: pd.DataFrame) -> None:
    spec = {**SPEC, "estimators": ["cox"]}
    (plain,), (stratified,) = (fit_model(s, panel) for s in (spec, {**spec, "strata": ["year"]}))
    assert plain.terms == stratified.terms


def test_a_single_year_can_be_permuted_and_not_predicted(panel: pd.DataFrame) -> None:
    year = int(panel.loc[panel["strict_next"] == 1, "year"].mode()[0])
    spec = {**SPEC, "years": {"first": year, "last": year}}
    assert permutation_table([spec], panel, 99, 1)["p_value"].notna().all()
    assert "one year cannot be predicted" in prediction_table([spec], panel)["note"][0]


def test_a_specification_of_the_curve_without_rows_is_kept_with_its_reason(
    panel: pd.DataFrame,
) -> None:
    one = {**SPEC, "measure": "degree", "estimator": "firth"}
    empty = {**one, "years": {"first": 1950, "last": 1960}}
    curve = specification_curve([one, empty], panel, 19, np.random.default_rng(1)).curve
    assert curve["note"].tolist() == ["", "no person-year is left by the specification"]


def test_strata_of_a_cox_regression_agree_with_r(panel: pd.DataFrame) -> None:
    expected = json.loads((REFERENCE / "strata.json").read_text())
    spec = {**SPEC, "controls": [], "strata": ["standing"], "estimators": ["cox"]}
    (fit,) = fit_model(spec, panel)
    assert fit.terms[0].estimate == pytest.approx(expected["coef"], rel=1e-6)
    assert fit.terms[0].std_error == pytest.approx(expected["se"], rel=1e-6)
