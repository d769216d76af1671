"""Shared paths and small helpers."""

from __future__ import annotations

import csv
import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def copy_project(folder: Path, studies: tuple[str, ...] | None = None) -> Path:
    """Copy what the workflow runs on; of the raw tables all studies, or those named."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for part in ("config", "workflow", "src", "paper"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    for path in (ROOT / "data" / "raw").iterdir():
        if studies is None or path.name in studies:
            shutil.copytree(path, folder / "data" / "raw" / path.name)
    shutil.copy(ROOT / "environment.yml", folder)
    return folder


def snakemake(folder: Path, *arguments: str, study: str = "stalin", **environment: str) -> str:
    """Run the workflow in a copy of the project and return all that it says."""
    command = [sys.executable, "-m", "snakemake", "--configfile", f"config/{study}.yaml"]
    done = subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def report_variable(report: Path, name: str) -> Any:
    """Return what a report holds under a name: results, categories, rules and others."""
    text = report.read_text(encoding="utf-8")
    start = f"\n    var {name} = "
    return json.JSONDecoder().raw_decode(text, text.rindex(start) + len(start))[0]


@functools.cache
def r_has(*packages: str) -> bool:
    """Tell whether R is there with the packages."""
    if shutil.which("Rscript") is None:
        return False
    wanted = " && ".join(f"requireNamespace('{package}')" for package in packages)
    command = ["Rscript", "-e", f"q(status = !({wanted}))"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder in which the second study was run, and what the run said."""
    folder = copy_project(tmp_path_factory.mktemp("second"), studies=("southern_women",))
    return folder, snakemake(folder, "--cores", "1", study="southern_women")


@pytest.fixture(scope="session")
def small_report(small_run: tuple[Path, str]) -> Path:
    """Return the report of the second study."""
    snakemake(small_run[0], "--cores", "1", "--report", "report.html", study="southern_women")
    return small_run[0] / "report.html"


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    return StudyFolder(tmp_path)
