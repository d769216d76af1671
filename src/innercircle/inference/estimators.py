"""The estimators that a model specification can name.

All work on person-years, with covariates in year t and the outcome in t+1, and are therefore
discrete-time hazards: ``logit`` is the proportional-odds and ``cloglog`` the grouped
proportional-hazards model, ``firth`` the logit with Firth's penalty for rare or separated outcomes,
``cox`` the partial likelihood with an unspecified hazard for every year. ``cause_specific`` is two
Cox regressions: of the outcome, other ends being censored, and of the other ends, the outcome being
censored; read together they say what position does in the presence of competing risks.

References
----------
Firth, D. 1993. Bias reduction of maximum likelihood estimates. Biometrika 80: 27-38.
Heinze, G., and M. Schemper. 2002. A solution to the problem of separation in logistic regression.
Statistics in Medicine 21: 2409-2419.
Prentice, R. L., and L. A. Gloeckler. 1978. Regression analysis of grouped survival data with
application to breast cancer data. Biometrics 34: 57-67.
Prentice, R. L., et al. 1978. The analysis of failure times in the presence of competing risks.
Biometrics 34: 541-554.
Cameron, A. C., and D. L. Miller. 2015. A practitioner's guide to cluster-robust inference. Journal
of Human Resources 50: 317-372.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from innercircle.inference.cox import cox_problem, cox_regression

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEVEL = 0.95


@dataclass(frozen=True)
class Term:
    """One estimate with its 95 % interval: a coefficient or an average marginal effect."""

    term: str
    estimate: float
    std_error: float
    lo: float
    hi: float
    p_value: float


@dataclass(frozen=True)
class Design:
    """The person-years of a regression.

    Attributes
    ----------
    names : list of str
        Of the columns of ``x``; the first is the intercept.
    y, x : ndarray, shapes (n,) and (n, k)
        Outcome in t+1 and covariates in t, the first a column of ones.
    person, year : ndarray, shape (n,)
        ``year`` tells risk sets apart: years, or strata of years.
    competing : ndarray, shape (n,)
        1 where risk ends in t+1 without the outcome.
    """

    names: list[str]
    y: np.ndarray
    x: np.ndarray
    person: np.ndarray
    year: np.ndarray
    competing: np.ndarray


@dataclass(frozen=True)
class Estimates:
    """What an estimator found.

    Attributes
    ----------
    intervals : str
        How the limits of ``terms`` were made.
    note : str
        Why there is no estimate, or what to know about it; empty if all is well.
    terms : list of Term
        Coefficients, on the scale of the linear predictor.
    margins : list of Term
        Average marginal effects on the yearly probability of the outcome, by the derivative for
        every covariate, limits by the delta method; empty for Cox, which has no probability.
    """

    intervals: str
    note: str
    terms: list[Term]
    margins: list[Term] = field(default_factory=list)


def estimate(estimator: str, design: Design) -> Estimates:
    """Fit one regression.

    Parameters
    ----------
    estimator : str
        A key of :data:`ESTIMATORS`.
    design : Design

    Returns
    -------
    Estimates
        Without terms if the data cannot answer; then the note says why.
    """
    why_not = _unfit(design)
    return Estimates("", why_not, []) if why_not else ESTIMATORS[estimator](design)


def _unfit(design: Design) -> str:
    """Say why no regression can be fitted, or return an empty string."""
    y, x = design.y, design.x
    if not len(y):
        return "not fitted: no person-year is left by the specification"
    if y.sum() in (0, len(y)):
        return "not fitted: the outcome never varies"
    if (design.person == design.person[0]).all():
        return "not fitted: one person only"
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return "not fitted: a covariate is constant or a combination of others"
    return ""


def _logit(design: Design) -> Estimates:
    """Maximum likelihood with errors clustered by person, intervals by the normal distribution."""
    import statsmodels.api as sm

    if _separated(design):
        return _without_estimate(design)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence is reported in the note instead
        model = sm.Logit(design.y, design.x).fit(
            disp=0,
            method="newton",
            maxiter=200,
            cov_type="cluster",
            cov_kwds={"groups": design.person},
        )
    note = "" if model.mle_retvals["converged"] else "did not converge"
    return Estimates(
        "Wald, errors clustered by person",
        note,
        _wald_terms(design.names, model.params, model.cov_params()),
        _margins(design, model.params, model.cov_params(), _logistic_density),
    )


def _cloglog(design: Design) -> Estimates:
    """Complementary log-log by maximum likelihood with errors clustered by person."""
    import statsmodels.api as sm

    if _separated(design):
        return _without_estimate(design)
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence is reported in the note instead
        model = sm.GLM(design.y, design.x, family=family).fit(maxiter=200, tol=1e-12)
    covariance = _clustered(
        np.linalg.inv(-model.model.hessian(model.params, observed=False)),
        model.model.score_obs(model.params),
        design.person,
    )
    return Estimates(
        "Wald, errors clustered by person",
        "" if model.converged else "did not converge",
        _wald_terms(design.names, model.params, covariance),
        _margins(design, model.params, covariance, _gompertz_density),
    )


def _clustered(bread: np.ndarray, scores: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return the cluster-robust covariance with the factor G/(G-1) * (N-1)/(N-K).

    statsmodels would take the observed information for ``bread``; R's sandwich takes the expected.
    """
    n, k = scores.shape
    by_cluster = np.zeros((cluster.max() + 1, k))
    np.add.at(by_cluster, cluster, scores)
    clusters = len(by_cluster)
    factor = clusters / (clusters - 1) * (n - 1) / (n - k)
    return np.asarray(factor * bread @ (by_cluster.T @ by_cluster) @ bread)


def _firth(design: Design) -> Estimates:
    """Firth's penalised likelihood, profile intervals and penalised likelihood-ratio p-values."""
    from firthmodels import FirthLogisticRegression

    x = design.x
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence is reported in the note instead
        model = FirthLogisticRegression(backend="numpy", max_iter=1000, gtol=1e-6, xtol=1e-6).fit(
            x[:, 1:], design.y
        )
        model.lrt()
        bounds = model.conf_int(alpha=1 - LEVEL, method="pl", max_iter=500, tol=1e-6)
    note = "" if model.converged_ else "did not converge"
    if np.isnan(bounds).any():
        note = "; ".join(filter(None, [note, "a profile limit did not converge"]))
    # firthmodels puts the intercept last, here it is first
    order = np.roll(np.arange(x.shape[1]), 1)
    found = np.append(model.coef_, model.intercept_)[order]
    covariance = _expected_covariance(x, found)
    table = np.column_stack(
        [found, np.sqrt(np.diag(covariance)), bounds[order], model.lrt_pvalues_[order]]
    )
    return Estimates(
        "profile penalised likelihood",
        note,
        _terms(design.names, table),
        _margins(design, found, covariance, _logistic_density),
    )


def _cox(design: Design) -> Estimates:
    """Cox regression with a hazard of its own for every year, errors clustered by person."""
    return _cox_of(design.y, design, prefix="")


def _cause_specific(design: Design) -> Estimates:
    """Cox regressions of the outcome and of the competing ends, each censoring the other."""
    outcome = _cox_of(design.y, design, prefix="")
    ends = int(design.competing.sum())
    other = _cox_of(design.competing, design, prefix="competing: ")
    about_ends = f"{ends} competing ends"
    if other.note:
        about_ends += f": {other.note}"
    return Estimates(
        outcome.intervals,
        "; ".join(filter(None, [outcome.note, about_ends])),
        outcome.terms + other.terms,
    )


def _cox_of(event: np.ndarray, design: Design, prefix: str) -> Estimates:
    x, names = design.x[:, 1:], [prefix + name for name in design.names[1:]]
    if not names:
        return Estimates("", "not fitted: no covariate", [])
    problem = cox_problem(x, event, design.year)
    if problem:
        return Estimates("none", problem, _terms(names, np.full((len(names), 5), math.nan)))
    model = cox_regression(x, event, design.year, design.person)
    return Estimates(
        "Wald, errors clustered by person (Lin-Wei)",
        "" if model.converged else "did not converge",
        _wald_terms(names, model.coefficients, model.clustered),
    )


# Those that compare within risk sets, so that strata need no intercepts.
RISK_SETS = ("cox", "cause_specific")
ESTIMATORS: dict[str, Callable[[Design], Estimates]] = {
    "logit": _logit,
    "cloglog": _cloglog,
    "firth": _firth,
    "cox": _cox,
    "cause_specific": _cause_specific,
}


def _separated(design: Design) -> bool:
    from firthmodels import detect_separation

    return bool(detect_separation(design.x[:, 1:], design.y).separation)


def _without_estimate(design: Design) -> Estimates:
    note = "separation: maximum likelihood has no finite estimate; see the Firth logit"
    return Estimates("none", note, _terms(design.names, np.full((design.x.shape[1], 5), math.nan)))


def _terms(names: Sequence[str], table: np.ndarray) -> list[Term]:
    return [Term(name, *map(float, row)) for name, row in zip(names, table, strict=True)]


def _wald_terms(names: Sequence[str], estimates: np.ndarray, covariance: np.ndarray) -> list[Term]:
    from scipy.stats import norm

    errors = np.sqrt(np.diag(covariance))
    reach = norm.ppf((1 + LEVEL) / 2) * errors
    p_values = 2 * norm.sf(np.abs(estimates) / errors)
    table = np.column_stack([estimates, errors, estimates - reach, estimates + reach, p_values])
    return _terms(names, table)


def _expected_covariance(x: np.ndarray, estimates: np.ndarray) -> np.ndarray:
    """Return the inverse of the expected information, as Firth (1993) and brglm2 do.

    firthmodels gives that of the data as augmented by the penalty, which is a little smaller.
    """
    fitted = 1 / (1 + np.exp(-x @ estimates))
    information = (x.T * (fitted * (1 - fitted))) @ x
    return np.asarray(np.linalg.inv(information))


def _logistic_density(predictor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the derivative of the probability by the linear predictor, and its own derivative."""
    fitted = 1 / (1 + np.exp(-predictor))
    density = fitted * (1 - fitted)
    return density, density * (1 - 2 * fitted)


def _gompertz_density(predictor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the same for the complementary log-log link."""
    hazard = np.exp(predictor)
    density = hazard * np.exp(-hazard)
    return density, density * (1 - hazard)


def _margins(
    design: Design,
    estimates: np.ndarray,
    covariance: np.ndarray,
    density: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
) -> list[Term]:
    """Return average marginal effects, their covariance by the delta method."""
    slope, curve = density(design.x @ estimates)
    jacobian = np.outer(estimates, curve @ design.x / len(slope))
    jacobian[np.diag_indices_from(jacobian)] += slope.mean()
    effects = estimates * slope.mean()
    variance = jacobian @ covariance @ jacobian.T
    return _wald_terms(design.names[1:], effects[1:], variance[1:, 1:])
