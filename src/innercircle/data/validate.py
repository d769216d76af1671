"""Checks a study's folder and reports every problem at once.

Three layers, each run only where the one before it left something to check: the file (present,
UTF-8, header as declared), the cells against the Table Schemas of ``datapackage.json`` (by
frictionless: types, enumerations, primary and foreign keys), and the rules that a Table Schema
cannot say (dates that exist, spells that end after they start, minutes that need visits).
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from innercircle.data.dates import ends_before_start, parse_date, year_of
from innercircle.data.study import Study, load_study, read_package
from innercircle.errors import Problem, StudyError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EDTF = "http://id.loc.gov/datatypes/edtf"
Row = dict[str, str]


def validate_study(folder: Path) -> Study:
    """Check every table of a study and return them.

    Raises
    ------
    StudyError
        With all problems of all files: file, row (the header is row 1), column, value, expectation.
    """
    package = read_package(folder)
    resources = package["resources"]
    declared = {resource["path"] for resource in resources}
    problems = [
        Problem(str(path), 0, "", "", f"not declared in {folder / 'datapackage.json'}")
        for path in sorted(folder.glob("*.csv"))
        if path.name not in declared and path.name not in _auxiliary(package)
    ]
    rows: dict[str, list[Row]] = {}
    for resource in resources:
        found = _check_file(folder / resource["path"], resource["schema"])
        if isinstance(found, list) and found and isinstance(found[0], Problem):
            problems += found
        else:
            rows[resource["name"]] = found
    for resource in resources:
        if resource["name"] in rows:
            path = folder / resource["path"]
            table = rows[resource["name"]]
            problems += _check_dates(str(path), resource["schema"]["fields"], table)
            problems += _check_rules(str(path), resource["name"], table)
    if len(rows) == len(resources):
        problems += _check_schema(folder, package, rows)
    if problems:
        raise StudyError(problems)
    return load_study(folder)


def _auxiliary(package: dict[str, Any]) -> set[str]:
    """Files beside the tables that describe the coding rather than the elite."""
    return set(package.get("auxiliary", []))


def _check_file(path: Path, schema: dict[str, Any]) -> Any:  # list[Problem] | list[Row]
    file = str(path)
    if not path.is_file():
        return [Problem(file, 0, "", "", "missing; datapackage.json declares it")]
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        value = repr(raw[error.start : error.end])
        return [Problem(file, row, "", value, "not UTF-8; save the file with encoding UTF-8")]
    lines = list(csv.reader(io.StringIO(text, newline="")))
    wanted = [field["name"] for field in schema["fields"]]
    if not lines:
        return [Problem(file, 0, "", "", f"empty file; expected the header {','.join(wanted)}")]
    header = lines[0]
    problems = [
        Problem(file, 1, name, "", f"missing column; expected the header {','.join(wanted)}")
        for name in wanted
        if name not in header
    ]
    problems += [
        Problem(file, 1, name, name, f"unknown column{did_you_mean(name, wanted)}")
        for name in header
        if name not in wanted
    ]
    if not problems and header != wanted:
        expected = f"columns are out of order; expected {','.join(wanted)}"
        problems.append(Problem(file, 1, "", ",".join(header), expected))
    if len(lines) == 1:
        expected = "no rows; fill it in, or remove it and its entry in datapackage.json"
        problems.append(Problem(file, 0, "", "", expected))
    problems += [
        Problem(file, number, "", "", f"{len(line)} cells, the header has {len(header)}")
        for number, line in enumerate(lines[1:], start=2)
        if len(line) != len(header)
    ]
    return problems or [dict(zip(header, line, strict=True)) for line in lines[1:]]


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
    folder: Path, package: dict[str, Any], rows: dict[str, list[Row]]
) -> Iterator[Problem]:
    """Hold the cells against the Table Schemas."""
    from frictionless import Package, system  # heavy; only where a study is validated

    with system.use_context(trusted=True):
        report = Package.from_descriptor(package, basepath=str(folder)).validate(limit_errors=10**6)
    keys = {name: {row[next(iter(row))] for row in table} for name, table in rows.items() if table}
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    for task in report.tasks:
        for error in task.errors:
            yield from _translate(error, str(folder / task.place), schemas.get(task.name, {}), keys)


def _translate(
    error: Any, file: str, schema: dict[str, Any], keys: dict[str, set[str]]
) -> Iterator[Problem]:
    """Say a frictionless error in the words of this project."""
    row = getattr(error, "row_number", 0) or 0
    column = getattr(error, "field_name", "") or ""
    value = str(getattr(error, "cell", "") or "")
    if error.type == "foreign-key":
        for name, cell in zip(error.field_names, error.field_cells, strict=True):
            target = error.reference_name
            hint = did_you_mean(str(cell), keys.get(target, set()))
            yield Problem(file, row, name, str(cell), f"not a key of {target}.csv{hint}")
        return
    if error.type == "primary-key":
        key = schema.get("primaryKey", [])
        expected = "duplicate primary key; one fact is one row"
        yield Problem(
            file,
            row,
            "+".join(key),
            error.note.split('"')[1:2][0] if '"' in error.note else "",
            f"{expected} ({error.note})",
        )
        return
    constraints: dict[str, Any] = next(
        (f.get("constraints", {}) for f in schema.get("fields", []) if f["name"] == column), {}
    )
    options = constraints.get("enum")
    if error.type == "constraint-error" and options and value not in options:
        expected = f"not one of {', '.join(options)}{did_you_mean(value, options)}"
    elif error.type == "constraint-error" and constraints.get("required") and not value:
        expected = "must not be empty"
    else:
        expected = error.note
    yield Problem(file, row, column, value, expected)
