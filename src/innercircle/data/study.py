"""A study's raw tables in memory."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from pathlib import Path

# Frictionless field types as pandas reads them; whatever is not here stays text.
_DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


@dataclass(frozen=True)
class Study:
    """The tables of one study.

    Attributes
    ----------
    name : str
        Name of the study's folder.
    tables : dict of str to DataFrame
        One entry for each table that the study has; text cells are ``""`` where empty.
    """

    name: str
    tables: dict[str, pd.DataFrame]

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return a table; ``KeyError`` if the study does not have it."""
        return self.tables[table]

    def get(self, table: str) -> pd.DataFrame | None:
        """Return a table, or ``None`` if the study does not have it."""
        return self.tables.get(table)


def read_package(folder: Path) -> dict[str, Any]:
    """Return the study's data package descriptor.

    Raises
    ------
    StudyError
        If the folder or its ``datapackage.json`` is missing, unreadable, or declares no tables.
    """
    path = folder / "datapackage.json"
    if not folder.is_dir():
        raise StudyError([Problem(str(folder), 0, "", "", "no such study folder")])
    if not path.is_file():
        expected = "missing; it declares the study's tables and their columns"
        raise StudyError([Problem(str(path), 0, "", "", expected)])
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        row = getattr(error, "lineno", 0)
        raise StudyError(
            [Problem(str(path), row, "", "", f"not readable as JSON: {error}")]
        ) from error
    try:
        for table in package["resources"]:
            _ = table["name"], table["path"]
            _ = [(field["name"], field["type"]) for field in table["schema"]["fields"]]
    except (KeyError, TypeError) as error:
        expected = (
            "declares no tables: under resources, each needs a name, a path and a schema whose "
            f"fields have a name and a type (not found: {error})"
        )
        raise StudyError([Problem(str(path), 0, "resources", "", expected)]) from error
    return dict(package)


def load_study(folder: Path, tables: list[str] | None = None) -> Study:
    """Read a study's tables, already validated by :func:`innercircle.data.validate_study`.

    Parameters
    ----------
    folder : Path
        ``data/raw/<study>``.
    tables : list of str, optional
        Which tables to read; by default all that the study declares, but for those marked
        ``"documentation": true``, which describe the coding and not the elite. A table that the
        study does not declare, or that has no rows yet, is left out.
    """
    loaded = {}
    for resource in read_package(folder)["resources"]:
        name = resource["name"]
        wanted = not resource.get("documentation") if tables is None else name in tables
        if wanted:
            table = _read_table(folder / resource["path"], resource["schema"]["fields"])
            if len(table):
                loaded[name] = table
    return Study(folder.name, loaded)


def filled_tables(folder: Path) -> dict[str, str]:
    """Return the paths, by name, of the declared tables that have rows below their header.

    A file that is missing counts as filled: it is for validation to say so.

    Raises
    ------
    StudyError
        If the folder or its ``datapackage.json`` is missing or unreadable.
    """
    paths = {r["name"]: folder / r["path"] for r in read_package(folder)["resources"]}
    return {name: str(path) for name, path in paths.items() if not _only_header(path)}


def unfilled_tables(folder: Path) -> list[str]:
    """Return the names of the declared tables that have a header and no rows yet."""
    filled = filled_tables(folder)
    return [r["name"] for r in read_package(folder)["resources"] if r["name"] not in filled]


def _only_header(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:  # as text: CR alone ends a line too
        return sum(1 for line in itertools.islice(file, 2) if line.strip()) == 1


def _read_table(path: Path, fields: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for field in fields:
        dtype = _DTYPES.get(field["type"])
        if dtype == "boolean":
            frame[field["name"]] = frame[field["name"]].map({"true": True, "false": False})
        if dtype:
            cells = frame[field["name"]].replace("", pd.NA)
            frame[field["name"]] = cells.astype(dtype)
    return frame


def with_status(table: pd.DataFrame, accepted: list[str]) -> pd.DataFrame:
    """Return the rows vouched for as the configuration accepts."""
    return table[table["status"].isin(accepted)]
