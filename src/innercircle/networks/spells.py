"""Which ties and posts hold in which year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.dates import parse_date, spell_years

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

DEATHS = ("died", "killed", "executed", "suicide")


def death_dates(fates: pd.DataFrame) -> dict[str, dt.date]:
    """Return the last day on which each person may have lived, where the source dates a death."""
    died: dict[str, dt.date] = {}
    deaths = fates.loc[fates["outcome"].isin(DEATHS) & (fates["date"] != "")]
    for person, date in zip(deaths["person_id"], deaths["date"], strict=True):
        known = parse_date(date)
        day = known.latest or known.earliest
        if day:  # of two accounts the earlier is believed
            died[person] = min(day, died.get(person, day))
    return died


def ties_by_year(
    ties: pd.DataFrame,
    lasting: Collection[str],
    years: range,
    died: Mapping[str, int],
) -> pd.DataFrame:
    """Repeat each tie in every year in which it is known to hold.

    Parameters
    ----------
    ties : DataFrame
        The raw table (filtered by status and relation).
    lasting : collection of str
        Relations that go on, where the source gives no end, until one of the two dies or the years
        run out. All others hold only in the years stated.
    years : range
        Calendar years of the study.
    died : mapping of str to int
        Year of death by person.

    Returns
    -------
    DataFrame
        The columns of ``ties`` and ``year``. A tie without any date is in no year: it cannot be
        placed (``data_quality.csv`` counts such ties).
    """
    placed = []
    for tie in ties.itertuples(index=False):
        spell = spell_years(tie.start, tie.end)
        if spell is None:
            continue
        first, last = spell
        deaths = [died[p] for p in (tie.source_id, tie.target_id) if p in died]
        if tie.relation in lasting and not tie.end:
            last = min([years[-1], *deaths])
        placed += [(tie.tie_id, year) for year in years if first <= year <= max(first, last)]
    in_years = pd.DataFrame(placed, columns=["tie_id", "year"])
    return in_years.merge(ties, on="tie_id", validate="many_to_one")
