"""Checks a study's folder and reports every problem at once.

Three layers, each run only where the one before it left something to check: the file (present,
UTF-8, header as declared), the cells against the Table Schemas of ``datapackage.json`` (by
frictionless: types, enumerations, primary and foreign keys), and the rules that a Table Schema
cannot say (dates that exist, spells that end after they start, minutes that need visits).
"""

from __future__ import annotations

import copy
import io
import itertools
from typing import TYPE_CHECKING, Any

from innercircle.data.columns import ENCODING, check_columns, read_columns, split_rows
from innercircle.data.dates import ends_before_start, parse_date, year_of
from innercircle.data.study import Study, load_study, read_package
from innercircle.data.visits import LONGEST_HOURS, check_visits
from innercircle.errors import Problem, StudyError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EDTF = "http://id.loc.gov/datatypes/edtf"
Row = dict[str, str]
_MOST_DIGITS = 18  # of an integer of 64 bits
_LOG = "visits"  # may have millions of rows, and has rules of its own


def validate_study(folder: Path, longest_hours: float = LONGEST_HOURS) -> Study:
    """Check every table of a study and return those that have rows.

    A table with nothing below its header is valid: it is still to be filled in.

    Parameters
    ----------
    folder : Path
        ``data/raw/<study>``.
    longest_hours : float
        Limit to the length of a visit in the table ``visits``.

    Raises
    ------
    StudyError
        With all problems of all files: file, row (the header is row 1), column, value, expectation.
    """
    package = read_package(folder)
    declared = {resource["path"] for resource in package["resources"]}
    problems = [
        Problem(str(path), 0, "", "", f"not declared in {folder / 'datapackage.json'}")
        for path in sorted(folder.glob("*.csv"))
        if path.name not in declared
    ]
    readable: dict[str, list[Row]] = {}
    logs = [resource for resource in package["resources"] if resource["name"] == _LOG]
    for resource in package["resources"]:
        if resource in logs:
            continue
        path, fields = folder / resource["path"], resource["schema"]["fields"]
        faults, rows = _read_rows(path, [field["name"] for field in fields])
        problems += faults
        if not faults:
            readable[resource["name"]] = rows
            problems += _check_dates(str(path), fields, rows)
            problems += _check_sizes(str(path), fields, rows)
            problems += _check_rules(str(path), resource["name"], rows)
    problems += _check_schema(folder, package, readable)
    for resource in logs:
        problems += _check_log(
            folder / resource["path"], resource["schema"], readable, longest_hours
        )
    if problems:
        raise StudyError(problems)
    return load_study(folder)


def _check_log(
    path: Path, schema: dict[str, Any], readable: dict[str, list[Row]], longest_hours: float
) -> list[Problem]:
    """Check a long table by columns."""
    wanted = [field["name"] for field in schema["fields"]]
    problems, _ = _read_rows(path, wanted, header_only=True)
    if problems:
        return problems
    problems, frame = read_columns(path, wanted)
    if problems or frame.empty:
        return problems
    keys = {
        key["reference"]["resource"]: key["reference"]["fields"][0]
        for key in schema.get("foreignKeys", [])
    }
    known = {
        table: {row[column] for row in readable[table]}
        for table, column in keys.items()
        if table in readable
    }
    return [
        *check_columns(frame, schema, str(path), known),
        *check_visits(frame, str(path), longest_hours),
    ]


def _read_rows(
    path: Path, wanted: list[str], *, header_only: bool = False
) -> tuple[list[Problem], list[Row]]:
    """Return the faults of the file as such, or its rows; none, if only the header is wanted."""
    file = str(path)
    if not path.is_file():
        return [Problem(file, 0, "", "", "missing; datapackage.json declares it")], []
    raw = path.read_bytes()
    try:
        text = raw.decode(ENCODING)
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        value = repr(raw[error.start : error.end])
        expected = "not UTF-8; save the file with encoding UTF-8"
        return [Problem(file, row, "", value, expected)], []
    try:
        reader = split_rows(io.StringIO(text, newline=""), file)
        lines = list(itertools.islice(reader, 1 if header_only else None))
    except StudyError as error:
        return error.problems, []
    expected = f"expected the header {','.join(wanted)}"
    if not lines:
        return [Problem(file, 0, "", "", f"empty file; {expected}")], []
    header = lines[0]
    problems = [
        Problem(file, 1, name, "", f"missing column; {expected}")
        for name in wanted
        if name not in header
    ]
    problems += [
        Problem(file, 1, name, name, f"unknown column{did_you_mean(name, wanted)}")
        for name in header
        if name not in wanted
    ]
    if not problems and header != wanted:
        problems.append(Problem(file, 1, "", ",".join(header), f"columns misplaced; {expected}"))
    problems += [
        Problem(file, number, "", "", f"{len(line)} cells, the header has {len(header)}")
        for number, line in enumerate(lines[1:], start=2)
        if len(line) != len(header)
    ]
    rows = [] if problems else [dict(zip(header, line, strict=True)) for line in lines[1:]]
    return problems, rows


def _check_dates(file: str, fields: list[dict[str, Any]], rows: list[Row]) -> Iterator[Problem]:
    names = [field["name"] for field in fields if field.get("rdfType") == EDTF]
    for number, row in enumerate(rows, start=2):
        good = True
        for name in names:
            if row[name]:
                try:
                    parse_date(row[name])
                except ValueError as error:
                    good = False
                    yield Problem(file, number, name, row[name], str(error))
        spell = good and "start" in names and "end" in names
        if spell and ends_before_start(row["start"], row["end"]):
            yield Problem(file, number, "end", row["end"], f"before the start, {row['start']}")


def _check_sizes(file: str, fields: list[dict[str, Any]], rows: list[Row]) -> Iterator[Problem]:
    """Find whole numbers of more digits than a column of integers holds."""
    names = [field["name"] for field in fields if field["type"] == "integer"]
    for number, row in enumerate(rows, start=2):
        for name in names:
            digits = row[name].strip().lstrip("+-").lstrip("0")
            if digits.isdecimal() and len(digits) > _MOST_DIGITS:
                expected = f"a whole number of at most {_MOST_DIGITS} digits"
                yield Problem(file, number, name, row[name], expected)


def _check_rules(file: str, table: str, rows: list[Row]) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=2):
        if table == "ties" and row["source_id"] == row["target_id"]:
            yield Problem(
                file, number, "target_id", row["target_id"], "a person has no tie to himself"
            )
        if table == "contacts":
            visits, minutes = row["visits"], row["minutes"]
            if minutes not in {"", "0"} and visits in {"", "0"}:
                expected = "minutes without visits; give the visits, or leave minutes empty"
                yield Problem(file, number, "minutes", minutes, expected)
            if row["person_id"] == row["other_id"]:
                yield Problem(
                    file, number, "other_id", row["other_id"], "a person does not visit himself"
                )
        if table == "events" and row["start"] and not _has_year(row["start"]):
            yield Problem(file, number, "start", row["start"], "an event needs at least a year")


def _has_year(text: str) -> bool:
    try:
        return year_of(text) is not None
    except ValueError:
        return True  # already reported as a date


def _check_schema(
    folder: Path, package: dict[str, Any], readable: dict[str, list[Row]]
) -> Iterator[Problem]:
    """Hold the cells of the readable tables against their Table Schemas."""
    # Heavy; only where a study is validated.
    from frictionless import FrictionlessException, Package, system

    reduced = copy.deepcopy(package)
    reduced["resources"] = [r for r in reduced["resources"] if r["name"] in readable]
    for resource in reduced["resources"]:
        resource["encoding"] = ENCODING
    schemas = {resource["name"]: resource["schema"] for resource in reduced["resources"]}
    for schema in schemas.values():  # a table that cannot be read cannot be referred to
        schema["foreignKeys"] = [
            key for key in schema.get("foreignKeys", []) if key["reference"]["resource"] in readable
        ]
    try:
        with system.use_context(trusted=True):
            described = Package.from_descriptor(reduced, basepath=str(folder))
            report = described.validate(limit_errors=10**6)
    except FrictionlessException as refused:
        yield Problem(str(folder / "datapackage.json"), 0, "", "", refused.error.note)
        return
    for task in report.tasks:
        file = str(folder / task.place)
        for error in task.errors:
            if error.type == "foreign-key":
                yield from _unknown_keys(error, file, readable)
            else:
                yield _translate(error, file, schemas[task.name])


def _unknown_keys(error: Any, file: str, readable: dict[str, list[Row]]) -> Iterator[Problem]:
    target = error.reference_name
    known = {row[error.reference_field_names[0]] for row in readable[target]}
    for name, cell in zip(error.field_names, error.field_cells, strict=True):
        expected = f"not a key of {target}.csv{did_you_mean(str(cell), known)}"
        yield Problem(file, error.row_number, name, str(cell), expected)


def _translate(error: Any, file: str, schema: dict[str, Any]) -> Problem:
    """Say a frictionless error in the words of this project."""
    row = getattr(error, "row_number", 0) or 0
    column = getattr(error, "field_name", "") or ""
    value = str(getattr(error, "cell", "") or "")
    fields = {field["name"]: field for field in schema["fields"]}
    if error.type == "primary-key":
        key = schema["primaryKey"]
        cells = dict(zip(fields, error.cells, strict=False))
        value = ", ".join(str(cells.get(name) or "") for name in key)
        return Problem(file, row, "+".join(key), value, "duplicate primary key; one fact, one row")
    field = fields.get(column, {})
    rules = field.get("constraints", {})
    if error.type == "type-error":
        expected = f"not of type {field.get('type')}"
    elif error.type != "constraint-error":
        expected = error.note
    elif rules.get("required") and not value:
        expected = "must not be empty"
    elif "enum" in rules and value not in rules["enum"]:
        expected = f"not one of {', '.join(rules['enum'])}{did_you_mean(value, rules['enum'])}"
    elif '"minimum"' in error.note:
        expected = f"must be at least {rules['minimum']}"
    elif '"maximum"' in error.note:
        expected = f"must be at most {rules['maximum']}"
    else:
        expected = f"does not have the form {rules.get('pattern', error.note)}"
    return Problem(file, row, column, value, expected)
