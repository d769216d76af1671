"""Survival by position: Kaplan-Meier curves of person-years whose position may change.

Descriptive: nothing is held constant, and who moves from one group to another leaves the first and
enters the second. It shows what the models test.

References
----------
Kaplan, E. L., and P. Meier. 1958. Nonparametric estimation from incomplete observations. Journal
of the American Statistical Association 53: 457-481.
Snapinn, S. M., Q. Jiang, and B. Iglewicz. 2005. Illustrating the impact of a time-varying covariate
with an extended Kaplan-Meier estimator. American Statistician 59: 301-307.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.errors import did_you_mean
from innercircle.inference.mechanisms.falls import at_risk

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS = ("above", "below")
SURVIVAL_COLUMNS = ["group", "time", "survival", "lo", "hi", "at_risk", "events"]


def grouped_person_years(
    panel: pd.DataFrame, *, outcome: str, population: str, column: str
) -> pd.DataFrame:
    """Return person-years at risk as intervals, each in the group of its position.

    A person-year t lasts from t to t + 1: position is that of year t, the outcome that of t + 1.
    Time runs from the first year at risk in the population.

    Parameters
    ----------
    panel : DataFrame
        person_id, year, ``in_<population>``, ``at_risk_<outcome>``, ``<outcome>_next`` and
        ``column``.
    column : str
        Position. A person is above if it is higher than the median of those at risk that year, and
        below otherwise; person-years without a value are left out.

    Returns
    -------
    DataFrame
        person_id, year, start, stop, event (bool), group (of :data:`GROUPS`).

    Raises
    ------
    ValueError
        If the panel lacks the outcome, the population or the column.
    """
    if column not in panel:
        raise ValueError(f"the panel has no column {column!r}{did_you_mean(column, panel)}")
    rows = panel.loc[
        at_risk(panel, outcome, population), ["person_id", "year", f"{outcome}_next", column]
    ]
    first = rows.groupby("person_id")["year"].transform("min")
    median = rows.groupby("year")[column].transform("median")
    start = (rows["year"] - first).astype(float)
    table = pd.DataFrame(
        {
            "person_id": rows["person_id"],
            "year": rows["year"],
            "start": start,
            "stop": start + 1,
            "event": rows[f"{outcome}_next"] == 1,
            "group": np.where(rows[column] > median, *GROUPS),
        }
    )
    return table[rows[column].notna()].reset_index(drop=True)


def survival_curves(person_years: pd.DataFrame, groups: Sequence[str] = GROUPS) -> pd.DataFrame:
    """Return Kaplan-Meier curves by group, entry and exit from each group taken into account.

    Parameters
    ----------
    person_years : DataFrame
        start, stop, event, group; start from 0 in whole years.
    groups : sequence of str
        In this order; a group without rows is left out.

    Returns
    -------
    DataFrame
        Columns :data:`SURVIVAL_COLUMNS`, one row a group and year since entry, from 0: survival to
        the end of that time with Greenwood's 95 % limits on the log-log scale, persons at risk in
        the interval that ends then, and how many of them had the outcome. Limits are missing while
        nobody has. A curve ends where nobody is left at risk, and jumps to 0 if all at risk fall.
    """
    from lifelines import KaplanMeierFitter

    tables = []
    for group in groups:
        rows = person_years[person_years["group"] == group]
        if rows.empty:
            continue
        last = int(rows["stop"].max())
        times = np.arange(last + 1)
        risk = np.array([(rows["stop"] == t).sum() for t in times])
        events = np.array([(rows["event"] & (rows["stop"] == t)).sum() for t in times])
        # A curve means nothing beyond the first time at which nobody is at risk.
        empty = np.flatnonzero(risk[1:] == 0)
        end = int(empty[0]) if len(empty) else last
        within = rows[rows["stop"] <= end]
        if within.empty:
            continue
        fitter = KaplanMeierFitter().fit(within["stop"], within["event"], entry=within["start"])
        times = times[: end + 1]
        survival = fitter.survival_function_at_times(times).to_numpy(float)
        limits = fitter.confidence_interval_.reindex(times, method="ffill").to_numpy(float)
        limits[survival == 1] = np.nan
        columns = (group, times, survival, *limits.T, risk[: end + 1], events[: end + 1])
        tables.append(pd.DataFrame(dict(zip(SURVIVAL_COLUMNS, columns, strict=True))))
    if not tables:
        return pd.DataFrame(columns=SURVIVAL_COLUMNS)
    return pd.concat(tables, ignore_index=True)
