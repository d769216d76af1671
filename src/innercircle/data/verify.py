"""The passage check: whether each coded row's locator points to text that names its persons.

A row passes if each person it names occurs, under his surname or any listed variant, in one of
the passages that its locator points to, and if its year is compatible with them: named there, or
within a year of the span of years that their section names. This finds wrong locators, wrong ids
and invented rows; it cannot find a wrong reading of the right passage, which is for the audit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.dates import parse_date
from innercircle.data.locators import split_locators
from innercircle.data.passages import Source, normalise
from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from pathlib import Path

    from innercircle.data.study import Study

_PERSON_COLUMNS = ("person_id", "source_id", "target_id", "via_id", "other_id")
_DATE_COLUMNS = ("start", "date", "joined", "end", "period")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_DECADE = re.compile(r"\b([12]\d\d)0s\b")
# Tables whose dates are not statements of the passage alone, or that name no occasion.
_UNDATED_TABLES = {"bodies"}
_NEAREST = 3


@dataclass(frozen=True)
class Failure:
    """A row that its passage does not bear out."""

    table: str
    row: int
    key: str
    locator: str
    reason: str
    nearest: str

    def __str__(self) -> str:
        would_pass = f"; would pass at {self.nearest}" if self.nearest else ""
        where = f"{self.table}.csv, row {self.row} ({self.key}), locator {self.locator}"
        return f"{where}: {self.reason}{would_pass}"


def verify_coding(study: Study, source: Source) -> tuple[list[Failure], dict[str, int]]:
    """Check every coded row against the passages of the source.

    Returns
    -------
    failures : list of Failure
    checked : dict of str to int
        Rows checked per table.
    """
    forms = name_forms(study)
    span = _section_years(source)
    failures: list[Failure] = []
    checked: dict[str, int] = {}
    for name, table in study.tables.items():
        if "locator" not in table:
            continue
        checked[name] = len(table)
        people = [c for c in _PERSON_COLUMNS if c in table]
        dates = [c for c in _DATE_COLUMNS if c in table and name not in _UNDATED_TABLES]
        for number, row in enumerate(table.to_dict("records"), start=2):
            locators = split_locators(row["locator"])
            persons = sorted({row[c] for c in people if row[c]})
            reason, nearest = _check_row(source, locators, persons, forms)
            if not reason:
                reason = _check_years(
                    source, locators, [_date(row[c]) for c in dates if row[c]], span
                )
            if reason:
                key = "+".join(str(row[c]) for c in table.columns[:3])
                failures.append(Failure(name, number, key, row["locator"], reason, nearest))
    return failures, checked


def _date(cell: str) -> str:
    """Return a cell's date without the time of day that a log of visits states."""
    return cell.partition("T")[0]


def name_forms(study: Study) -> dict[str, set[str]]:
    """Return every form under which a person may be printed, normalised."""
    forms: dict[str, set[str]] = {}
    for name, column in (("persons", "surname"), ("name_variants", "form")):
        table = study.get(name)
        if table is not None:
            for person, form in zip(table["person_id"], table[column], strict=True):
                forms.setdefault(person, set()).add(normalise(form))
    return forms


def _named(text: str, forms: set[str]) -> bool:
    return any(form in text for form in forms)


def _check_row(
    source: Source, locators: list[str], persons: list[str], forms: dict[str, set[str]]
) -> tuple[str, str]:
    unknown = [locator for locator in locators if locator not in source.passages]
    if unknown:
        return f"no such passage: {', '.join(unknown)}", ""
    text = source.text(locators)
    absent = [person for person in persons if not _named(text, forms.get(person, {person}))]
    if not absent:
        return "", ""
    return f"not named there: {', '.join(absent)}", _nearest(source, locators, persons, forms)


def _nearest(
    source: Source, locators: list[str], persons: list[str], forms: dict[str, set[str]]
) -> str:
    """Return the passages closest to the locator in which all the persons are named."""
    order = list(source.passages)
    home = order.index(locators[0])
    good = [
        (abs(place - home), locator)
        for place, locator in enumerate(order)
        if all(_named(source.passages[locator], forms.get(person, {person})) for person in persons)
    ]
    return ", ".join(locator for _, locator in sorted(good)[:_NEAREST])


def _years_in(text: str) -> list[int]:
    decades = [int(d) * 10 + offset for d in _DECADE.findall(text) for offset in (0, 9)]
    return [int(year) for year in _YEAR.findall(text)] + decades


def _section_years(source: Source) -> dict[str, tuple[int, int]]:
    """Return the span of years that each section names, by section."""
    spans = {}
    for section in set(source.sections.values()):
        years = _years_in(source.passages[section])
        if years:
            spans[section] = (min(years), max(years))
    return spans


def _check_years(
    source: Source, locators: list[str], dates: list[str], spans: dict[str, tuple[int, int]]
) -> str:
    text = source.text(locators)
    here = set(_years_in(text))
    near = [spans[s] for s in {source.sections[loc] for loc in locators} if s in spans]
    for date in dates:
        earliest, latest = parse_date(date)
        first = earliest.year if earliest else None
        last = latest.year if latest else None
        low = first if first is not None else last
        high = last if last is not None else first
        if low is None or high is None:
            continue
        stated = any(low <= year <= high for year in here)
        within = any(low <= end + 1 and high >= begin - 1 for begin, end in near)
        if not (stated or within):
            return f"year of {date} is foreign to the passage and its section"
    return ""


def read_exceptions(path: Path) -> set[tuple[str, str]]:
    """Return the rows (table, key) that are known to fail, each with its reason in the file.

    Raises
    ------
    StudyError
        If a listed row has no reason.
    """
    if not path.is_file():
        return set()
    listed = pd.read_csv(path, dtype=str, keep_default_na=False)
    bare = [number for number, reason in enumerate(listed["reason"], start=2) if not reason]
    if bare:
        raise StudyError([Problem(str(path), n, "reason", "", "must not be empty") for n in bare])
    return set(zip(listed["table"], listed["key"], strict=True))


def coverage(study: Study, source: Source) -> pd.DataFrame:
    """Return how many rows of each table point to each section of the source.

    A row that points to several sections counts in each. Sections without rows are listed too.
    """
    sections = list(dict.fromkeys(source.sections.values()))
    counts = pd.DataFrame(0, index=pd.Index(sections, name="section"), columns=[])
    for name, table in study.tables.items():
        if "locator" not in table:
            continue
        hits = pd.Series(0, index=counts.index)
        for cell in table["locator"]:
            for section in {source.sections.get(loc) for loc in split_locators(cell)} - {None}:
                hits[section] += 1
        counts[name] = hits
    counts.insert(0, "words", [len(source.passages[s].split()) for s in sections])
    counts["rows"] = counts.drop(columns="words").sum(axis=1)
    return counts.reset_index()
