"""Panels like the study's own in which the effect of position is known.

An effect of position is planted in the study's person-years: positions, controls and who is at risk
when are as observed, outcomes are drawn. Who fell in the study might not have: his last position
and controls are carried forward to the last year. A drawn fall ends its person's time at risk, so
that simulated panels are about as long as the study's.

The probability of a fall is a logit with the planted log odds per within-year standard deviation of
position, the controls' coefficients as Firth's logit finds them in the study, and an intercept for
each year, the log odds of (falls + 1/2) / (persons + 1). One constant moves all intercepts so that
as many falls are expected as were observed.

References
----------
Morris, T. P., I. R. White, and M. J. Crowther. 2019. Using simulation studies to evaluate
statistical methods. Statistics in Medicine 38: 2074-2102.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.inference.logistic import expit, firth_logits
from innercircle.inference.rows import as_numbers, estimation_rows

if TYPE_CHECKING:
    from innercircle.inference.rows import Spec

# Column of the position in the covariates of a plan.
POSITION = 1


@dataclass(frozen=True)
class Plan:
    """The person-years in which outcomes are drawn.

    Attributes
    ----------
    x : ndarray, shape (n, k)
        Ones, position, controls. Rows are ordered by person and year.
    person, year : ndarray of int, shape (n,)
        Numbered from 0.
    base : ndarray, shape (n,)
        Log odds of a fall but for position and the constant that sets the number of falls.
    person_years, falls : int
        Observed; so many falls are expected in every simulated panel.
    """

    x: np.ndarray
    person: np.ndarray
    year: np.ndarray
    base: np.ndarray
    person_years: int
    falls: int


def plan_from_model(spec: Spec, panel: pd.DataFrame, measure: str) -> Plan:
    """Take the person-years of a model specification.

    Parameters
    ----------
    spec : dict
        An entry of ``models`` in the configuration.
    panel : DataFrame
        The person-year panel.
    measure : str
        Which position.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If the model has no fall or nothing but falls, or the panel lacks the measure.
    """
    rows = estimation_rows(spec, panel, measure).sort_values(["person_id", "year"])
    y = rows["y"].to_numpy(float)
    if y.sum() in (0, len(y)):
        raise ValueError(f"model {spec['name']}: the outcome never varies, nothing to simulate")
    x = np.column_stack([np.ones(len(rows)), rows["position"], as_numbers(rows)])
    controls = firth_logits(y, x, np.ones((1, len(y))))[0, POSITION + 1 :]
    person = pd.factorize(rows["person_id"])[0]
    year = pd.factorize(rows["year"], sort=True)[0]
    falls, persons = np.bincount(year, y), np.bincount(year)
    rate = np.log((falls + 0.5) / (persons - falls + 0.5))
    kept = _carried_forward(person, year, y)
    x, person, year = x[kept[0]], person[kept[0]], kept[1]
    base = rate[year] + x[:, POSITION + 1 :] @ controls
    return Plan(x, person, year, base, len(y), int(y.sum()))


def _carried_forward(
    person: np.ndarray, year: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which observed row each row repeats, and its year, with rows after falls."""
    source, years = [np.arange(len(y))], [year]
    last = np.r_[np.diff(person) != 0, True]
    for row in np.flatnonzero(last & (y == 1)):
        further = np.arange(year[row] + 1, year.max() + 1)
        source.append(np.full(len(further), row))
        years.append(further)
    rows, when = np.concatenate(source), np.concatenate(years)
    order = np.lexsort([when, person[rows]])
    return rows[order], when[order]


def hazards(plan: Plan, effect: float) -> np.ndarray:
    """Return each row's probability of a fall, given that it is reached, shape (n,)."""
    from scipy.optimize import brentq

    predictor = plan.base + effect * plan.x[:, POSITION]

    def surplus(constant: float) -> float:
        hazard = expit(predictor + constant)
        return float(hazard @ still_at_risk(plan, hazard) - plan.falls)

    return expit(predictor + brentq(surplus, -20.0, 20.0, xtol=1e-10))


def still_at_risk(plan: Plan, hazard: np.ndarray) -> np.ndarray:
    """Return the probability that each row's person has not fallen before, shape (n,)."""
    survived = np.log1p(-hazard)
    before = np.cumsum(survived) - survived
    return np.asarray(np.exp(before - before[_first_rows(plan)]))


def draw_panels(
    plan: Plan, hazard: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw outcomes, and end each person's time at risk with the first.

    Returns
    -------
    y, weights : ndarray, shape (draws, n)
        Outcome, and 1 where the row is at risk, 0 where its person has fallen before.
    """
    y = (rng.random((draws, len(hazard))) < hazard).astype(float)
    before = np.cumsum(y, axis=1) - y
    weights = (before == before[:, _first_rows(plan)]).astype(float)
    return y * weights, weights


def _first_rows(plan: Plan) -> np.ndarray:
    """Return the number of the first row of each row's person."""
    first = np.flatnonzero(np.r_[True, np.diff(plan.person) != 0])
    return np.asarray(first[plan.person])
