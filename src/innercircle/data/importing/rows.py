"""What a file of another form does not say, and the rows that an import writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from innercircle.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OPTIONS = "options"  # stands for the file in messages about the command line
Row = dict[str, str]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class ImportOptions:
    """What the file itself may not say.

    Attributes
    ----------
    year : int or None
        Year of all edges or events, where the file has no years or dates.
    years : tuple of (int or None)
        First and last year of the study; by default those of the file.
    directed : bool or None
        Whether edges have a direction; by default what GraphML says, and no for an edge list.
    relation : str
        Relation of all directed edges, where the file does not name relations.
    title, source : str
        As outputs print them.
    """

    year: int | None = None
    years: tuple[int | None, int | None] = (None, None)
    directed: bool | None = None
    relation: str = ""
    title: str = ""
    source: str = ""


def outside(
    file: str, row: int, column: str, year: int, options: ImportOptions
) -> Iterable[Problem]:
    """Yield the problem of a year that is not one of the study's, if so."""
    first, last = options.years
    if (first is not None and year < first) or (last is not None and year > last):
        expected = f"outside the years of the study, {first or 'any'} to {last or 'any'}"
        yield Problem(file, row, column, str(year), expected)


def vouched(locator: str) -> Row:
    """Return the columns with which every row ends: the file states it."""
    return {"locator": locator, "certainty": "explicit", "status": "asserted"}


def person_row(name: str, key: str, locator: str, stated: Row | None = None) -> Row:
    """Return a row of persons; what stands before a comma is the surname."""
    surname, _, given = (part.strip() for part in name.partition(","))
    spelt = {"surname": surname, "given_names": given} if surname and given else {"surname": name}
    return {"person_id": key, **spelt, **(stated or {}), **vouched(locator)}


def event_row(key: str, kind: str, date: str, label: str, locator: str) -> Row:
    """Return a row of events; whether others were there too, no network says."""
    cells = {"event_id": key, "kind": kind, "mode": "meeting", "start": date, "label": label}
    return cells | {"roster": "partial"} | vouched(locator)


def sorted_rows(tables: Tables) -> Tables:
    """Return the tables sorted by primary key."""
    keys: dict[str, Callable[[Row], tuple[str, ...]]] = {
        "persons": lambda row: (row["person_id"],),
        "events": lambda row: (row["event_id"],),
        "participations": lambda row: (row["event_id"], row["person_id"]),
    }
    return {
        name: sorted(rows, key=keys[name]) if name in keys else rows
        for name, rows in tables.items()
    }
