"""The paper reads its numbers from results, refers to every figure, and fits its length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from innercircle.errors import StudyError
from innercircle.output.paper import compile_paper
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAPER = ROOT / "paper"
# Sections that report what was computed.
COMPUTED = ["abstract", "results"]


def prose(text: str) -> str:
    """Return what Typst source prints as it stands: neither code, comments, labels nor markup."""
    text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"^#(let|import|show|set)\b.*?(?=^\S|\Z)", "", text, flags=re.MULTILINE | re.DOTALL
    )
    text = re.sub(r"#(if|for)\b[^\[]*\[", "", text)
    previous = None
    while previous != text:  # code with nested brackets, from the inside out
        previous = text
        text = re.sub(r"\([^()\n]*\)", "", text)
    text = re.sub(r"\([^()]*\)", "", text)
    text = re.sub(r"#[\w.-]+", "", text)
    return re.sub(r"[@<][\w:-]+>?|\$[^$]*\$", "", text)


@pytest.mark.parametrize("section", COMPUTED)
def test_no_digit_is_typed_where_results_are_told(section: str) -> None:
    text = (PAPER / "sections" / f"{section}.typ").read_text(encoding="utf-8")
    typed = [line.strip() for line in prose(text).splitlines() if re.search(r"\d", line)]
    assert typed == []


def test_the_check_for_digits_finds_one() -> None:
    assert "17" in prose("#let a = 5\nThe share is 17 per cent and #num(x, digits: 2).\n")
    assert not re.search(r"\d", prose('A share of #num(row(t, year: "1937").value) @fig-a2.\n'))


def test_a_sentence_that_results_no_longer_bear_out_stops_the_paper(tmp_path: Path) -> None:
    (tmp_path / "lib.typ").write_text((PAPER / "lib.typ").read_text(encoding="utf-8"))
    (tmp_path / "c.yaml").write_text("study: a\n")
    source = tmp_path / "main.typ"
    source.write_text('#import "lib.typ": *\n#holds(1 > 2, "one exceeds two")\n')
    with pytest.raises(StudyError, match="the text says that one exceeds two"):
        compile_paper(source, tmp_path, tmp_path / "r", tmp_path / "c.yaml", tmp_path / "p.pdf")
    assert not (tmp_path / "p.pdf").exists()


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ('num("0.005", digits: 2)', "0.01"),
        ('num("-0.004", digits: 2)', "0.00"),
        ('num("-1.25", digits: 1)', "\N{MINUS SIGN}1.3"),
        ('num("12.0", digits: 0)', "12"),
        ('num("", digits: 2)', "n/a"),
        ('p-value("0.0004")', "< 0.001"),
        ('p-value("0.034")', "= 0.034"),
        ('percent("0.25")', "25\u202f%"),
        ("in-words(3)", "three"),
    ],
)
def test_numbers_are_set_as_a_referee_expects(tmp_path: Path, written: str, printed: str) -> None:
    (tmp_path / "lib.typ").write_text((PAPER / "lib.typ").read_text(encoding="utf-8"))
    (tmp_path / "c.yaml").write_text("study: a\n")
    (tmp_path / "main.typ").write_text(f'#import "lib.typ": *\n#({written})\n')
    target = tmp_path / "p.pdf"
    compile_paper(tmp_path / "main.typ", tmp_path, tmp_path / "r", tmp_path / "c.yaml", target)
    assert PdfReader(target).pages[0].extract_text().strip() == printed
