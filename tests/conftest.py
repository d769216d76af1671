"""Shared paths and small helpers."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# Property-based tests try the same examples for everybody, so that the tests give one answer. To
# search with new random ones: python -m pytest --hypothesis-profile=default
settings.register_profile("same-for-all", derandomize=True)
settings.load_profile("same-for-all")

# As in the workflow: small matrices gain nothing from threads, and on a busy machine lose much.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = Path(__file__).parent / "reference"


class StudyFolder:
    """A copy of a study's raw tables and configuration that a test may spoil."""

    def __init__(self, root: Path, study: str = "stalin") -> None:
        self.root = root
        self.study = study
        self.raw = root / "data" / "raw" / study
        self.config = root / "config" / f"{study}.yaml"
        shutil.copytree(ROOT / "data" / "raw" / study, self.raw)
        shutil.copytree(ROOT / "config", root / "config")

    def rows(self, table: str) -> list[list[str]]:
        with (self.raw / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))

    def write(self, table: str, rows: list[list[str]]) -> None:
        with (self.raw / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def set_cell(self, table: str, row: int, column: str, value: str) -> None:
        """Set a cell; row 2 is the first after the header, as messages count."""
        rows = self.rows(table)
        rows[row - 1][rows[0].index(column)] = value
        self.write(table, rows)

    def replace_in_config(self, old: str, new: str) -> None:
        text = self.config.read_text(encoding="utf-8")
        assert old in text
        self.config.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    return StudyFolder(tmp_path)
