"""Membership layer: whose spells in the same body overlapped."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.dates import parse_date, spell_years

if TYPE_CHECKING:
    from collections.abc import Iterator


def spells_by_year(memberships: pd.DataFrame, years: range) -> pd.DataFrame:
    """Return every spell in every year in which it is known to hold.

    Parameters
    ----------
    memberships : DataFrame
        The raw table, filtered by status and kind of body.
    years : range
        Calendar years of the study.

    Returns
    -------
    DataFrame
        Columns year, body_id, person_id, role, first, last: the days of the spell within the year.
        Spells without any date are in no year.
    """
    rows = [
        (year, spell.body_id, spell.person_id, spell.role, *days)
        for spell in memberships.itertuples(index=False)
        for year, *days in _days_in_years(spell.start, spell.end, years)
    ]
    columns = ["year", "body_id", "person_id", "role", "first", "last"]
    return pd.DataFrame(rows, columns=columns).sort_values(columns[:4], ignore_index=True)


def _days_in_years(start: str, end: str, years: range) -> Iterator[tuple[int, dt.date, dt.date]]:
    span = spell_years(start, end)
    if span is None:
        return
    begins = (parse_date(start).earliest if start else None) or dt.date(span[0], 1, 1)
    if end:
        known = parse_date(end)
        ends = known.latest or known.earliest or dt.date(span[1], 12, 31)
    else:
        ends = dt.date(span[1], 12, 31)
    for year in range(max(span[0], years[0]), min(span[1], years[-1]) + 1):
        first, last = max(begins, dt.date(year, 1, 1)), min(ends, dt.date(year, 12, 31))
        if first <= last:
            yield year, first, last


def membership_edges(spells: pd.DataFrame) -> pd.DataFrame:
    """Tie the persons whose spells in one body overlapped by at least a day.

    Parameters
    ----------
    spells : DataFrame
        As from :func:`spells_by_year`.

    Returns
    -------
    DataFrame
        Columns year, source, target, weight (bodies shared), weight_discounted (each body of k
        persons in that year adds 1 / (k - 1), as Newman 2001 does for papers), n_events (= weight).
    """
    rows = []
    for (year, _), body in spells.groupby(["year", "body_id"], sort=True):
        others = body["person_id"].nunique() - 1
        rows += [(year, a, b, 1, 1 / others) for a, b in colleagues(body)]
    edges = pd.DataFrame(rows, columns=["year", "source", "target", "weight", "weight_discounted"])
    edges = edges.groupby(["year", "source", "target"], as_index=False, sort=True).sum()
    return edges.assign(n_events=edges["weight"])


def colleagues(body: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the pairs of persons of whom a spell in one body overlapped, each pair in order."""
    days: dict[str, list[tuple[dt.date, dt.date]]] = {}
    for person, first, last in zip(body["person_id"], body["first"], body["last"], strict=True):
        days.setdefault(person, []).append((first, last))
    for a, b in combinations(sorted(days), 2):
        if any(f1 <= l2 and f2 <= l1 for f1, l1 in days[a] for f2, l2 in days[b]):
            yield a, b
