"""The codebook lists every column of every table, as declared and as filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from innercircle.data.codebook import with_columns
from innercircle.data.study import read_package
from innercircle.errors import StudyError

from .conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

STUDIES = sorted(path.parent for path in (ROOT / "data" / "raw").glob("*/CODEBOOK.md"))


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_columns_of_the_codebook_are_those_of_the_data_package(folder: Path) -> None:
    text = (folder / "CODEBOOK.md").read_text(encoding="utf-8")
    stale = f"run: innercircle codebook {folder.name}"
    assert with_columns(text, folder) == text, stale


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_every_column_says_what_it_means(folder: Path) -> None:
    for resource in read_package(folder)["resources"]:
        for field in resource["schema"]["fields"]:
            assert len(field.get("description", "")) >= 4, (resource["name"], field["name"])


def test_a_codebook_without_a_place_for_the_columns_is_refused() -> None:
    with pytest.raises(StudyError, match="goes between the lines"):
        with_columns("# Codebook\n", STUDIES[0])
