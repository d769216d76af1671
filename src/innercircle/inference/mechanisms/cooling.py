"""Cooling: whether access and position decline in the years before a fall.

References
----------
MacKinlay, A. C. 1997. Event studies in economics and finance. Journal of Economic Literature 35:
13-39.
Prentice, R. L., and N. E. Breslow. 1978. Retrospective studies and failure time models. Biometrika
65: 153-158 (matching those who fail with those at risk at the same time).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from innercircle.errors import did_you_mean
from innercircle.inference.mechanisms.falls import at_risk
from innercircle.inference.mechanisms.result import (
    DRAWS,
    Mechanism,
    notes,
    p_value,
    percentile_interval,
    resample_counts,
    undefined,
)
from innercircle.inference.rows import within_year_z

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "cooling"
LAGS = (3, 2, 1)
_LABELS = (*[f"t-{lag}" for lag in LAGS], f"change t-{LAGS[0]} to t-{LAGS[-1]}")
_FEWEST_FALLEN = 2


class _MatchedSet(NamedTuple):
    """Those at risk in one year (of one standing): who fell, and levels (persons, statistics)."""

    fell: np.ndarray
    levels: np.ndarray


def cooling(
    panel: pd.DataFrame,
    rng: np.random.Generator,
    draws: int = DRAWS,
    *,
    outcome: str,
    columns: Sequence[str],
    population: str | None = None,
) -> list[Mechanism]:
    """Compare the fallen, in the three years before, with survivors at risk in the same year.

    Those who fall in year t are matched with those at risk in t-1 who do not fall in t and have the
    same standing in t-1; in a year in which some standing has no survivor, with all survivors. The
    statistic at a lag is the mean, over the fallen with a value there, of the difference to the
    mean of their matched survivors. The null relabels, within matched sets, who fell, each person
    keeping his values at all lags; the test is two-sided.

    Parameters
    ----------
    panel : DataFrame
        person_id, year, standing, ``at_risk_<outcome>``, ``<outcome>_next``, ``in_<population>``.
    outcome : str
    columns : sequence of str
        What to follow. Columns ending in ``_share`` are left as they are; others are standardised
        within the year.
    population : str, optional
        By default everyone in the panel.

    Returns
    -------
    list of Mechanism
        For each column one at each of t-3, t-2, t-1 and one for the change from t-3 to t-1.
        Intervals from resampling the fallen, and the survivors within matched sets. ``n`` counts
        the fallen with a value.

    Raises
    ------
    ValueError
        If the panel lacks the outcome, the population or a column.
    """
    for column in columns:
        if column not in panel:
            raise ValueError(f"the panel has no column {column!r}{did_you_mean(column, panel)}")
    statistics = [f"{column}, {label}" for column in columns for label in _LABELS]
    questions = [f"Is {c} lower before a fall than among survivors?" for c in columns]
    questions = [question for question in questions for _ in _LABELS]
    sets, unmatched = _matched_sets(panel, outcome, columns, population)
    if not sets:
        why = "nobody at risk fell in a year that others at risk survived"
        return [
            undefined(NAME, question, [statistic], why)[0]
            for question, statistic in zip(questions, statistics, strict=True)
        ]
    observed, n = (found[0] for found in _mean_gap(_observed_sums(sets)))
    null = _relabelled(sets, draws, rng)
    resampled = _mean_gap(_resampled_sums(sets, draws, rng))[0]
    coarse = f"{unmatched} years matched without standing" if unmatched else ""
    wording = f"who fell relabelled within matched sets ({draws} draws); two-sided"
    results = []
    for k, statistic in enumerate(statistics):
        if np.isnan(observed[k]):
            why = notes("none of the fallen has a value to compare there", coarse)
            results += undefined(NAME, questions[k], [statistic], why)
            continue
        p = p_value(observed[k], null[:, k], "two-sided")
        lo, hi, why = (np.nan, np.nan, "no interval: one fallen")
        if n[k] >= _FEWEST_FALLEN:
            lo, hi, why = percentile_interval(resampled[:, k])
        found = (float(observed[k]), lo, hi, p, int(n[k]))
        results.append(
            Mechanism(NAME, questions[k], statistic, *found, wording, notes(coarse, why))
        )
    return results


def cooling_curves(
    panel: pd.DataFrame,
    rng: np.random.Generator,
    draws: int = DRAWS,
    *,
    outcome: str,
    columns: Sequence[str],
    population: str | None = None,
    lags: Sequence[int] = (*LAGS, 0),
) -> pd.DataFrame:
    """Return mean levels of the fallen and of their matched survivors around the year of the fall.

    Matched, scaled and resampled as in :func:`cooling`; levels at lag 0 are of the year of the fall
    itself, which a fall may already have cut short. Survivors count as often as those who fell
    beside them, so that the gap is that of :func:`cooling`.

    Parameters
    ----------
    panel, rng, draws, outcome, columns, population
        As for :func:`cooling`.
    lags : sequence of int
        Years before the year of the fall.

    Returns
    -------
    DataFrame
        One row a column, group (``fallen``, ``survivors``, ``gap``) and lag: column, group, lag,
        value, lo, hi (95 %, percentiles of the resamples), n_fallen (with a value and someone to
        compare with), n_survivors. Empty if nobody fell in a year that others survived.
    """
    names = ["column", "group", "lag", "value", "lo", "hi", "n_fallen", "n_survivors"]
    sets, _ = _matched_sets(panel, outcome, columns, population, lags)
    if not sets:
        return pd.DataFrame(columns=names)
    ones = _observed_sums(sets)
    n_others = np.sum([n for _, (_, n) in ones], axis=0)[0]
    n_fallen = _mean_gap(ones)[1][0]
    observed = [level[0] for level in _group_levels(ones)]
    drawn = _group_levels(_resampled_sums(sets, draws, rng))
    rows = []
    width = len(lags) + 1  # the change from the first to the last comes after the levels
    for c, column in enumerate(columns):
        for group, value, resampled in zip(
            ("fallen", "survivors", "gap"), observed, drawn, strict=True
        ):
            for k, lag in enumerate(lags):
                at = c * width + k
                lo, hi = np.nan, np.nan
                if n_fallen[at] >= _FEWEST_FALLEN:
                    lo, hi, _ = percentile_interval(resampled[:, at])
                counts = (int(n_fallen[at]), int(n_others[at]))
                rows.append((column, group, lag, float(value[at]), lo, hi, *counts))
    return pd.DataFrame(rows, columns=names)


def _matched_sets(
    panel: pd.DataFrame,
    outcome: str,
    columns: Sequence[str],
    population: str | None,
    lags: Sequence[int] = LAGS,
) -> tuple[list[_MatchedSet], int]:
    rows = panel.loc[
        at_risk(panel, outcome, population), ["person_id", "year", "standing", f"{outcome}_next"]
    ]
    rows = rows.rename(columns={f"{outcome}_next": "fell"}).reset_index(drop=True)
    values = _lagged(panel, rows, columns, lags)
    sets, unmatched = [], 0
    for _, year in rows.groupby("year", sort=True):
        if year["fell"].min() == year["fell"].max():
            continue
        cells = [cell for _, cell in year.groupby("standing", sort=True)]
        if any((cell["fell"] == 1).all() for cell in cells):
            cells, unmatched = [year], unmatched + 1
        sets += [
            _MatchedSet(cell["fell"].to_numpy() == 1, values[cell.index.to_numpy()])
            for cell in cells
            if (cell["fell"] == 1).any()
        ]
    return sets, unmatched


def _lagged(
    panel: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[str], lags: Sequence[int]
) -> np.ndarray:
    """Return values of each row's person at each lag before t = year + 1, and their change."""
    scaled = pd.DataFrame(
        {
            column: panel[column].astype(float)
            if column.endswith("_share")
            else within_year_z(panel[column], panel["year"]).where(panel[column].notna())
            for column in columns
        }
    )
    scaled.index = pd.MultiIndex.from_frame(panel[["person_id", "year"]])
    at_lag = []
    for lag in lags:
        keys = pd.MultiIndex.from_arrays([rows["person_id"], rows["year"] + 1 - lag])
        at_lag.append(scaled.reindex(keys).to_numpy(float))
    stacked = np.stack([*at_lag, at_lag[-1] - at_lag[0]], axis=2)
    return stacked.reshape(len(rows), stacked.shape[1] * stacked.shape[2])


def _sums(weights: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weighted sums and counts of known values, each (draws, statistics)."""
    known = ~np.isnan(values)
    return weights @ np.where(known, values, 0.0), weights @ known.astype(float)


_Parts = list[tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]]


def _mean_gap(parts: _Parts) -> tuple[np.ndarray, np.ndarray]:
    """Combine sums and counts of fallen and survivors over sets: mean gap and count of fallen."""
    _, _, gap = _group_levels(parts)
    count = np.sum([np.where(n_others > 0, n, 0.0) for (_, n), (_, n_others) in parts], axis=0)
    return gap, count


def _group_levels(parts: _Parts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean levels of the fallen, of survivors weighted by the fallen beside them, gaps."""
    shape = parts[0][0][0].shape
    level, beside, count = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for (fallen, n_fallen), (others, n_others) in parts:
        comparable = n_others > 0
        mean = np.divide(others, n_others, out=np.zeros_like(others), where=comparable)
        level += np.where(comparable, fallen, 0.0)
        beside += np.where(comparable, n_fallen * mean, 0.0)
        count += np.where(comparable, n_fallen, 0.0)
    known = count > 0
    level, beside, gap = (
        np.divide(total, count, out=np.full(shape, np.nan), where=known)
        for total in (level, beside, level - beside)
    )
    return level, beside, gap


def _observed_sums(sets: list[_MatchedSet]) -> _Parts:
    return [
        (_sums(s.fell[None].astype(float), s.levels), _sums(1.0 - s.fell[None], s.levels))
        for s in sets
    ]


def _relabelled(sets: list[_MatchedSet], draws: int, rng: np.random.Generator) -> np.ndarray:
    parts = []
    for one in sets:
        size, fallen = len(one.fell), int(one.fell.sum())
        chosen = np.argpartition(rng.random((draws, size)), fallen - 1, axis=1)[:, :fallen]
        labels = np.zeros((draws, size))
        np.put_along_axis(labels, chosen, 1.0, axis=1)
        everyone, n = _sums(np.ones((1, size)), one.levels)
        mine, n_mine = _sums(labels, one.levels)
        parts.append(((mine, n_mine), (everyone - mine, n - n_mine)))
    return _mean_gap(parts)[0]


def _resampled_sums(sets: list[_MatchedSet], draws: int, rng: np.random.Generator) -> _Parts:
    """Resample the fallen over all sets, and the survivors within each."""
    sizes = [int(one.fell.sum()) for one in sets]
    fallen = np.split(resample_counts(sum(sizes), draws, rng), np.cumsum(sizes)[:-1], axis=1)
    parts = []
    for one, counts in zip(sets, fallen, strict=True):
        survivors = resample_counts(int((~one.fell).sum()), draws, rng)
        parts.append((_sums(counts, one.levels[one.fell]), _sums(survivors, one.levels[~one.fell])))
    return parts
