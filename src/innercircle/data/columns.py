"""Checks a long table column by column against its Table Schema, without a loop over its rows.

A log of visits can have millions of rows; checking them one by one would take longer than all
else. The rules and the words are those of :mod:`innercircle.data.validate`.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pandas as pd

from innercircle.errors import Problem, StudyError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

FIRST_ROW = 2  # the header is row 1
ENCODING = "utf-8-sig"  # spreadsheet programs begin a file with a byte order mark


def split_rows(text: Iterable[str], file: str) -> Iterator[list[str]]:
    """Yield the cells of every row of a CSV file.

    Raises
    ------
    StudyError
        At the row from which on the text is no CSV.
    """
    row = 0
    try:
        for row, cells in enumerate(csv.reader(text, strict=True), start=1):  # noqa: B007
            yield cells
    except csv.Error as error:
        expected = f"not readable as CSV from here on: {error}; is there a quote that never ends?"
        raise StudyError([Problem(file, row + 1, "", "", expected)]) from error


def read_columns(path: Path, wanted: list[str]) -> tuple[list[Problem], pd.DataFrame]:
    """Return the faults of a file as such, or its cells as text.

    Parameters
    ----------
    path : Path
        A CSV file whose header is known to be readable.
    wanted : list of str
        Columns, in order.
    """
    try:
        with path.open(newline="", encoding=ENCODING) as file:
            problems = [
                Problem(str(path), row, "", "", f"{len(cells)} cells, the header has {len(wanted)}")
                for row, cells in enumerate(split_rows(file, str(path)), start=1)
                if len(cells) != len(wanted)
            ]
    except StudyError as error:
        problems = error.problems
    if problems:
        return problems, pd.DataFrame(columns=wanted)
    frame = pd.read_csv(
        path, dtype=str, keep_default_na=False, encoding=ENCODING, skip_blank_lines=False
    )
    return [], frame


def check_columns(
    frame: pd.DataFrame,
    schema: Mapping[str, Any],
    file: str,
    known: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """Yield every cell and key that the schema does not allow.

    Parameters
    ----------
    frame : DataFrame of str
    schema : mapping
        Table Schema; what is checked of text: required, enum, pattern, primary and foreign keys.
    file : str
        Named in the problems.
    known : mapping of str to collection of str
        By table, the keys that a foreign key may name; a table that is not there is not checked.
    """
    for field in schema["fields"]:
        yield from _check_field(frame[field["name"]], field.get("constraints", {}), file)
    key = schema.get("primaryKey", [])
    if key:
        repeated = frame.duplicated(key) & (frame[key] != "").all(axis=1)
        for row, cells in zip(_rows(repeated), frame.loc[repeated, key].to_numpy(), strict=True):
            expected = "duplicate primary key; one fact, one row"
            yield Problem(file, row, "+".join(key), ", ".join(cells), expected)
    for foreign in schema.get("foreignKeys", []):
        target, (column,) = foreign["reference"]["resource"], foreign["fields"]
        if target in known:
            cells = frame[column]
            unknown = (cells != "") & ~cells.isin(set(known[target]))
            near = {cell: did_you_mean(cell, known[target]) for cell in cells[unknown].unique()}
            for row, cell in zip(_rows(unknown), cells[unknown], strict=True):
                yield Problem(file, row, column, cell, f"not a key of {target}.csv{near[cell]}")


def _check_field(cells: pd.Series, rules: Mapping[str, Any], file: str) -> Iterator[Problem]:
    empty = cells == ""
    if rules.get("required"):
        for row in _rows(empty):
            yield Problem(file, row, str(cells.name), "", "must not be empty")
    bad = pd.Series(data=False, index=cells.index)
    if "enum" in rules:
        bad = ~cells.isin(rules["enum"])
    elif "pattern" in rules:
        bad = ~cells.str.fullmatch(rules["pattern"])
    bad &= ~empty
    for row, cell in zip(_rows(bad), cells[bad], strict=True):
        if "enum" in rules:
            options = rules["enum"]
            expected = f"not one of {', '.join(options)}{did_you_mean(cell, options)}"
        else:
            expected = f"does not have the form {rules['pattern']}"
        yield Problem(file, row, str(cells.name), cell, expected)


def _rows(chosen: pd.Series) -> list[int]:
    """Return the numbers of the chosen rows, as messages count."""
    return [int(k) + FIRST_ROW for k in chosen.to_numpy().nonzero()[0]]
