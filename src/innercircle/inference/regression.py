"""Discrete-time regressions of being purged in t+1 on position in t.

Each model of the configuration is fitted once for every measure it names and every estimator.
Positions are standardised within the year, so that a coefficient is the change in log odds for a
person one standard deviation above his year's mean.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from innercircle.inference.estimators import RISK_SETS, Design, Term, estimate
from innercircle.inference.rows import covariate_columns, estimation_rows, risk_sets, stratified

if TYPE_CHECKING:
    from innercircle.inference.rows import Spec

__all__ = ["Fit", "Term", "fit_model", "model_table", "read_fits"]

# Estimates from fewer outcomes come with a note.
FEW_EVENTS = 5


@dataclass(frozen=True)
class Fit:
    """One fitted regression.

    Attributes
    ----------
    n, events, persons : int
        Person-years, outcomes among them, persons.
    intervals : str
        How ``lo`` and ``hi`` were made.
    note : str
        Separation, non-convergence or why nothing was fitted; empty if all is well.
    terms : list of Term
        Coefficients: log odds, or log hazard ratios for ``cloglog``, ``cox``, ``cause_specific``.
    margins : list of Term
        Average marginal effects on the yearly probability, where the estimator has one.
    """

    model: str
    measure: str
    estimator: str
    n: int
    events: int
    persons: int
    intervals: str
    note: str
    terms: list[Term]
    margins: list[Term] = field(default_factory=list)


def fit_model(spec: Spec, panel: pd.DataFrame) -> list[Fit]:
    """Fit one model specification.

    Parameters
    ----------
    spec : dict
        An entry of ``models`` in the configuration.
    panel : DataFrame
        The person-year panel.

    Returns
    -------
    list of Fit
        One for each measure and estimator, in the order of the specification.

    Raises
    ------
    ValueError
        If the specification names a measure or control that the panel does not have.
    """
    fits = []
    for measure in spec["measures"]:
        rows = estimation_rows(spec, panel, measure)
        fits += [_fit_one(spec, rows, measure, name) for name in spec["estimators"]]
    return fits


def _fit_one(spec: Spec, rows: pd.DataFrame, measure: str, estimator: str) -> Fit:
    at_first, intercepts = len(rows), pd.DataFrame(index=rows.index)
    if "stratum" in rows and estimator not in RISK_SETS:
        rows, intercepts = stratified(rows)
    dropped = at_first - len(rows)
    controls = covariate_columns(rows)
    covariates = [rows[["position", *controls]].to_numpy(float), intercepts.to_numpy(float)]
    design = Design(
        names=["intercept", measure, *controls, *intercepts],
        y=rows["y"].to_numpy(float),
        x=np.column_stack([np.ones(len(rows)), *covariates]),
        person=pd.factorize(rows["person_id"])[0],
        year=risk_sets(rows),
        competing=rows["competing"].to_numpy(float),
    )
    found = estimate(estimator, design)
    lost = f"{dropped} person-years in strata where the outcome never varies left out"
    few = 0 < design.y.sum() < FEW_EVENTS
    note = f"only {int(design.y.sum())} events: estimates are hardly reliable" if few else ""
    return Fit(
        spec["name"],
        measure,
        estimator,
        len(rows),
        int(design.y.sum()),
        rows["person_id"].nunique(),
        found.intervals,
        "; ".join(filter(None, [found.note, note, lost if dropped else ""])),
        found.terms,
        found.margins,
    )


def read_fits(result: dict[str, Any]) -> list[Fit]:
    """Return the fits stored in a ``models/*.json`` file."""
    return [
        Fit(
            **{
                **fit,
                "terms": [Term(**term) for term in fit["terms"]],
                "margins": [Term(**term) for term in fit.get("margins", [])],
            }
        )
        for fit in result["fits"]
    ]


def model_table(fits: list[Fit]) -> pd.DataFrame:
    """Return one row per model, measure, estimator and term.

    Parameters
    ----------
    fits : list of Fit

    Returns
    -------
    DataFrame
        model, measure, estimator, term, estimate, std_error, lo, hi, p_value, n, events, persons,
        intervals, note, ame, ame_lo, ame_hi: the average marginal effect on the yearly probability
        and its limits by the delta method, where the estimator has one. A fit without estimates has
        one row, missing, with its note.
    """
    rows = []
    for fit in fits:
        effects = {term.term: term for term in fit.margins}
        rows += [
            {
                "model": fit.model,
                "measure": fit.measure,
                "estimator": fit.estimator,
                **asdict(term),
                "n": fit.n,
                "events": fit.events,
                "persons": fit.persons,
                "intervals": fit.intervals,
                "note": fit.note,
                **_effect(effects.get(term.term)),
            }
            for term in (fit.terms or [Term(fit.measure, *[math.nan] * 5)])
        ]
    return pd.DataFrame(rows)


def _effect(term: Term | None) -> dict[str, float]:
    found = (term.estimate, term.lo, term.hi) if term else (math.nan,) * 3
    return dict(zip(("ame", "ame_lo", "ame_hi"), found, strict=True))
