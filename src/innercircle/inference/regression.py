"""Discrete-time regressions of being purged in t+1 on position in t.

Each model of the configuration is fitted once for every measure it names and every estimator.
Positions are standardised within the year, so that a coefficient is the change in log odds for a
person one standard deviation above his year's mean.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from innercircle.errors import did_you_mean
from innercircle.inference.estimators import Design, Term, estimate

__all__ = ["Fit", "Spec", "Term", "fit_model", "model_table", "read_fits"]

Spec = dict[str, Any]


@dataclass(frozen=True)
class Fit:
    """One fitted regression.

    Attributes
    ----------
    n, events, persons, clusters : int
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


def measure_column(spec: Spec, measure: str) -> str:
    """Return the panel's column for a measure of the model's layer."""
    side = "with" if spec.get("leader_included", True) else "without"
    return f"{spec['layer']}__{measure}__{side}"


def estimation_rows(spec: Spec, panel: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the complete person-years of a model.

    Parameters
    ----------
    spec, panel
        As for :func:`fit_model`.
    measure : str

    Returns
    -------
    DataFrame
        person_id, year, y (the outcome), position (the measure, standardised within the year),
        the controls, and competing (another end; nowhere if the panel does not record them).

    Raises
    ------
    ValueError
        If the panel does not have the measure in the model's layer.
    """
    rows = risk_rows(spec, panel, measure).dropna()
    rows["position"] = within_year_z(rows["position"], rows["year"])
    return standardise_shares(spec, rows).reset_index(drop=True)


def risk_rows(spec: Spec, panel: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a model's person-years at risk, as :func:`estimation_rows` but as they are.

    Nothing is standardised, values may be missing, and the index is the panel's.
    """
    column = measure_column(spec, measure)
    if column not in panel:
        prefix = f"{spec['layer']}__"
        known = sorted({c.split("__")[1] for c in panel if c.startswith(prefix)})
        raise ValueError(
            f"model {spec['name']}: layer {spec['layer']} has no measure {measure!r}"
            f"{did_you_mean(measure, known)}; it has: {', '.join(known) or 'none'}"
        )
    outcome = spec["outcome"]
    use = panel[f"in_{spec['population']}"] & panel[f"at_risk_{outcome}"]
    if "years" in spec:
        use &= panel["year"].between(spec["years"]["first"], spec["years"]["last"])
    controls = spec.get("controls", [])
    rows = panel.loc[use, ["person_id", "year", f"{outcome}_next", column, *controls]]
    rows = rows.rename(columns={f"{outcome}_next": "y", column: "position"})
    other_ends = panel.get(f"{outcome}_competing_next", pd.Series(0.0, index=panel.index))
    return rows.assign(competing=other_ends)


def standardise_shares(spec: Spec, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with controls that are shares standardised within the year."""
    shares = [c for c in spec.get("controls", []) if c.endswith("_share")]
    return rows.assign(**{c: within_year_z(rows[c], rows["year"]) for c in shares})


def within_year_z(values: pd.Series, years: pd.Series) -> pd.Series:
    """Standardise within the year; 0 where all of a year are alike."""
    by_year = values.groupby(years)
    centred = values - by_year.transform("mean")
    spread = by_year.transform("std", ddof=0)
    return (centred / spread.where(spread > 0)).fillna(0.0)


def _fit_one(spec: Spec, rows: pd.DataFrame, measure: str, estimator: str) -> Fit:
    controls = spec.get("controls", [])
    covariates = rows[["position", *controls]].to_numpy(float)
    design = Design(
        names=["intercept", measure, *controls],
        y=rows["y"].to_numpy(float),
        x=np.column_stack([np.ones(len(rows)), covariates]),
        person=pd.factorize(rows["person_id"])[0],
        year=rows["year"].to_numpy(),
        competing=rows["competing"].to_numpy(float),
    )
    found = estimate(estimator, design)
    return Fit(
        spec["name"],
        measure,
        estimator,
        len(rows),
        int(design.y.sum()),
        rows["person_id"].nunique(),
        found.intervals,
        found.note,
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


def model_table(fits: list[Fit], *, margins: bool = False) -> pd.DataFrame:
    """Return one row per model, measure, estimator and term.

    Parameters
    ----------
    fits : list of Fit
    margins : bool
        Average marginal effects instead of coefficients.

    Returns
    -------
    DataFrame
        model, measure, estimator, term, estimate, std_error, lo, hi, p_value, n, events, persons,
        intervals, note; a fit without estimates has one row, missing, with its note.
    """
    rows = []
    for fit in fits:
        found = fit.margins if margins else fit.terms
        intervals = "delta method" if margins and found else fit.intervals
        rows += [
            {
                "model": fit.model,
                "measure": fit.measure,
                "estimator": fit.estimator,
                **asdict(term),
                "n": fit.n,
                "events": fit.events,
                "persons": fit.persons,
                "intervals": intervals,
                "note": fit.note,
            }
            for term in (found or [Term(fit.measure, *[math.nan] * 5)])
        ]
    return pd.DataFrame(rows)
