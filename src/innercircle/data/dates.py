"""EDTF dates of the coded tables, as ranges of days and of years.

Dates follow the Extended Date/Time Format (ISO 8601-2:2019), parsed by the ``edtf`` library. A
date is what the source lets one say: ``1848`` is some day of that year, ``1848-06/..`` is June
1848 or later, ``1848~`` is about 1848. Everything here turns that into an earliest and a latest
day, and spells of ties and posts into the calendar years in which they are known to hold.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import NamedTuple

import edtf


class DateRange(NamedTuple):
    """Earliest and latest day that a date allows; ``None`` is an open end."""

    earliest: dt.date | None
    latest: dt.date | None


@cache
def parse_date(text: str) -> DateRange:
    """Return the days that an EDTF text allows.

    Parameters
    ----------
    text : str
        ``1848``, ``1848-02``, ``1848-02-17``, ``1840/1845``, ``1848-06/..``, ``1848~``.

    Raises
    ------
    ValueError
        If the text is not EDTF, names a day that does not exist, or ends before it starts.
    """
    try:
        lower, upper = _bounds(text)
    except (edtf.EDTFParseException, ValueError, OverflowError) as error:
        expected = (
            "not a date in EDTF; write 1848, 1848-02, 1848-02-17, 1840/1845, 1848-06/.. or 1848~"
        )
        raise ValueError(expected) from error
    if lower and upper and upper < lower:
        raise ValueError("the interval ends before it starts")
    return DateRange(lower, upper)


def _bounds(text: str) -> tuple[dt.date | None, dt.date | None]:
    first, slash, last = text.partition("/")
    if "/" in last or any(part != part.strip() for part in (first, last)):
        raise ValueError("more than two ends, or spaces around a date: the library accepts both")
    if not slash:
        return _day(text, latest=False), _day(text, latest=True)
    # The library puts infinities in an open end; each side is parsed alone instead.
    lower = None if first in {"", ".."} else _day(first, latest=False)
    upper = None if last in {"", ".."} else _day(last, latest=True)
    if lower is None and upper is None:
        raise ValueError("an interval needs at least one end")
    return lower, upper


def _day(text: str, *, latest: bool) -> dt.date:
    parsed = edtf.parse_edtf(text)
    year, month, day = (parsed.upper_strict() if latest else parsed.lower_strict())[:3]
    return dt.date(year, month, day)


def year_of(text: str) -> int | None:
    """Return the first year that a date allows (the last, if only that is known)."""
    if not text:
        return None
    earliest, latest = parse_date(text)
    day = earliest or latest
    return day.year if day else None


def spell_years(start: str, end: str) -> tuple[int, int] | None:
    """Return the first and last calendar year in which a spell is known to hold.

    A spell without an end is known only for the years of its start (and the reverse); an end such
    as ``1848-06-22/..`` says that it held at least until then. Without either date there is none.
    """
    known = [parse_date(text) for text in (start, end) if text]
    if not known:
        return None
    first, last = known[0], known[-1]
    begins = first.earliest or first.latest
    ends = last.latest or last.earliest
    if begins is None or ends is None:  # parse_date never returns two open ends
        return None
    return begins.year, max(begins.year, ends.year)


def ends_before_start(start: str, end: str) -> bool:
    """Tell whether no day allowed by ``end`` is on or after the first day of ``start``."""
    if not (start and end):
        return False
    earliest, latest = parse_date(start).earliest, parse_date(end).latest
    return earliest is not None and latest is not None and latest < earliest
