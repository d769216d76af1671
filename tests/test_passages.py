"""The passage check, on a text made for the purpose; on the book itself where a copy is at hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from typer.testing import CliRunner

from innercircle.cli import app
from innercircle.data import load_config, load_study
from innercircle.data.passages import Source, read_source
from innercircle.data.study import Study
from innercircle.data.verify import coverage, verify_coding
from innercircle.errors import StudyError
from tests.conftest import ROOT, StudyFolder
from tests.near_duplicates import edit_distance, near_events, near_names

if TYPE_CHECKING:
    from pathlib import Path

BOOK = ROOT.parent / "shared" / "source" / "khlevniuk2009.txt"
RAW = ROOT / "data" / "raw" / "stalin"

LAYOUT = {
    "parts": [{"id": "1", "heading": "1 Beginnings"}, {"id": "app1", "heading": "Appendix"}],
    "notes": {"heading": "Notes", "parts": {"1": "CHAPTER 1"}},
    "end": "Index",
}
TEXT = """Front matter
1 Beginnings
Before any title Adams wrote to Baker in 1931.¹ Then nothing.
THE FIRST SECTION
In 1932 Clarke met Ada-
ms twice.² After the last note Dufresne fell in 1933.
A CENTURY BEFORE
Adams met Evans in 1712.³
Appendix
Adams, Baker, Clarke
Notes
CHAPTER 1
1. Evans saw the letter.
2. Nobody.
Index
Adams
"""


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "book.txt"
    path.write_text(TEXT, encoding="utf-8")
    return read_source(path, LAYOUT)


def study_with(ties: list[dict[str, str]]) -> Study:
    persons = pd.DataFrame(
        {
            "person_id": ["adams", "baker", "clarke", "dufresne", "evans"],
            "surname": ["Adams", "Baker", "Clarke", "Dufresné", "Evans"],
            "locator": ["1:1", "1:1", "1:2", "1:s1", "1:1"],
        }
    )
    variants = pd.DataFrame({"form": ["Clark"], "person_id": ["clarke"], "locator": ["1:2"]})
    return Study("toy", {"persons": persons, "name_variants": variants, "ties": pd.DataFrame(ties)})


def tie(a: str, b: str, start: str, locator: str) -> dict[str, str]:
    return {"source_id": a, "target_id": b, "via_id": "", "start": start, "locator": locator}


def test_a_passage_is_what_a_note_closes_with_the_note_itself(source: Source) -> None:
    assert "adams wrote to baker" in source.passages["1:1"]
    assert "evans saw the letter" in source.passages["1:1"]
    assert "clarke" not in source.passages["1:1"]
    assert source.sections["1:2"] == "1:s1"
    assert "dufresne" in source.passages["1:s1"]


def test_words_broken_over_pages_are_joined(source: Source) -> None:
    assert "adams twice" in source.passages["1:2"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (tie("adams", "clarke", "1932", "1:2"), ""),
        (tie("adams", "evans", "1931", "1:1"), ""),
        (tie("adams", "dufresne", "", "1:1;1:s1"), ""),
        (tie("adams", "clarke", "1932", "1:1"), "not named there: clarke"),
        (tie("adams", "clarke", "1932", "1:9"), "no such passage: 1:9"),
        (tie("adams", "clarke", "1950", "1:2"), "year of 1950 is foreign"),
        (tie("adams", "evans", "1712", "1:3"), ""),
        (tie("adams", "evans", "1732", "1:3"), "year of 1732 is foreign"),
    ],
)
def test_a_row_passes_if_its_passage_names_its_persons_and_year(
    source: Source, row: dict[str, str], reason: str
) -> None:
    failures, checked = verify_coding(study_with([row]), source)
    assert checked["ties"] == 1
    assert [f.reason for f in failures if f.table == "ties"] == ([reason] if reason else []) or (
        reason in failures[0].reason
    )


def test_a_failing_row_is_shown_where_it_would_pass(source: Source) -> None:
    failures, _ = verify_coding(study_with([tie("adams", "clarke", "1932", "1:1")]), source)
    assert "would pass at 1:s1, 1:2" in str(failures[0])


def test_a_heading_that_is_not_in_the_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("nothing", encoding="utf-8")
    with pytest.raises(StudyError, match=r"book.txt: the text has no line '1 Beginnings'"):
        read_source(path, LAYOUT)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(StudyError, match=r"book.txt: 'utf-8' codec"):
        read_source(path, LAYOUT)


def test_a_text_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text(TEXT.removeprefix("Front matter\n"), encoding="utf-8-sig")
    assert "1:1" in read_source(path, LAYOUT).passages


def test_coverage_counts_a_row_in_every_section_it_points_to(source: Source) -> None:
    rows = coverage(study_with([tie("adams", "baker", "1931", "1:1;1:2;app1")]), source)
    assert rows.set_index("section")["ties"].to_dict() == {
        "1:s0": 1,
        "1:s1": 1,
        "1:s2": 0,
        "app1": 1,
    }


def test_without_a_copy_of_the_source_the_check_says_that_it_is_skipped() -> None:
    result = CliRunner().invoke(app, ["verify-coding", "stalin", "--root", str(ROOT)])
    assert result.exit_code == 0
    assert "skipped" in result.output


def test_a_copy_of_the_source_that_is_named_must_be_there() -> None:
    command = ["verify-coding", "stalin", "--root", str(ROOT), "--book", str(ROOT / "none")]
    assert CliRunner().invoke(app, command).exit_code != 0


def test_the_check_leaves_a_study_without_coverage_valid(tmp_path: Path) -> None:
    study = StudyFolder(tmp_path, "southern_women")
    layout = f"source_text: {json.dumps(LAYOUT)}\n"
    study.config.write_text(study.config.read_text(encoding="utf-8") + layout, encoding="utf-8")
    book = tmp_path / "book.txt"
    book.write_text(TEXT, encoding="utf-8")
    root = ["southern_women", "--root", str(tmp_path)]
    result = CliRunner().invoke(app, ["verify-coding", *root, "--book", str(book)])
    assert "rows pass" in result.output
    assert CliRunner().invoke(app, ["check", *root]).exit_code == 0


@pytest.mark.skipif(
    not BOOK.is_file(), reason="needs a copy of the book, which the project may not hold"
)
def test_at_least_99_percent_of_the_rows_pass_and_the_rest_is_explained() -> None:
    config = load_config(ROOT / "config" / "stalin.yaml")
    study = load_study(RAW)
    source = read_source(BOOK, config["source_text"])
    failures, checked = verify_coding(study, source)
    assert len(failures) <= 0.01 * sum(checked.values())
    explained = load_study(RAW, ["coding_exceptions"]).get("coding_exceptions")
    known = (
        set() if explained is None else set(zip(explained["table"], explained["key"], strict=True))
    )
    assert [str(f) for f in failures if (f.table, f.key) not in known] == []


@pytest.mark.skipif(
    not BOOK.is_file(), reason="needs a copy of the book, which the project may not hold"
)
def test_coverage_is_up_to_date_and_every_section_is_coded() -> None:
    config = load_config(ROOT / "config" / "stalin.yaml")
    counted = coverage(load_study(RAW), read_source(BOOK, config["source_text"]))
    stored = pd.read_csv(RAW / "coverage.csv")
    pd.testing.assert_frame_equal(counted, stored, check_dtype=False)
    titled = counted[~counted["section"].str.endswith(":s0")]
    assert (titled["rows"] > 0).all()


def accepted(kind: str) -> set[tuple[str, str]]:
    pairs = load_study(RAW, ["accepted_pairs"])["accepted_pairs"]
    pairs = pairs[pairs["kind"] == kind]
    return set(zip(pairs["first"], pairs["second"], strict=True))


def test_no_person_has_two_ids() -> None:
    assert set(near_names(load_study(RAW)["persons"])) == accepted("persons")


def test_no_event_is_there_twice() -> None:
    study = load_study(RAW)
    assert set(near_events(study["events"], study["participations"])) == accepted("events")


@pytest.mark.parametrize(
    ("a", "b", "distance"), [("kosior", "kosior", 0), ("kosior", "kossior", 1), ("", "abc", 3)]
)
def test_edit_distance_counts_single_letters(a: str, b: str, distance: int) -> None:
    assert edit_distance(a, b) == edit_distance(b, a) == distance
