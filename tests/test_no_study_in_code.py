"""Nothing in src/ or workflow/ is of one study.

The rule. Nowhere, whatever the case of the letters and as a whole word of three letters or more:
the name of a study, the id or name of any of its persons and bodies, a printed variant of a name
that begins with a capital, or a name under which its source goes. No year 19xx either, but right
after an author, as citations have it.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = {
    "persons": ["person_id", "surname"],
    "bodies": ["body_id", "name"],
    "name_variants": ["form"],
}
SOURCES = ["Khlevniuk", "Master of the House", "Appendix 1", "Appendix 2", "appendix2", "Kremlin"]
SOURCES += ["Soviet", "Natchez", "Deep South"]
YEAR = re.compile(r"\b19\d\d\b")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
CITATION = re.compile(rf"\b(?!(?:{MONTHS})\b)[A-Z][\w\'-]*[.,']*(?: et al)?[.,\']*\s+\(?19\d\d\b")


def files() -> Iterator[Path]:
    for part in ("src/innercircle", "workflow"):
        for path in sorted((ROOT / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def words() -> Iterator[str]:
    for folder in (ROOT / "data" / "raw").iterdir():
        yield folder.name
        for table, columns in COLUMNS.items():
            path = folder / f"{table}.csv"
            if path.is_file():
                with path.open(newline="", encoding="utf-8") as file:
                    found = [row[column] for row in csv.DictReader(file) for column in columns]
                variants = table == "name_variants"
                yield from (w for w in found if len(w) > 2 and not (variants and w[0].islower()))
    yield from SOURCES


def any_of(found: list[str]) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(word) for word in sorted(found, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{longest_first})(?![A-Za-z0-9])", re.IGNORECASE)


def test_no_person_body_or_source_of_a_study_is_named_in_the_code() -> None:
    named = any_of(list(words()))
    hits = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in [named.search(line)]
        if match
    ]
    assert hits == []


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_years_stand_in_citations_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert YEAR.findall(CITATION.sub("", text)) == []


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("Freeman, L. C. 1978. Centrality", True),
        ("the index of Page et al. 1999", True),
        ("(Benjamini & Hochberg 1995)", True),
        ("as in Daniels' (1987)", True),
        ("until June 1941", False),
        ("the purge of 1937", False),
    ],
)
def test_a_citation_is_told_from_a_date(text: str, free: bool) -> None:
    assert (YEAR.search(CITATION.sub("", text)) is None) is free


def test_a_name_is_found_whatever_its_case_and_beside_an_underscore() -> None:
    named = any_of(["politburo"])
    assert named.search("politburo_session")
    assert named.search("the Politburo")
    assert not named.search("politburos")
