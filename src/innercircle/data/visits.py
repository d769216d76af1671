"""A log of visits: its date-times, and what cannot be true of it.

Times are local to the place and carry no zone: a log is one clock on one wall. An entry may be a
day without a time (``1848-02-17``), an exit is a date-time or empty; an exit after midnight
carries the date of the next day. Everything is done on whole columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.data.columns import FIRST_ROW
from innercircle.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

# A visit that is longer is taken for a slip in the log, unless the configuration says otherwise.
LONGEST_HOURS = 24.0
_HOUR = 3600
_DAY = r"\d{4}-\d{2}-\d{2}"
_TIMED = re.compile(rf"{_DAY}T\d{{2}}:\d{{2}}(?::\d{{2}})?")
_UNTIMED = re.compile(_DAY)
_ZONED = re.compile(r".*\d{2}:\d{2}(?::\d{2})?\s*(?P<zone>Z|[+-]\d{2}(?::?\d{2})?|[A-Z]{3,5})")
_EXPECTED = "not a date-time such as 1848-02-17T14:30"
_NO_SUCH = "no such day or time; midnight is 00:00 of the next day"
# Accounts that the author doubts or rejects may contradict the others.
_BELIEVED = ("asserted", "reported")


def read_times(cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return date-times and whether each has a time of day.

    Parameters
    ----------
    cells : Series of str
        As :func:`check_visits` accepts them; empty is unknown.

    Returns
    -------
    times : ndarray of datetime64[s], shape (n,)
        Midnight where only the day is given; NaT where empty.
    timed : ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        If a cell is not a date or date-time.
    """
    texts = cells.to_numpy(dtype=str)
    return np.where(texts == "", "NaT", texts).astype("datetime64[s]"), np.char.find(texts, "T") > 0


def check_visits(visits: pd.DataFrame, file: str, longest_hours: float) -> list[Problem]:
    """Return everything in a log of visits that cannot be.

    Parameters
    ----------
    visits : DataFrame of str
        Columns person_id, place, start, end, occasion and status of the raw table.
    file : str
        Named in the problems.
    longest_hours : float
        A visit may not be longer.

    Returns
    -------
    list of Problem
        One for every row concerned: cells that are no date-time (with what the file mixes, if it
        mixes formats or zones), exits before entries, visits that are too long, rows that repeat
        a visit, and visits of one person that overlap, wherever they were.
    """
    problems = [*_check_column(visits["start"], file), *_check_column(visits["end"], file)]
    good = np.ones(len(visits), dtype=bool)
    good[[problem.row - FIRST_ROW for problem in problems]] = False
    good &= (visits["start"] != "").to_numpy()
    rows = visits[good].assign(row=np.flatnonzero(good) + FIRST_ROW)
    entry, timed = read_times(rows["start"])
    leave, _ = read_times(rows["end"])
    rows = rows.assign(entry=entry, exit=leave, timed=timed)
    problems += _check_lengths(rows, file, longest_hours)
    rows = rows[rows["status"].isin(_BELIEVED)]
    columns = ["person_id", "place", "start", "end", "occasion"]
    repeated = rows.duplicated(columns)
    first = rows.groupby(columns, sort=False)["row"].transform("min")[repeated]
    for row, original, start in zip(
        rows.loc[repeated, "row"], first, rows.loc[repeated, "start"], strict=True
    ):
        expected = (
            f"the same visit as row {original}: one person, place, entry and exit; if there were "
            "two that day, give each an occasion"
        )
        problems.append(Problem(file, int(row), "start", start, expected))
    return problems + list(_overlaps(rows[~repeated], file))


def _check_column(cells: pd.Series, file: str) -> list[Problem]:
    """Say of each cell that is no date-time why not; each distinct text is looked at once."""
    name = str(cells.name)
    codes, texts = pd.factorize(cells)
    counts = np.bincount(codes, minlength=len(texts))
    shapes: dict[str, int] = {}
    zones: dict[str, int] = {}
    faults: dict[int, tuple[str, str]] = {}
    for code, text in enumerate(texts):
        if text == "":
            continue
        zone = _ZONED.fullmatch(text)
        shape = _shape(text)
        if zone:
            faults[code] = ("zone", "has a time zone")
            zones[zone["zone"]] = zones.get(zone["zone"], 0) + int(counts[code])
        else:
            if ":" in text:
                zones["none"] = zones.get("none", 0) + int(counts[code])
            shapes[shape] = shapes.get(shape, 0) + int(counts[code])
            fault = _fault(text, name)
            if fault:
                faults[code] = fault
    mixed = _mixture("formats", shapes)
    mixed_zones = _mixture("time zones", zones)
    said = {
        "format": f"{_EXPECTED}{mixed}",
        "zone": f"has a time zone; write the local time of the place, without one{mixed_zones}",
    }
    wrong = np.isin(codes, list(faults))
    return [
        Problem(file, int(row) + FIRST_ROW, name, texts[code], said.get(kind, expected))
        for row, code in zip(np.flatnonzero(wrong), codes[wrong], strict=True)
        for kind, expected in [faults[code]]
    ]


def _fault(text: str, column: str) -> tuple[str, str] | None:
    if _UNTIMED.fullmatch(text) and column == "end":
        return "exit", "an exit needs a time; leave the cell empty if there is none"
    if not (_UNTIMED.fullmatch(text) or _TIMED.fullmatch(text)):
        return "format", _EXPECTED
    try:
        np.datetime64(text, "s")
    except ValueError:
        return "calendar", _NO_SUCH
    return None


def _shape(text: str) -> str:
    """Return the form of a date-time; with and without seconds or time of day count as one."""
    if _TIMED.fullmatch(text) or _UNTIMED.fullmatch(text):
        return "YYYY-MM-DDThh:mm"
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text))


def _mixture(what: str, counts: dict[str, int]) -> str:
    if len(counts) < 2:  # noqa: PLR2004 - one form is no mixture
        return ""
    most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = ", ".join(f"{name} ({count} cells)" for name, count in most_first)
    return f"; the column mixes {what}: {parts}"


def _check_lengths(rows: pd.DataFrame, file: str, longest_hours: float) -> Iterator[Problem]:
    entry, leave = rows["entry"].to_numpy(), rows["exit"].to_numpy()
    # An entry without a time may have been at any time of its day: its first moment is compared for
    # the order and its last for the length, so that only what cannot be is refused.
    slack = np.where(rows["timed"], 0, 24 * _HOUR - 1).astype("timedelta64[s]")
    before = leave < entry
    hours = (leave - entry - slack) / np.timedelta64(_HOUR, "s")
    for row, start, end in rows.loc[before, ["row", "start", "end"]].to_numpy():
        expected = f"exit before entry, {start}; an exit after midnight has the next day's date"
        yield Problem(file, int(row), "end", end, expected)
    long = hours > longest_hours
    for (row, start, end), length in zip(
        rows.loc[long, ["row", "start", "end"]].to_numpy(), hours[long], strict=True
    ):
        expected = (
            f"a visit of {length:.1f} hours, from {start}; the limit is {longest_hours:g} "
            "(visits: longest_hours in the configuration)"
        )
        yield Problem(file, int(row), "end", end, expected)


def _overlaps(rows: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Yield both rows of each overlap, the longest-lasting earlier visit being the other one."""
    whole = rows[rows["timed"] & (rows["exit"] > rows["entry"])]
    whole = whole.sort_values(["person_id", "entry", "exit", "row"])
    person, _ = pd.factorize(whole["person_id"])
    entry = whole["entry"].to_numpy().astype(np.int64)
    leave = whole["exit"].to_numpy().astype(np.int64)
    if not len(whole):
        return
    # Persons follow one another on one axis, so that a running maximum never crosses them.
    span = int(leave.max() - entry.min()) + 1
    first, last = entry - entry.min() + person * span, leave - entry.min() + person * span
    furthest = np.maximum.accumulate(last)
    clash = np.flatnonzero(first[1:] < furthest[:-1]) + 1
    holder = np.maximum.accumulate(
        np.where(np.r_[True, last[1:] > furthest[:-1]], np.arange(len(last)), 0)
    )
    table = whole[["row", "place", "start", "end"]].to_numpy()
    said = set()
    for later, earlier in zip(clash, holder[clash - 1], strict=True):
        for one, other in ((later, earlier), (earlier, later)):
            row, place, start, _ = table[one]
            number, elsewhere, since, until = table[other]
            if row not in said:
                said.add(row)
                where = "same place" if place == elsewhere else f"then at {elsewhere}"
                expected = f"overlaps row {number} of this person ({since} to {until}, {where})"
                yield Problem(file, int(row), "start", start, expected)
