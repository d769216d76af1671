"""Out-of-year predictions and their accuracy agree with R, and are defined at the edges."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from innercircle.inference.logistic import (
    centre_predictions,
    expit,
    firth_logits,
    maximum_likelihood,
    working,
)
from innercircle.inference.prediction import Prediction, accuracy, predict_left_out_years
from innercircle.inference.tables import prediction_table
from tests.conftest import REFERENCE

R = json.loads((REFERENCE / "prediction.json").read_text())
ESTIMATES = json.loads((REFERENCE / "estimators.json").read_text())
DATA = pd.read_csv(REFERENCE / "person_years.csv")
SPEC = {
    "name": "simulated",
    "population": "all",
    "outcome": "strict",
    "layer": "attendance",
    "measures": ["degree"],
    "controls": ["standing"],
    "estimators": ["firth"],
}


def panel(data: pd.DataFrame) -> pd.DataFrame:
    names = {"position": "attendance__degree__with", "y": "strict_next"}
    return data.rename(columns=names).assign(in_all=True, at_risk_strict=True)


@pytest.fixture(scope="module")
def found() -> Prediction:
    return predict_left_out_years(SPEC, panel(DATA), "degree")


@pytest.mark.parametrize("model", ["with", "without"])
def test_out_of_year_probabilities_agree_with_r(found: Prediction, model: str) -> None:
    np.testing.assert_allclose(found.rows[model], R[model], rtol=0, atol=1e-6)


def test_accuracy_agrees_with_r(found: Prediction) -> None:
    for row in found.accuracy.to_dict("records"):
        for name, value in R["accuracy"][row["model"]].items():
            assert row[name] == pytest.approx(value, abs=1e-6), name


def test_differences_and_jackknife_limits_agree_with_r(found: Prediction) -> None:
    assert found.note == ""
    for column in ("difference", "lo", "hi"):
        np.testing.assert_allclose(found.differences[column], R[column], rtol=0, atol=2e-6)


def test_the_table_says_how_many_person_years_and_falls_a_prediction_rests_on() -> None:
    table = prediction_table([SPEC], panel(DATA))
    used = DATA.dropna(subset=["position", "standing", "y"])
    assert table["statistic"].tolist() == ["auc", "auc_within_year", "brier"]
    assert set(table["n"]) == {len(used)}
    assert set(table["events"]) == {int(used["y"].sum())}


def test_a_year_says_nothing_about_its_own_prediction(found: Prediction) -> None:
    # all of 1936 spared instead: its own predictions stay, those of other years fall
    spared = DATA.assign(y=DATA["y"].where(DATA["year"] != 1936, 0))
    other = predict_left_out_years(SPEC, panel(spared), "degree")
    own = found.rows["year"] == 1936
    np.testing.assert_allclose(found.rows.loc[own, "with"], other.rows.loc[own, "with"])
    assert found.rows.loc[~own, "with"].mean() > other.rows.loc[~own, "with"].mean()


def test_purges_of_one_year_cannot_be_foreseen_from_the_others() -> None:
    one_year = DATA.assign(y=DATA["y"].where(DATA["year"] == 1936, 0))
    found = predict_left_out_years(SPEC, panel(one_year), "degree")
    assert (found.rows.loc[found.rows["year"] == 1936, "with"] == 0).all()
    assert (found.rows.loc[found.rows["year"] != 1936, "with"] > 0).all()
    assert found.accuracy[["calibration_intercept", "calibration_slope"]].isna().all(axis=None)


def test_one_persons_purge_has_no_interval_and_says_so() -> None:
    first = DATA.index[DATA["y"] == 1][0]
    found = predict_left_out_years(SPEC, panel(DATA.assign(y=DATA.index == first)), "degree")
    assert "without one of the persons" in found.note
    assert found.differences["lo"].isna().all()
    assert found.differences["difference"].notna().all()


def test_no_interval_within_years_without_pairs_of_a_year_is_said() -> None:
    falls = DATA["y"] == 1
    purged = DATA[falls].groupby("year").head(1)
    spared = DATA[~falls & ~DATA["year"].isin(purged["year"])]
    found = predict_left_out_years(SPEC, panel(pd.concat([purged, spared])), "degree")
    within = found.differences.set_index("statistic").loc["auc_within_year"]
    assert within[["difference", "lo", "hi"]].isna().all()
    assert "auc_within_year" in found.note
    # one pair of one year: gone without either person
    one = DATA[~falls & DATA["year"].isin(purged["year"])].iloc[:1]
    found = predict_left_out_years(SPEC, panel(pd.concat([purged, spared, one])), "degree")
    within = found.differences.set_index("statistic").loc["auc_within_year"]
    assert not math.isnan(within["difference"])
    assert math.isnan(within["lo"])
    assert "auc_within_year" in found.note
    assert found.differences["lo"].notna().sum() == 2


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (DATA.assign(y=0), "simulated: the outcome never varies"),
        (DATA.iloc[:0], "the outcome never varies"),
        (DATA[DATA["year"] == 1936], "one year cannot be predicted"),
        (DATA.assign(standing=1), "constant or a combination"),
    ],
)
def test_what_cannot_be_predicted_is_refused(data: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        predict_left_out_years(SPEC, panel(data), "degree")


YEAR = np.array([1, 1, 2, 2])


def test_ties_count_one_half_in_the_auc() -> None:
    y, p = np.array([1.0, 0, 1, 0]), np.array([0.2, 0.2, 0.3, 0.1])
    assert accuracy(y, p, YEAR)["auc"] == (0.5 + 1 + 1 + 1) / 4
    assert accuracy(y, p, YEAR)["auc_within_year"] == (0.5 + 1) / 2
    assert accuracy(y, np.full(4, 0.5), YEAR)["auc"] == 0.5


def test_calibration_is_defined_at_the_edges() -> None:
    y = np.array([0.0, 0, 1, 1])
    alike = accuracy(y, np.full(4, 0.2), YEAR)
    assert alike["calibration_intercept"] == pytest.approx(math.log(4))
    assert math.isnan(alike["calibration_slope"])
    assert accuracy(y, np.array([0.1, 0.2, 0.3, 0.4]), YEAR)["calibration_slope"] == np.inf
    assert accuracy(y, np.array([0.4, 0.3, 0.2, 0.1]), YEAR)["calibration_slope"] == -np.inf
    certain = accuracy(y, np.array([0, 0, 1, 1]), YEAR)
    assert (certain["brier"], certain["auc"]) == (0, 1)
    assert math.isnan(certain["calibration_slope"])
    assert math.isnan(accuracy(y, np.full(4, 0.5), YEAR)["auc_within_year"])
    with pytest.raises(ValueError, match="never varies"):
        accuracy(np.zeros(4), np.full(4, 0.5), YEAR)


def test_batched_firth_logits_agree_with_brglm2() -> None:
    x = np.column_stack([np.ones(len(DATA)), DATA["position"], DATA["standing"]])
    y = DATA["y"].to_numpy(float)
    both = np.vstack([np.ones(len(y)), DATA["year"] < 1935]).astype(float)
    everyone, early = firth_logits(y, x, both)
    np.testing.assert_allclose(everyone, ESTIMATES["firth"]["coef"], rtol=0, atol=1e-6)
    rows = both[1] == 1
    alone = firth_logits(y[rows], x[rows], np.ones((1, rows.sum())))[0]
    np.testing.assert_allclose(early, alone, rtol=0, atol=1e-8)


def test_firth_logit_survives_separation_and_constant_covariates() -> None:
    data = pd.read_csv(REFERENCE / "endometrial.csv")
    x = np.column_stack([np.ones(len(data)), data[["NV", "PI", "EH"]]])
    y, everyone = data["HG"].to_numpy(float), np.ones((1, len(data)))
    found = firth_logits(y, x, everyone)[0]
    np.testing.assert_allclose(found, ESTIMATES["endometrial"]["coef"], rtol=0, atol=1e-6)
    assert maximum_likelihood(y, x) is None
    doubled = firth_logits(y, np.column_stack([x, x[:, 1]]), everyone)[0]
    np.testing.assert_allclose(doubled[[0, 2, 3]], found[[0, 2, 3]], atol=1e-6)
    assert doubled[1] == pytest.approx(found[1] / 2)


def test_maximum_likelihood_agrees_with_glm() -> None:
    data = panel(DATA)
    x = np.column_stack([np.ones(len(data)), data["standing"]])
    y = data["strict_next"].to_numpy(float)
    found = maximum_likelihood(y, x, cloglog=True)
    np.testing.assert_allclose(found, R["cloglog"], rtol=0, atol=1e-7)
    residual, _ = working(y, x @ found, cloglog=True)
    np.testing.assert_allclose(residual @ x, 0, atol=1e-6)
    x = np.column_stack([x[:, 0], DATA["position"], x[:, 1]])
    found = maximum_likelihood(y, x)
    np.testing.assert_allclose(found, ESTIMATES["logit"]["coef"], rtol=0, atol=1e-7)


def test_centred_predictions_average_the_share() -> None:
    rng = np.random.default_rng(1)
    predictor = rng.normal(0, 5, size=(2, 40))
    weights = (rng.random((2, 40)) < 0.7).astype(float)
    share = np.array([0.02, 0.9])
    shift = centre_predictions(predictor, share, weights)
    mean = (weights * expit(predictor + shift[:, None])).sum(axis=1) / weights.sum(axis=1)
    np.testing.assert_allclose(mean, share, atol=1e-8)


def test_firth_logits_converge_on_few_and_separated_outcomes() -> None:
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(60), rng.exponential(size=(60, 3)) * [1, 5, 0.1]])
    for outcomes in (1, 2, 59):
        y = np.zeros(60)
        y[np.argsort(x[:, 1])[-outcomes:]] = 1
        found = firth_logits(y, x, np.ones((1, 60)))[0]
        fitted = expit(x @ found)
        root = np.sqrt(fitted * (1 - fitted))[:, None] * x
        leverage = np.einsum("ni,ij,nj->n", root, np.linalg.inv(root.T @ root), root)
        np.testing.assert_allclose((y - fitted + leverage * (0.5 - fitted)) @ x, 0, atol=1e-5)
