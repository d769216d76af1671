"""Every fault of the input ends with exit code 1 and a message that a researcher can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from typer.testing import CliRunner

from innercircle.cli import app
from innercircle.data import filled_tables, load_study
from tests.conftest import StudyFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def check(study: StudyFolder) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", study.study, "--root", str(study.root)])
    return result.exit_code, result.output


def drop_last_column(study: StudyFolder) -> None:
    study.write("ties", [row[:-1] for row in study.rows("ties")])


def add_column(study: StudyFolder) -> None:
    rows = study.rows("ties")
    study.write("ties", [[*rows[0], "relatoin"], *([*row, "x"] for row in rows[1:])])


def repeat_row(study: StudyFolder) -> None:
    rows = study.rows("persons")
    study.write("persons", [*rows, rows[3]])


def reverse_spell(study: StudyFolder) -> None:
    study.set_cell("memberships", 2, "start", "1938")
    study.set_cell("memberships", 2, "end", "1937-03")


def spoil_encoding(study: StudyFolder) -> None:
    path = study.raw / "persons.csv"
    data = path.read_bytes()
    path.write_bytes(data + b"\xff\xfe")


def after_header(study: StudyFolder, table: str, text: str) -> None:
    path = study.raw / f"{table}.csv"
    header = path.read_text(encoding="utf-8").split("\n")[0]
    path.write_text(f"{header}\n{text}", encoding="utf-8")


def in_package(study: StudyFolder, old: str, new: str) -> None:
    path = study.raw / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


CASES: dict[str, tuple[Callable[[StudyFolder], object], list[str]]] = {
    "missing file": (
        lambda s: (s.raw / "ties.csv").unlink(),
        ["ties.csv", "missing", "datapackage.json"],
    ),
    "missing column": (drop_last_column, ["ties.csv", "row 1", "column note", "missing column"]),
    "unknown column": (add_column, ["ties.csv", "relatoin", "did you mean 'relation'"]),
    "duplicate primary key": (repeat_row, ["persons.csv", "person_id", "duplicate primary key"]),
    "foreign key to no person": (
        lambda s: s.set_cell("fates", 4, "person_id", "kaganovitch"),
        ["fates.csv", "row 4", "column person_id", "kaganovitch", "did you mean 'kaganovich'"],
    ),
    "impossible date": (
        lambda s: s.set_cell("fates", 4, "date", "1937-02-30"),
        ["fates.csv", "row 4", "column date", "1937-02-30", "not a date in EDTF"],
    ),
    "end before start": (
        reverse_spell,
        ["memberships.csv", "row 2", "column end", "1937-03", "before the start, 1938"],
    ),
    "unknown role": (
        lambda s: s.set_cell("participations", 5, "role", "presnt"),
        ["participations.csv", "row 5", "column role", "presnt", "did you mean 'present'"],
    ),
    "negative minutes": (
        lambda s: s.set_cell("contacts", 5, "minutes", "-5"),
        ["contacts.csv", "row 5", "column minutes", "-5", "at least 0"],
    ),
    "minutes without visits": (
        lambda s: s.set_cell("contacts", 5, "visits", ""),
        ["contacts.csv", "row 5", "column minutes", "minutes without visits"],
    ),
    "text for a number": (
        lambda s: s.set_cell("contacts", 5, "visits", "many"),
        ["contacts.csv", "row 5", "column visits", "many", "not of type integer"],
    ),
    "a number of too many digits": (
        lambda s: s.set_cell("contacts", 5, "visits", "9" * 19),
        ["contacts.csv", "row 5", "column visits", "9" * 19, "at most 18 digits"],
    ),
    "bytes that are not UTF-8": (spoil_encoding, ["persons.csv", "row", "not UTF-8", "\\xff"]),
    "a quote that never ends": (
        lambda s: after_header(
            s, "participations", '1926-x,stalin,present,,1:1,explicit,asserted,"x\n'
        ),
        ["participations.csv", "row 2", "not readable as CSV", "quote that never ends"],
    ),
    "a quote that never ends in a log": (
        lambda s: after_header(s, "visits", '"v1,stalin\n' + "x\n" * 100_000),
        ["visits.csv", "row 2", "not readable as CSV", "quote that never ends"],
    ),
    "tables that are not declared": (
        lambda s: (s.raw / "datapackage.json").write_text("{}"),
        ["datapackage.json", "declares no tables", "'resources'"],
    ),
    "a declaration without columns": (
        lambda s: in_package(s, '"fields"', '"columns"'),
        ["datapackage.json", "declares no tables", "'fields'"],
    ),
    "an unknown type of a column": (
        lambda s: in_package(s, '"type": "string"', '"type": "strng"'),
        ["datapackage.json", 'field type "strng" is not supported'],
    ),
    "spaces around a date": (
        lambda s: s.set_cell("fates", 4, "date", " 1937"),
        ["fates.csv", "row 4", "column date", "' 1937'", "not a date in EDTF"],
    ),
    "an empty table that others refer to": (
        lambda s: s.write("persons", s.rows("persons")[:1]),
        ["contacts.csv", "row 100", "column person_id", "not a key of persons.csv"],
    ),
    "an empty file": (
        lambda s: (s.raw / "claims.csv").write_text(""),
        ["claims.csv", "empty file", "expected the header"],
    ),
    "a claim with an unknown test": (
        lambda s: s.set_cell("claims", 2, "test", "visits_rnk"),
        ["claims.csv", "row 2", "column test", "visits_rnk", "did you mean 'visits_rank'"],
    ),
    "a table that is not declared": (
        lambda s: (s.raw / "visitz.csv").write_text("a\n1\n"),
        ["visitz.csv", "not declared"],
    ),
    "a tie to oneself": (
        lambda s: s.set_cell("ties", 2, "target_id", s.rows("ties")[1][1]),
        ["ties.csv", "row 2", "column target_id", "no tie to himself"],
    ),
    "no required value": (
        lambda s: s.set_cell("events", 2, "label", ""),
        ["events.csv", "row 2", "column label", "must not be empty"],
    ),
    "an unknown layer": (
        lambda s: s.replace_in_config("  attendance:\n", "  attendence:\n"),
        ["stalin.yaml", "layers.attendence", "did you mean 'attendance'"],
    ),
    "a reversed year range": (
        lambda s: s.replace_in_config("first: 1926, last: 1941", "first: 1941, last: 1926"),
        ["stalin.yaml", "key years", "1941 to 1926", "the last year comes before the first"],
    ),
    "a misspelt key": (
        lambda s: s.replace_in_config("leader:", "leadr:"),
        ["stalin.yaml", "leadr", "did you mean 'leader'"],
    ),
    "a model of an outcome that is not defined": (
        lambda s: s.replace_in_config("    outcome: strict", "    outcome: strct"),
        ["stalin.yaml", "models.0.outcome", "strct", "did you mean 'strict'"],
    ),
    "an unknown estimator": (
        lambda s: s.replace_in_config("firth]", "frith]"),
        ["stalin.yaml", "frith", "did you mean 'firth'"],
    ),
    "a key twice": (
        lambda s: s.config.write_text("seed: 1\nseed: 2\n"),
        ["stalin.yaml", "row 2", "the key seed stands twice"],
    ),
    "a year that no date can have": (
        lambda s: s.replace_in_config("first: 1926", "first: 0"),
        ["stalin.yaml", "years.first", "minimum of 1"],
    ),
    "a configuration that is not YAML": (
        lambda s: s.config.write_text("study: [stalin\n"),
        ["stalin.yaml", "row", "not readable as YAML"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_names_file_place_value_and_expectation(study: StudyFolder, case: str) -> None:
    spoil, words = CASES[case]
    spoil(study)
    code, output = check(study)
    assert code == 1
    missing = [word for word in words if word not in output]
    assert not missing, output


def test_all_problems_of_all_files_are_reported_at_once(study: StudyFolder) -> None:
    study.set_cell("fates", 4, "date", "1937-02-30")
    study.set_cell("fates", 5, "date", "1937-13")
    study.set_cell("fates", 6, "outcome", "exiled")
    study.set_cell("contacts", 5, "minutes", "-5")
    (study.raw / "ties.csv").unlink()
    _, output = check(study)
    assert output.startswith("5 problems found:")


def test_an_unknown_study_lists_those_that_exist(study: StudyFolder) -> None:
    result = CliRunner().invoke(app, ["check", "stalni", "--root", str(study.root)])
    assert result.exit_code == 1
    assert "stalin" in result.output


def test_the_study_as_it_stands_is_valid(study: StudyFolder) -> None:
    code, output = check(study)
    assert code == 0, output


SAVED: dict[str, Callable[[bytes], bytes]] = {
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CR": lambda data: data.replace(b"\n", b"\r"),
}


@pytest.mark.parametrize("program", SAVED)
def test_tables_are_read_as_spreadsheet_programs_save_them(tmp_path: Path, program: str) -> None:
    study = StudyFolder(tmp_path, "southern_women")
    tables, filled = load_study(study.raw).tables, filled_tables(study.raw)
    for path in study.raw.glob("*.csv"):
        path.write_bytes(SAVED[program](path.read_bytes()))
    code, output = check(study)
    assert code == 0, output
    assert filled_tables(study.raw) == filled
    for name, table in load_study(study.raw).tables.items():
        pd.testing.assert_frame_equal(table, tables[name])
