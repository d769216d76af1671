"""Contagion: whether the fall of a patron or a close colleague makes one's own more likely.

References
----------
Mantel, N., and W. Haenszel. 1959. Statistical aspects of the analysis of data from retrospective
studies of disease. Journal of the National Cancer Institute 22: 719-748.
Greenland, S., and J. M. Robins. 1985. Estimation of a common effect parameter from sparse
follow-up data. Biometrics 41: 55-68.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from innercircle.inference.mechanisms.falls import at_risk, first_falls
from innercircle.inference.mechanisms.result import (
    DRAWS,
    Mechanism,
    notes,
    percentile_interval,
    resample_counts,
    undefined,
)
from innercircle.networks.bipartite import two_mode
from innercircle.networks.projection import newman_weights, pairs

NAME = "contagion"
STATISTICS = ("risk difference", "risk ratio")
_CLOSE = 2 / 3
# Cells of a year's table: exposed and fell, exposed, unexposed and fell, unexposed.
_CELLS = 4


def patron_links(ties: pd.DataFrame) -> pd.DataFrame:
    """Return each client's patrons: year, person_id (client), other_id (patron)."""
    names = {"target_id": "person_id", "source_id": "other_id"}
    return ties.rename(columns=names)[["year", "person_id", "other_id"]].drop_duplicates()


def close_links(attendances: pd.DataFrame) -> pd.DataFrame:
    """Return each person's close co-attenders: year, person_id, other_id.

    Close are the pairs in the top tercile of the year's size-discounted co-attendance, those tied
    with its lower bound included; where all pairs of a year weigh the same, all are close. Leave
    the leader out beforehand if his meetings should not set the bound.
    """
    found = []
    for year, rows in attendances.groupby("year", sort=True):
        matrix = two_mode(rows["person_id"], rows["event_id"])
        i, j, weights = pairs(newman_weights(matrix.incidence))
        if not len(weights):
            continue
        close = weights >= np.quantile(weights, _CLOSE) - 1e-12
        people = np.asarray(matrix.persons, dtype=object)
        a, b = people[i[close]], people[j[close]]
        both = {"person_id": np.concatenate([a, b]), "other_id": np.concatenate([b, a])}
        found.append(pd.DataFrame({"year": year, **both}))
    columns = ["year", "person_id", "other_id"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def contagion(
    panel: pd.DataFrame,
    falls: pd.Series | pd.DataFrame,
    links: pd.DataFrame,
    rng: np.random.Generator,
    draws: int = DRAWS,
    *,
    outcome: str,
    population: str | None = None,
    channel: str = "patron",
) -> list[Mechanism]:
    """Compare the hazard of those whose linked person just fell with everyone else's.

    A person at risk in year t is exposed if somebody with whom he was linked in the year of that
    person's fall or the year before fell in t or t-1. Risks of falling in t+1 are compared within
    years and combined with Mantel and Haenszel's weights, so that a year of terror, in which many
    are exposed and many fall, does not pass for contagion. Under the null, who of those at risk in
    a year falls in the next is drawn at random, given how many do; the number of exposed among
    them is then a sum of hypergeometric variables, and its distribution is worked out exactly.

    Parameters
    ----------
    panel : DataFrame
        person_id, year, ``at_risk_<outcome>``, ``<outcome>_next`` and ``in_<population>``.
    falls : Series or DataFrame
        Falls of anyone, in the panel or not.
    links : DataFrame
        From :func:`patron_links` or :func:`close_links`.
    outcome : str
    population : str, optional
        By default everyone in the panel.
    channel : str
        What a link is, for the wording.

    Returns
    -------
    list of Mechanism
        Risk difference and risk ratio; intervals from resampling persons with all their years.
        Both carry the p-value of the common null, one-sided (exposed fall more often). Persons of
        one patron are exposed together, which neither the interval nor the null knows.

    Raises
    ------
    ValueError
        If the panel lacks the outcome or the population.
    """
    question = f"Is falling in t+1 more likely if a {channel} fell in t or t-1?"
    use = at_risk(panel, outcome, population)
    rows = panel.loc[use, ["person_id", "year"]]
    fell = panel.loc[use, f"{outcome}_next"].to_numpy(float)
    exposed = _exposed(rows, first_falls(falls)["year"], links)
    by_person = _cells(rows, fell, exposed)
    tables = by_person.sum(axis=0)
    why = _impossible(tables)
    if why:
        return undefined(NAME, question, STATISTICS, why, len(rows))
    drawn = np.tensordot(resample_counts(len(by_person), draws, rng), by_person, axes=1)
    p = _exact_p(tables)
    a, n1, b, n0 = tables.sum(axis=1).astype(int)
    counts = f"{a} of {n1} exposed and {b} of {n0} other person-years ended in a fall"
    null = "who falls drawn at random among those at risk in the year; one-sided"
    results = []
    for statistic, function in zip(STATISTICS, (_difference, _ratio), strict=True):
        estimate = float(function(tables[None])[0])
        if math.isfinite(estimate):
            lo, hi, remark = percentile_interval(function(drawn))
        else:
            lo, hi, remark = math.nan, math.nan, "no ratio: nobody fell among the others"
            estimate = math.nan
        note = notes(counts, remark)
        results.append(
            Mechanism(
                NAME, question, statistic, estimate, lo, hi, p, len(rows), null, note, exact=True
            )
        )
    return results


def _exposed(rows: pd.DataFrame, fall_year: pd.Series, links: pd.DataFrame) -> np.ndarray:
    fell = links["other_id"].map(fall_year)
    struck = links.assign(fell=fell)[(fell - links["year"]).isin([0, 1])]
    struck = struck[struck["person_id"] != struck["other_id"]]
    when = [
        pd.DataFrame({"person_id": struck["person_id"], "year": struck["fell"] + lag})
        for lag in (0, 1)
    ]
    marked = pd.concat(when).astype({"year": np.int64}).drop_duplicates()
    keys = pd.MultiIndex.from_frame(rows[["person_id", "year"]])
    return np.asarray(keys.isin(pd.MultiIndex.from_frame(marked)), dtype=bool)


def _cells(rows: pd.DataFrame, fell: np.ndarray, exposed: np.ndarray) -> np.ndarray:
    """Return each person's contribution to each year's table, shape (persons, 4, years)."""
    person, people = pd.factorize(rows["person_id"], sort=True)
    year, years = pd.factorize(rows["year"], sort=True)
    cells = np.zeros((len(people), _CELLS, len(years)))
    side = np.where(exposed, 0, 2)
    np.add.at(cells, (person, side, year), fell)
    np.add.at(cells, (person, side + 1, year), 1.0)
    return cells


def _impossible(tables: np.ndarray) -> str:
    """Say why no risks can be compared within any year, or return an empty string."""
    a, n1, b, n0 = tables
    if not n1.sum():
        return "nobody at risk was exposed"
    if not n0.sum():
        return "everybody at risk was exposed"
    if not (a + b).sum():
        return "nobody at risk fell"
    if not ((n1 > 0) & (n0 > 0) & (a + b > 0)).any():
        return "no year in which somebody fell has both exposed and others"
    return ""


def _weighted(numerator: np.ndarray, total: np.ndarray) -> np.ndarray:
    parts = np.divide(numerator, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(parts.sum(axis=-1))


def _difference(tables: np.ndarray) -> np.ndarray:
    """Return the Mantel-Haenszel risk difference of stacked tables (k, 4, years)."""
    a, n1, b, n0 = np.moveaxis(tables, 1, 0)
    top, bottom = _weighted(a * n0 - b * n1, n1 + n0), _weighted(n1 * n0, n1 + n0)
    risk = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return np.asarray(risk)


def _ratio(tables: np.ndarray) -> np.ndarray:
    """Return the Mantel-Haenszel risk ratio; infinite if nobody unexposed fell."""
    a, n1, b, n0 = np.moveaxis(tables, 1, 0)
    top, bottom = _weighted(a * n0, n1 + n0), _weighted(b * n1, n1 + n0)
    endless = np.where(top > 0, np.inf, np.nan)
    return np.asarray(np.divide(top, bottom, out=endless, where=bottom > 0))


def _exact_p(tables: np.ndarray) -> float:
    """Return the chance of at least as many exposed among the fallen as there were."""
    from scipy.stats import hypergeom

    a, n1, b, n0 = tables.astype(int)
    chances = np.ones(1)
    for exposed, others, fallen in zip(n1, n0, a + b, strict=True):
        pmf = hypergeom.pmf(np.arange(fallen + 1), exposed + others, exposed, fallen)
        chances = np.convolve(chances, pmf)
    return float(min(1.0, chances[a.sum() :].sum()))
