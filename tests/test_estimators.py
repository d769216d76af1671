"""Estimators agree with R and with published regressions, and say when they have no estimate."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from innercircle.inference.cox import cox_regression
from innercircle.inference.estimators import ESTIMATORS, Design, Estimates, estimate
from innercircle.inference.regression import Fit, fit_model, model_table
from tests.conftest import REFERENCE

R = json.loads((REFERENCE / "estimators.json").read_text())


def design_of(data: pd.DataFrame, covariates: list[str]) -> Design:
    return Design(
        names=["intercept", *covariates],
        y=data["y"].to_numpy(float),
        x=np.column_stack([np.ones(len(data)), data[covariates].to_numpy(float)]),
        person=pd.factorize(data["person_id"])[0],
        year=data["year"].to_numpy(),
        competing=data["competing"].to_numpy(float),
    )


@pytest.fixture(scope="module")
def design() -> Design:
    return design_of(pd.read_csv(REFERENCE / "person_years.csv"), ["position", "standing"])


@pytest.fixture(scope="module")
def found(design: Design) -> dict[str, Estimates]:
    return {name: estimate(name, design) for name in ESTIMATORS}


def column(terms: list, name: str) -> list[float]:
    return [getattr(term, name) for term in terms]


# penalised fits are iterated to a tolerance on both sides
@pytest.mark.parametrize(
    ("name", "tolerance"), [("logit", 1e-7), ("cloglog", 1e-7), ("firth", 1e-5), ("cox", 1e-7)]
)
def test_coefficients_and_errors_agree_with_r(found: dict, name: str, tolerance: float) -> None:
    np.testing.assert_allclose(column(found[name].terms, "estimate"), R[name]["coef"], rtol=1e-5)
    np.testing.assert_allclose(
        column(found[name].terms, "std_error"), R[name]["se"], rtol=0, atol=tolerance
    )


@pytest.mark.parametrize("name", ["logit", "cloglog", "firth"])
def test_average_marginal_effects_agree_with_the_formula_in_r(found: dict, name: str) -> None:
    margins = found[name].margins
    np.testing.assert_allclose(column(margins, "estimate"), R[name]["ame"]["effect"], atol=1e-6)
    np.testing.assert_allclose(column(margins, "std_error"), R[name]["ame"]["se"], atol=1e-6)
    assert [term.term for term in margins] == ["position", "standing"]


def test_average_marginal_effect_is_the_mean_change_of_a_small_step(design: Design) -> None:
    coefficients = column(estimate("cloglog", design).terms, "estimate")
    step = np.zeros_like(design.x)
    step[:, 1] = 1e-6

    def probability(x: np.ndarray) -> np.ndarray:
        return 1 - np.exp(-np.exp(x @ coefficients))

    change = (probability(design.x + step) - probability(design.x - step)).mean() / 2e-6
    assert estimate("cloglog", design).margins[0].estimate == pytest.approx(change, rel=1e-6)


def test_every_year_is_a_stratum_of_its_own(found: dict) -> None:
    assert R["cox"]["coef"] == pytest.approx(R["cox_strata"]["coef"], abs=1e-9)
    estimates = column(found["cox"].terms, "estimate")
    assert estimates == pytest.approx(R["cox_strata"]["coef"], abs=1e-7)


def test_cox_information_agrees_with_r(design: Design) -> None:
    model = cox_regression(design.x[:, 1:], design.y, design.year, design.person)
    assert model.converged
    np.testing.assert_allclose(
        np.sqrt(np.diag(model.covariance)), R["cox"]["se_model"], rtol=0, atol=1e-8
    )


def test_cause_specific_is_a_cox_regression_of_each_cause(found: dict) -> None:
    terms = found["cause_specific"].terms
    assert [t.term for t in terms][2:] == ["competing: position", "competing: standing"]
    expected = R["cox"]["coef"] + R["cox_competing"]["coef"]
    np.testing.assert_allclose(column(terms, "estimate"), expected, atol=1e-7)
    expected = R["cox"]["se"] + R["cox_competing"]["se"]
    np.testing.assert_allclose(column(terms, "std_error"), expected, atol=1e-7)


def test_firth_gives_the_published_endometrial_estimates() -> None:
    # Heinze and Schemper 2002: NV separates, and has the penalised estimate 2.93 (0.61, 7.85).
    data = pd.read_csv(REFERENCE / "endometrial.csv").rename(columns={"HG": "y"})
    data = data.assign(person_id=data.index, year=0, competing=0)
    design = design_of(data, ["NV", "PI", "EH"])
    assert "separation" in estimate("logit", design).note
    assert "separation" in estimate("cloglog", design).note
    terms = estimate("firth", design).terms
    published = R["endometrial"]
    np.testing.assert_allclose(column(terms, "estimate"), published["coef"], atol=1e-4)
    np.testing.assert_allclose(column(terms, "std_error"), published["se"], atol=1e-4)
    nv = terms[1]
    assert (round(nv.estimate, 2), round(nv.lo, 2), round(nv.hi, 2)) == (2.93, 0.61, 7.85)
    assert [nv.lo, nv.hi] == pytest.approx(published["nv_limits"], abs=1e-3)
    assert nv.p_value == pytest.approx(published["nv_p"], abs=1e-4)


def test_cox_gives_the_published_rossi_estimates() -> None:
    # Rossi, Berk and Lenihan 1980, as in Fox 2002 (Cox regression for survival data, appendix).
    from lifelines.datasets import load_rossi

    rossi = load_rossi()
    weeks = rossi.loc[rossi.index.repeat(rossi["week"])]
    week = weeks.groupby(level=0).cumcount().to_numpy() + 1
    arrested = ((week == weeks["week"]) & (weeks["arrest"] == 1)).to_numpy(float)
    names = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
    model = cox_regression(weeks[names].to_numpy(float), arrested, week, weeks.index.to_numpy())
    published = [-0.3794, -0.0574, 0.3139, -0.1498, -0.4337, -0.0849, 0.0915]
    np.testing.assert_allclose(model.coefficients, published, atol=5e-5)
    errors = [0.1914, 0.0220, 0.3080, 0.2122, 0.3819, 0.1958, 0.0286]
    np.testing.assert_allclose(np.sqrt(np.diag(model.covariance)), errors, atol=5e-5)


def small(y: list[int], x: list[float], year: list[int] | int = 1930) -> Design:
    data = pd.DataFrame({"y": y, "x": x, "person_id": range(len(y)), "year": year, "competing": 0})
    return design_of(data, ["x"])


def test_cox_says_when_those_purged_always_rank_highest() -> None:
    found = estimate("cox", small([0, 0, 1, 0, 1, 1], [1, 2, 5, 4, 6, 6], [1, 1, 1, 2, 2, 2]))
    assert "no finite estimate" in found.note
    assert np.isnan(found.terms[0].estimate)


def test_cox_says_when_a_covariate_is_alike_for_all_at_risk() -> None:
    found = estimate("cox", small([0, 1, 0, 0, 0, 0], [1, 1, 1, 4, 6, 9], [1, 1, 1, 2, 2, 2]))
    assert "not fitted: among those at risk" in found.note


def test_cox_does_not_see_person_years_of_quiet_years() -> None:
    busy = small([0, 1, 0, 1], [1, 3, 2, 1], 1)
    quiet = small([0, 1, 0, 1, 0, 0], [1, 3, 2, 1, 100, 200], [1, 1, 1, 1, 2, 2])
    expected, got = estimate("cox", busy).terms[0], estimate("cox", quiet).terms[0]
    assert got.estimate == pytest.approx(expected.estimate)


def test_cause_specific_says_that_nothing_competes() -> None:
    found = estimate("cause_specific", small([0, 1, 0, 1], [1, 3, 2, 1]))
    assert found.note.startswith("0 competing ends")
    assert np.isfinite(found.terms[0].estimate)


def test_one_person_is_not_an_elite() -> None:
    design = small([0, 1, 0, 1], [1, 3, 2, 1], [1, 2, 3, 4])
    alone = Design(**{**design.__dict__, "person": np.zeros(4, int)})
    assert {estimate(name, alone).note for name in ESTIMATORS} == {"not fitted: one person only"}


def test_a_model_may_name_every_estimator() -> None:
    data = pd.read_csv(REFERENCE / "person_years.csv")
    panel = data.rename(columns={"position": "attendance__degree__with", "y": "strict_next"})
    panel = panel.assign(in_all=True, at_risk_strict=True, strict_competing_next=data["competing"])
    spec = {
        "name": "every",
        "population": "all",
        "outcome": "strict",
        "layer": "attendance",
        "measures": ["degree"],
        "controls": ["standing"],
        "estimators": list(ESTIMATORS),
    }
    fits: list[Fit] = fit_model(spec, panel)
    assert [fit.estimator for fit in fits] == list(ESTIMATORS)
    table = model_table(fits)
    position = table[table["term"] == "degree"]
    assert len(position) == len(ESTIMATORS)
    assert (position["estimate"] > 0).all()
    effects = position.set_index("estimator")[["ame", "ame_lo", "ame_hi"]]
    assert effects.loc[["logit", "cloglog", "firth"]].notna().all(axis=None)
    assert effects.loc[["cox", "cause_specific"]].isna().all(axis=None)
