"""Seats in a body: who holds one at the end of a year, and who loses it in the next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from innercircle.data.dates import parse_date, spell_years
from innercircle.data.study import with_status
from innercircle.panel.risk import other_ends

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study


class _Spell(NamedTuple):
    first: int  # year in which it is known to begin
    last: int  # last year in which it is known to hold
    begins: dt.date
    ends: dt.date  # last day that the end allows; the last day of all if it is open
    lost: bool  # whether it is known to end


def seat_spells(study: Study, config: Config, outcome: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who holds a seat at the end of each year, and who loses one when.

    A change of role within the body is no loss: a spell counts as lost when it ends and no other
    spell in the body and roles goes on from there. A seat that falls vacant by the holder's end was
    not lost, unless that end is a purge (see :mod:`innercircle.panel.risk`).

    Parameters
    ----------
    outcome : str
        A key of ``outcomes`` with ``seat_lost`` (body, roles).

    Returns
    -------
    held, lost : DataFrame
        person_id and year, sorted.
    """
    rule = config["outcomes"][outcome]["seat_lost"]
    members = study.get("memberships")
    columns = ["person_id", "year"]
    if members is None:
        return pd.DataFrame(columns=columns), pd.DataFrame(columns=columns)
    members = with_status(members, config["status"])
    members = members[(members["body_id"] == rule["body"]) & members["role"].isin(rule["roles"])]
    fates = study.get("fates")
    ends = other_ends(with_status(fates, config["status"]), config)["earliest"].to_dict()
    held, lost = set(), set()
    for person, rows in members.groupby("person_id"):
        spells = [s for row in rows.itertuples() if (s := _spell(row.start, row.end))]
        held |= {(person, year) for s in spells for year in range(s.first, s.last)}
        vacated = ends.get(person, dt.date.max)
        lost |= {
            (person, s.last)
            for s in spells
            if s.lost and s.ends < vacated and not any(_continues(s, other) for other in spells)
        }
    return (
        pd.DataFrame(sorted(held), columns=columns),
        pd.DataFrame(sorted(lost), columns=columns),
    )


def _spell(start: str, end: str) -> _Spell | None:
    years = spell_years(start, end)
    if years is None:
        return None
    begins = parse_date(start).earliest if start else None
    ends = parse_date(end).latest if end else None
    return _Spell(*years, begins or dt.date.min, ends or dt.date.max, ends is not None)


def _continues(spell: _Spell, other: _Spell) -> bool:
    return other.begins <= spell.ends < other.ends
