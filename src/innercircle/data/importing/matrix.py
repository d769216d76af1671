"""A matrix of persons by events as rows of a study: events, and who took part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innercircle.data.dates import parse_date, year_of
from innercircle.data.importing.files import MatrixFile, read_dates
from innercircle.data.importing.keys import identifiers
from innercircle.data.importing.rows import (
    OPTIONS,
    ImportOptions,
    Tables,
    event_row,
    outside,
    person_row,
    sorted_rows,
    vouched,
)
from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from pathlib import Path


def from_matrix(
    matrix: MatrixFile, dates: Path | None, options: ImportOptions
) -> tuple[Tables, list[int]]:
    """Return persons, events and participations, and the years of the events.

    Raises
    ------
    StudyError
        With all problems of the matrix; if the events have no dates, or two, or one that is none
        or lies outside the study's years; if names hardly differ; if options are given that a
        matrix has no use for.
    """
    problems = [*matrix.problems, *_useless(options, directed="a matrix has no direction")]
    dated, dates_file, undated = _event_dates(matrix, dates, options)
    problems += undated
    years = []
    for event, (row, date) in dated.items():
        try:
            parse_date(date)
        except ValueError as error:
            problems.append(Problem(dates_file, row, event, date, str(error)))
            continue
        year = year_of(date) or 0
        problems += outside(dates_file, row, event, year, options)
        years.append(year)
    lines = {person: line for person, (line, _) in matrix.persons.items()}
    person_ids, alike = identifiers(lines, "person", matrix.file)
    events = dict.fromkeys(matrix.events, 1)
    event_ids, alike_events = identifiers(events, "event", matrix.file)
    problems += [*alike, *alike_events]
    if problems:
        raise StudyError(problems)
    taken_part = [
        {"event_id": event_ids[event], "person_id": person_ids[person], "role": "present"}
        | vouched(f"matrix:{line}")
        for person, (line, cells) in matrix.persons.items()
        for event, cell in zip(matrix.events, cells, strict=True)
        if cell
    ]
    tables = {
        "persons": [
            person_row(person, person_ids[person], f"matrix:{lines[person]}") for person in lines
        ],
        "events": [
            event_row(event_ids[event], "event", dated[event][1], event, "matrix:1")
            for event in matrix.events
        ],
        "participations": taken_part,
    }
    return sorted_rows(tables), years


def _event_dates(
    matrix: MatrixFile, dates: Path | None, options: ImportOptions
) -> tuple[dict[str, tuple[int, str]], str, list[Problem]]:
    """Return row and date of every event, the file in which they stand, and what is wrong there."""
    given = {
        "a row of dates": matrix.dates is not None,
        "--dates": dates is not None,
        "--year": options.year is not None,
    }
    said = [name for name, is_given in given.items() if is_given]
    if len(said) != 1:
        expected = "date the events once: by a second line that begins with date, --dates or --year"
        return {}, "", [Problem(matrix.file, 0, "", " and ".join(said), expected)]
    if dates is not None:
        found, problems = read_dates(dates, matrix.events)
        return found, str(dates), problems
    if matrix.dates is not None:
        cells = [(2, date) for date in matrix.dates]
        return dict(zip(matrix.events, cells, strict=True)), matrix.file, []
    return dict.fromkeys(matrix.events, (0, f"{options.year:04}")), "--year", []


def _useless(options: ImportOptions, *, directed: str) -> list[Problem]:
    problems = []
    if options.directed is not None:
        option = "--directed" if options.directed else "--undirected"
        problems.append(Problem(OPTIONS, 0, "", option, directed))
    if options.relation:
        expected = "a matrix has no relations"
        problems.append(Problem(OPTIONS, 0, "relation", options.relation, expected))
    return problems
