"""Dates as spans of days, and what can be said of them when a date is not exact.

A date such as ``1848`` allows many days. A statement about it is then true, false, or open; the
functions here return ``True``, ``False`` or ``None`` for these three.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import NamedTuple

from innercircle.data.dates import parse_date

# Beyond every day of any study: the open end of ``1848/..``, and the day of an undated fact.
PAST, FUTURE = 0, 10_000_000
DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}


class Span(NamedTuple):
    """First and last day that a date allows, as proleptic ordinals."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """Length in days, both ends counted."""
        return self.last - self.first + 1

    @property
    def years(self) -> range:
        """Calendar years that the span touches."""
        first, last = (dt.date.fromordinal(day).year for day in self)
        return range(first, last + 1)

    def covers(self, other: Span) -> bool | None:
        """Tell whether another date surely, surely not, or perhaps lies within."""
        if self.first <= other.first and other.last <= self.last:
            return True
        return None if self.overlaps(other) else False

    def overlaps(self, other: Span) -> bool:
        """Tell whether the spans share a day."""
        return self.first <= other.last and other.first <= self.last

    def before(self, other: Span) -> bool | None:
        """Tell whether this date surely, surely not, or perhaps comes before another."""
        if self.last < other.first:
            return True
        return False if self.first >= other.last else None


ANY_DAY = Span(PAST, FUTURE)


@cache
def span(text: str) -> Span:
    """Return the days that an EDTF text allows; an empty text allows any day."""
    if not text:
        return ANY_DAY
    known = parse_date(text)
    first = known.earliest.toordinal() if known.earliest else PAST
    last = known.latest.toordinal() if known.latest else FUTURE
    return Span(first, last)


def opening_day(start: str, end: str = "") -> int | None:
    """Return the first day that a start allows, the package's day for placing a fact in time."""
    for text in (start, end):
        if text:
            known = parse_date(text)
            day = known.earliest or known.latest
            return day.toordinal() if day else None
    return None


def all_of(answers: list[bool | None]) -> bool | None:
    """Return whether all hold: one that does not settles it, else one that is open leaves it so."""
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True
