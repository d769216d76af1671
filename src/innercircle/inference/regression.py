"""Discrete-time regressions of being purged in t+1 on position in t.

Each model of the configuration is fitted once for every measure it names and every estimator.
Positions are standardised within the year, so that a coefficient is the change in log odds for a
person one standard deviation above his year's mean.

References
----------
Firth, D. 1993. Bias reduction of maximum likelihood estimates. Biometrika 80: 27-38.
Heinze, G., and M. Schemper. 2002. A solution to the problem of separation in logistic regression.
Statistics in Medicine 21: 2409-2419.
Cameron, A. C., and D. L. Miller. 2015. A practitioner's guide to cluster-robust inference. Journal
of Human Resources 50: 317-372.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from innercircle.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

Spec = dict[str, Any]
_LEVEL = 0.95


@dataclass(frozen=True)
class Term:
    """One coefficient on the log-odds scale, with its 95 % interval."""

    term: str
    estimate: float
    std_error: float
    lo: float
    hi: float
    p_value: float


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
    """Return the complete person-years of a model as y, the standardised measure and controls."""
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
    rows = panel.loc[use, ["person_id", "year", f"{outcome}_next", column, *controls]].dropna()
    rows = rows.rename(columns={f"{outcome}_next": "y", column: "position"})
    rows["position"] = within_year_z(rows["position"], rows["year"])
    for control in controls:
        if control.endswith("_share"):
            rows[control] = within_year_z(rows[control], rows["year"])
    return rows.reset_index(drop=True)


def within_year_z(values: pd.Series, years: pd.Series) -> pd.Series:
    """Standardise within the year; 0 where all of a year are alike."""
    by_year = values.groupby(years)
    centred = values - by_year.transform("mean")
    spread = by_year.transform("std", ddof=0)
    return (centred / spread.where(spread > 0)).fillna(0.0)


def _fit_one(spec: Spec, rows: pd.DataFrame, measure: str, estimator: str) -> Fit:
    names = ["intercept", "position", *spec.get("controls", [])]
    y = rows["y"].to_numpy(float)
    x = np.column_stack([np.ones(len(rows)), rows[names[1:]].to_numpy(float)])
    why_not = _unfit(y, x)
    intervals, note, terms = "", why_not, []
    if not why_not:
        intervals, note, estimates = _ESTIMATORS[estimator](y, x, rows["person_id"])
        terms = [Term(name, *map(float, row)) for name, row in zip(names, estimates, strict=True)]
        terms = [
            t if t.term != "position" else Term(measure, *list(asdict(t).values())[1:])
            for t in terms
        ]
    return Fit(
        spec["name"],
        measure,
        estimator,
        len(rows),
        int(y.sum()),
        rows["person_id"].nunique(),
        intervals,
        note,
        terms,
    )


def _unfit(y: np.ndarray, x: np.ndarray) -> str:
    """Say why no regression can be fitted, or return an empty string."""
    if not len(y):
        return "not fitted: no person-year is left by the specification"
    if y.sum() in (0, len(y)):
        return "not fitted: the outcome never varies"
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return "not fitted: a covariate is constant or a combination of others"
    return ""


Estimates = tuple[str, str, np.ndarray]


def _logit(y: np.ndarray, x: np.ndarray, person: pd.Series) -> Estimates:
    """Maximum likelihood with errors clustered by person, intervals by the normal distribution."""
    import statsmodels.api as sm
    from firthmodels import detect_separation

    separated = detect_separation(x[:, 1:], y).separation
    if separated:
        note = "separation: maximum likelihood has no finite estimate; see the Firth logit"
        return "none", note, np.full((x.shape[1], 5), math.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence is reported in the note instead
        model = sm.Logit(y, x).fit(
            disp=0,
            method="newton",
            maxiter=200,
            cov_type="cluster",
            cov_kwds={"groups": pd.factorize(person)[0]},
        )
    note = "" if model.mle_retvals["converged"] else "did not converge"
    table = np.column_stack(
        [model.params, model.bse, model.conf_int(1 - _LEVEL), model.pvalues],
    )
    return "Wald, errors clustered by person", note, table


def _firth(y: np.ndarray, x: np.ndarray, _person: pd.Series) -> Estimates:
    """Firth's penalised likelihood, profile intervals and penalised likelihood-ratio p-values."""
    from firthmodels import FirthLogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence is reported in the note instead
        model = FirthLogisticRegression(backend="numpy", max_iter=1000, gtol=1e-6, xtol=1e-6).fit(
            x[:, 1:], y
        )
        model.lrt()
        bounds = model.conf_int(alpha=1 - _LEVEL, method="pl", max_iter=500, tol=1e-6)
    note = "" if model.converged_ else "did not converge"
    if np.isnan(bounds).any():
        note = "; ".join(filter(None, [note, "a profile limit did not converge"]))
    # firthmodels puts the intercept last, here it is first
    order = np.roll(np.arange(x.shape[1]), 1)
    estimates = np.append(model.coef_, model.intercept_)[order]
    errors = _expected_errors(x, estimates)
    table = np.column_stack([estimates, errors, bounds[order], model.lrt_pvalues_[order]])
    return "profile penalised likelihood", note, table


def _expected_errors(x: np.ndarray, estimates: np.ndarray) -> np.ndarray:
    """Return standard errors from the expected information, as Firth (1993) and brglm2 do.

    firthmodels reports those of the data as augmented by the penalty, which are a little smaller.
    """
    fitted = 1 / (1 + np.exp(-x @ estimates))
    information = (x.T * (fitted * (1 - fitted))) @ x
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(information))))


_ESTIMATORS: dict[str, Callable[[np.ndarray, np.ndarray, pd.Series], Estimates]] = {
    "logit": _logit,
    "firth": _firth,
}


def read_fits(result: dict[str, Any]) -> list[Fit]:
    """Return the fits stored in a ``models/*.json`` file."""
    return [
        Fit(**{**fit, "terms": [Term(**term) for term in fit["terms"]]}) for fit in result["fits"]
    ]


def model_table(fits: list[Fit]) -> pd.DataFrame:
    """Return one row per model, measure, estimator and term."""
    rows = [
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
        }
        for fit in fits
        for term in (fit.terms or [Term(fit.measure, *[math.nan] * 5)])
    ]
    return pd.DataFrame(rows)
