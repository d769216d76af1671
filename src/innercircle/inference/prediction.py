"""Whether position helps to predict who is purged in a year that the model has not seen.

Each year's probabilities come from a Firth logit fitted to all other years, its intercept corrected
so that probabilities average the outcome's share there (FLIC); with a rare outcome Firth's own are
too high. The same is done without position, and the two are compared.

References
----------
Puhr, R., et al. 2017. Firth's logistic regression with rare events: accurate effect estimates and
predictions? Statistics in Medicine 36: 2302-2317.
Hanley, J. A., and B. J. McNeil. 1982. The meaning and use of the area under a receiver operating
characteristic (ROC) curve. Radiology 143: 29-36.
Brier, G. W. 1950. Verification of forecasts expressed in terms of probability. Monthly Weather
Review 78: 1-3.
Steyerberg, E. W. 2009. Clinical Prediction Models. New York: Springer (calibration).
Efron, B., and C. Stein. 1981. The jackknife estimate of variance. Annals of Statistics 9: 586-596.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.inference.logistic import (
    centre_predictions,
    expit,
    firth_logits,
    maximum_likelihood,
)
from innercircle.inference.rows import as_numbers, estimation_rows

if TYPE_CHECKING:
    from innercircle.inference.rows import Spec

_LEVEL = 0.95
_MODELS = ("with", "without")


@dataclass(frozen=True)
class Prediction:
    """Out-of-year predictions with and without position.

    Attributes
    ----------
    rows : DataFrame
        person_id, year, y, with, without: the outcome in the next year and its two predicted
        probabilities.
    accuracy : DataFrame
        One row for each model: model, auc, auc_within_year, brier, calibration_intercept,
        calibration_slope (see :func:`accuracy`).
    differences : DataFrame
        With minus without: statistic (auc, auc_within_year, brier), difference, lo, hi (95 % limits
        by a jackknife over persons). A lower Brier score and a higher AUC are better.
    note : str
        Why an interval is missing; empty if none is.
    """

    rows: pd.DataFrame
    accuracy: pd.DataFrame
    differences: pd.DataFrame
    note: str


def predict_left_out_years(spec: Spec, panel: pd.DataFrame, measure: str) -> Prediction:
    """Predict every year from all others, with and without position.

    Parameters
    ----------
    spec : dict
        An entry of ``models`` in the configuration.
    panel : DataFrame
        The person-year panel.
    measure : str
        The position.

    Returns
    -------
    Prediction
        Where the outcome never happens in the other years its probability is 0. The
        limits are missing if the outcome never varies once some person is left out, or if there is
        one person only; those of ``auc_within_year`` also where no year then has both outcomes.

    Raises
    ------
    ValueError
        If the panel lacks the measure, the outcome never varies, there is one year only, or
        position or a control is constant or a combination of others.
    """
    rows = estimation_rows(spec, panel, measure)
    controls = as_numbers(rows)
    y, year = rows["y"].to_numpy(float), rows["year"].to_numpy()
    ones = np.ones((len(y), 1))
    designs = {
        "with": np.column_stack([ones, rows["position"].to_numpy(float), controls]),
        "without": np.column_stack([ones, controls]),
    }
    _check(spec["name"], y, year, designs["with"])
    person = pd.factorize(rows["person_id"])[0]
    # everyone, then everyone but each person
    kept = np.vstack([ones.T, (person != np.arange(person.max() + 1)[:, None]).astype(float)])
    predicted = {
        name: np.array([_out_of_year(y, x, year, rows) for rows in kept])
        for name, x in designs.items()
    }
    found = pd.DataFrame({"person_id": rows["person_id"], "year": year, "y": y.astype(int)})
    for name in _MODELS:
        found[name] = predicted[name][0]
    differences, note = _differences(y, year, predicted, kept)
    return Prediction(
        found,
        pd.DataFrame([{"model": m, **accuracy(y, predicted[m][0], year)} for m in _MODELS]),
        differences,
        note,
    )


def accuracy(y: np.ndarray, probability: np.ndarray, year: np.ndarray) -> dict[str, float]:
    """Measure how good predicted probabilities are.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Outcome, 0 or 1, both present.
    probability : ndarray, shape (n,)
    year : ndarray, shape (n,)

    Returns
    -------
    dict of str to float
        ``auc``, the chance that someone purged has a higher probability than someone spared, ties
        counting one half: below one half if years differ much in outcomes, since a year left out
        with many is predicted from those with few; ``auc_within_year``, the same for pairs of one
        year only, which is free of that (missing if no year has such a pair); ``brier``, the mean
        squared error; ``calibration_intercept``, log
        odds by which the outcome is more frequent than predicted (0 is right), and
        ``calibration_slope``, of the outcome on the predicted log odds (1 is right, below 1 too
        extreme). Probabilities of 0 and 1 have no log odds: both are missing if there are any. The
        slope is missing if probabilities are all alike, and infinite if they separate the outcome.

    Raises
    ------
    ValueError
        If the outcome never varies.
    """
    if y.sum() in (0, len(y)):
        raise ValueError("the outcome never varies")
    intercept, slope = _calibration(y, probability)
    return {
        **_scores(y, probability, year),
        "calibration_intercept": intercept,
        "calibration_slope": slope,
    }


def _check(name: str, y: np.ndarray, year: np.ndarray, x: np.ndarray) -> None:
    if not len(y) or y.sum() in (0, len(y)):
        raise ValueError(f"model {name}: the outcome never varies, so it cannot be predicted")
    if (year == year[0]).all():
        raise ValueError(f"model {name}: one year cannot be predicted from others")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError(f"model {name}: a covariate is constant or a combination of others")


def _out_of_year(y: np.ndarray, x: np.ndarray, year: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return each year's probabilities from the kept rows of all other years, shape (n,)."""
    years, code = np.unique(year, return_inverse=True)
    weights = kept * (code != np.arange(len(years))[:, None])
    total = weights.sum(axis=1)
    share = (weights @ y) / np.where(total > 0, total, 1)
    probability = np.repeat(share[:, None], len(y), axis=1)
    # where the outcome never varies elsewhere, its share there is the prediction
    varies = (share > 0) & (share < 1)
    predictor = firth_logits(y, x, weights[varies]) @ x.T
    predictor += centre_predictions(predictor, share[varies], weights[varies])[:, None]
    probability[varies] = expit(predictor)
    return np.asarray(probability[code, np.arange(len(y))])


def _scores(y: np.ndarray, probability: np.ndarray, year: np.ndarray) -> dict[str, float]:
    higher = probability[y == 1][:, None] - probability[y == 0]
    wins = (higher > 0) + 0.5 * (higher == 0)
    same_year = year[y == 1][:, None] == year[y == 0]
    return {
        "auc": float(wins.mean()),
        "auc_within_year": float(wins[same_year].mean()) if same_year.any() else np.nan,
        "brier": float(((y - probability) ** 2).mean()),
    }


def _calibration(y: np.ndarray, probability: np.ndarray) -> tuple[float, float]:
    if ((probability <= 0) | (probability >= 1)).any():
        return np.nan, np.nan
    log_odds = np.log(probability / (1 - probability))
    everyone = np.ones((1, len(y)))
    intercept = centre_predictions(log_odds[None], np.atleast_1d(y.mean()), everyone)[0]
    if np.ptp(log_odds) < np.sqrt(np.finfo(float).eps):
        return float(intercept), np.nan
    fit = maximum_likelihood(y, np.column_stack([np.ones(len(y)), log_odds]))
    if fit is None:
        rising = log_odds[y == 1].mean() > log_odds[y == 0].mean()
        return float(intercept), np.inf if rising else -np.inf
    return float(intercept), float(fit[1])


def _differences(
    y: np.ndarray, year: np.ndarray, predicted: dict[str, np.ndarray], kept: np.ndarray
) -> tuple[pd.DataFrame, str]:
    """Compare the models; limits from refitting without each person in turn."""
    from scipy.stats import t

    without_one = kept[1:] == 1
    persons = len(without_one)
    all_rows = _difference(y, year, predicted, 0, np.ones(len(y), dtype=bool))
    events = np.array([y[rows].sum() for rows in without_one])
    note = ""
    if persons == 1:
        note = "no interval: one person only"
    elif ((events == 0) | (events == without_one.sum(axis=1))).any():
        note = "no interval: without one of the persons the outcome never varies"
    reach = np.full(len(all_rows), np.nan)
    if not note:
        left = np.array(
            [_difference(y, year, predicted, 1 + p, rows) for p, rows in enumerate(without_one)]
        )
        variance = (persons - 1) / persons * ((left - left.mean(axis=0)) ** 2).sum(axis=0)
        reach = t.ppf((1 + _LEVEL) / 2, persons - 1) * np.sqrt(variance)
        if np.isnan(reach).any():
            note = "no interval of auc_within_year: no year, or none without one of the persons, "
            note += "has both outcomes"
    table = pd.DataFrame(
        {
            "statistic": ["auc", "auc_within_year", "brier"],
            "difference": all_rows,
            "lo": all_rows - reach,
            "hi": all_rows + reach,
        }
    )
    return table, note


def _difference(
    y: np.ndarray,
    year: np.ndarray,
    predicted: dict[str, np.ndarray],
    subset: int,
    rows: np.ndarray,
) -> np.ndarray:
    with_position, without = (
        np.array(list(_scores(y[rows], predicted[model][subset, rows], year[rows]).values()))
        for model in _MODELS
    )
    return np.asarray(with_position - without)
