"""Regressions agree with R, and say when the data cannot answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from innercircle.inference import fit_model, model_table, read_fits
from innercircle.inference.rows import within_year_z
from tests.conftest import REFERENCE

if TYPE_CHECKING:
    from innercircle.inference.regression import Fit

SPEC = {
    "name": "toy",
    "population": "all",
    "outcome": "strict",
    "layer": "attendance",
    "measures": ["degree"],
    "controls": ["standing"],
    "estimators": ["logit", "firth"],
}


def panel(data: pd.DataFrame, year: pd.Series | int = 1930) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": data["person_id"].astype(str),
            "year": year,
            "in_all": True,
            "at_risk_strict": True,
            "strict_next": data["y"].astype(float),
            "standing": data["standing"].astype(float),
            "attendance__degree__with": data["x"].astype(float),
        }
    )


@pytest.fixture(scope="module")
def fits() -> dict[str, Fit]:
    data = pd.read_csv(REFERENCE / "regression.csv")
    return {fit.estimator: fit for fit in fit_model(SPEC, panel(data))}


@pytest.fixture(scope="module")
def r() -> dict[str, dict[str, list[float]]]:
    return json.loads((REFERENCE / "regression.json").read_text())


def unscaled(fit: Fit) -> np.ndarray:
    """Coefficients of intercept, x and standing, undoing the standardisation of x."""
    x = pd.read_csv(REFERENCE / "regression.csv")["x"]
    intercept, position, standing = (term.estimate for term in fit.terms)
    slope = position / x.std(ddof=0)
    return np.array([intercept - slope * x.mean(), slope, standing])


def test_logit_agrees_with_glm_and_clustered_errors_with_sandwich(fits: dict, r: dict) -> None:
    np.testing.assert_allclose(unscaled(fits["logit"]), r["logit"]["coef"], atol=1e-6)
    x = pd.read_csv(REFERENCE / "regression.csv")["x"]
    found = [fits["logit"].terms[1].std_error / x.std(ddof=0), fits["logit"].terms[2].std_error]
    np.testing.assert_allclose(found, r["logit"]["se_cluster"][1:], atol=1e-6)


def test_firth_logit_agrees_with_brglm2(fits: dict, r: dict) -> None:
    np.testing.assert_allclose(unscaled(fits["firth"]), r["firth"]["coef"], atol=1e-5)
    x = pd.read_csv(REFERENCE / "regression.csv")["x"]
    found = [fits["firth"].terms[1].std_error / x.std(ddof=0), fits["firth"].terms[2].std_error]
    np.testing.assert_allclose(found, r["firth"]["se"][1:], atol=1e-5)


def test_profile_interval_holds_the_estimate_and_agrees_with_its_p_value(fits: dict) -> None:
    for term in fits["firth"].terms:
        assert term.lo < term.estimate < term.hi
        assert (term.lo > 0 or term.hi < 0) == (term.p_value < 0.05)


def test_separation_is_said_by_the_logit_and_survived_by_firth() -> None:
    data = pd.DataFrame(
        {"person_id": range(20), "x": range(20), "y": [0] * 12 + [1] * 8, "standing": [0, 1] * 10}
    )
    logit, firth = fit_model(SPEC, panel(data))
    assert "separation" in logit.note
    assert np.isnan(logit.terms[1].estimate)
    assert np.isfinite(firth.terms[1].estimate)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"y": 0}, "the outcome never varies"),
        ({"y": 1}, "the outcome never varies"),
        ({"x": 3.0}, "constant"),
    ],
)
def test_what_cannot_be_fitted_says_why(change: dict, reason: str) -> None:
    data = pd.read_csv(REFERENCE / "regression.csv").assign(**change)
    for fit in fit_model(SPEC, panel(data)):
        assert reason in fit.note
        assert fit.terms == []


def test_a_filter_that_leaves_no_rows_says_so() -> None:
    data = pd.read_csv(REFERENCE / "regression.csv")
    spec = {**SPEC, "years": {"first": 1950, "last": 1960}}
    assert all("no person-year is left" in fit.note for fit in fit_model(spec, panel(data)))


def test_an_unknown_measure_names_the_model_and_the_nearest() -> None:
    data = pd.read_csv(REFERENCE / "regression.csv")
    with pytest.raises(ValueError, match=r"model toy.*'degre'.*did you mean 'degree'"):
        fit_model({**SPEC, "measures": ["degre"]}, panel(data))


def test_positions_are_standardised_within_the_year() -> None:
    z = within_year_z(pd.Series([1.0, 3.0, 5.0, 5.0]), pd.Series([1, 1, 2, 2]))
    assert z.tolist() == [-1, 1, 0, 0]


def test_a_year_whose_positions_differ_by_rounding_alone_has_none_apart() -> None:
    z = within_year_z(pd.Series([1.0, 1 - 1e-16, 1 - 2e-16, 1.0, 3.0]), pd.Series([1, 1, 1, 2, 2]))
    assert z.tolist() == [0, 0, 0, -1, 1]


def test_stored_fits_read_back_as_they_were(fits: dict) -> None:
    from dataclasses import asdict

    stored = json.loads(json.dumps({"fits": [asdict(fit) for fit in fits.values()]}))
    assert model_table(read_fits(stored)).equals(model_table(list(fits.values())))
