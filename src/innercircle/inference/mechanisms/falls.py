"""Who was at risk of falling, and when each person fell, as far as the coded dates say."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from innercircle.data.dates import parse_date
from innercircle.errors import did_you_mean

if TYPE_CHECKING:
    import datetime as dt


def first_falls(falls: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """Return the stretch of time in which each person first fell.

    Parameters
    ----------
    falls : Series or DataFrame
        A Series from person_id to a year or an EDTF date; or a frame with person_id and ``date``
        (EDTF) or, without that column, ``year`` (as from
        :func:`innercircle.panel.risk.outcome_years`), any number of rows a person. Rows without a
        date are left out.

    Returns
    -------
    DataFrame
        Index person_id, sorted; start and end in years with decimals (the end exclusive), so that
        1848 is 1848.0 to 1849.0; year, the calendar year of the start. Of several dates the first
        fall is no later than the earliest end and no earlier than the earliest start.
    """
    if isinstance(falls, pd.Series):
        people, dates = falls.index, falls.to_list()
    else:
        people = falls["person_id"]
        dates = falls["date" if "date" in falls else "year"].to_list()
    rows = [
        (person, *_stretch(date))
        for person, date in zip(people, dates, strict=True)
        if not pd.isna(date) and date != ""
    ]
    table = pd.DataFrame(rows, columns=["person_id", "start", "end"])
    first = table.astype({"start": float, "end": float}).groupby("person_id", sort=True).min()
    return first.assign(year=np.floor(first["start"]).astype(np.int64))


def at_risk(panel: pd.DataFrame, outcome: str, population: str | None) -> pd.Series:
    """Return the person-years at risk of an outcome in t+1 whose t+1 is observed, as a mask.

    Raises
    ------
    ValueError
        If the panel lacks the outcome or the population.
    """
    needed = [f"at_risk_{outcome}", f"{outcome}_next"]
    needed += [f"in_{population}"] if population is not None else []
    for column in needed:
        if column not in panel:
            raise ValueError(f"the panel has no column {column!r}{did_you_mean(column, panel)}")
    use = panel[needed[0]].astype(bool) & panel[needed[1]].notna()
    return use & panel[needed[2]] if population is not None else use


def _stretch(date: Any) -> tuple[float, float]:
    if not isinstance(date, str):
        return float(date), float(date) + 1
    earliest, latest = parse_date(date)
    # An open end is placed in the year of the other one, as in the panel.
    start = _decimal(earliest) if earliest else float(latest.year if latest else 0)
    end = _decimal(latest, after=True) if latest else np.floor(start) + 1
    return start, float(end)


def _decimal(day: dt.date, *, after: bool = False) -> float:
    """Return the beginning of a day, or the end of it, in years."""
    days = 366 if calendar.isleap(day.year) else 365
    return day.year + (day.timetuple().tm_yday - (0 if after else 1)) / days
