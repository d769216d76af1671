"""The codebook's list of columns, written from the data package so that the two cannot differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from innercircle.data.study import read_package
from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from pathlib import Path

START, END = "<!-- columns: written by `innercircle codebook` -->", "<!-- columns: end -->"
_EXAMPLE_WIDTH = 60


def column_tables(folder: Path) -> str:
    """Return Markdown with one list of columns a table: meaning, permitted values, an example.

    Parameters
    ----------
    folder : Path
        ``data/raw/<study>``; the example is the first cell of the column that is not empty.
    """
    parts = []
    for resource in read_package(folder)["resources"]:
        rows = pd.read_csv(folder / resource["path"], dtype=str, keep_default_na=False)
        schema = resource["schema"]
        parts += [
            f"### {resource['name']}",
            "",
            f"{resource['description']} Key: {', '.join(f'`{key}`' for key in _keys(schema))}.",
            "",
            "| column | meaning | values | example |",
            "|---|---|---|---|",
        ]
        parts += [
            f"| `{field['name']}` | {_cell(field.get('description', ''))} | {_values(field)} "
            f"| {_example(rows[field['name']])} |"
            for field in schema["fields"]
        ]
        parts.append("")
    return "\n".join(parts)


def update_codebook(folder: Path) -> Path:
    """Rewrite the list of columns in a study's ``CODEBOOK.md`` and return its path.

    Raises
    ------
    StudyError
        If there is no such file, or no place for the list in it.
    """
    path = folder / "CODEBOOK.md"
    if not path.is_file():
        raise StudyError([Problem(str(path), 0, "", "", "missing; write one first")])
    path.write_text(with_columns(path.read_text(encoding="utf-8"), folder), encoding="utf-8")
    return path


def with_columns(codebook: str, folder: Path) -> str:
    """Return the text of a codebook with its list of columns brought up to date.

    Raises
    ------
    StudyError
        If the text does not hold the two lines between which the list stands.
    """
    before, start, rest = codebook.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        expected = f"the list of columns goes between the lines {START} and {END}; add them"
        raise StudyError([Problem(str(folder / "CODEBOOK.md"), 0, "", "", expected)])
    return f"{before}{START}\n\n{column_tables(folder)}\n{END}{after}"


def _keys(schema: dict[str, Any]) -> list[str]:
    keys = schema.get("primaryKey", [])
    return [keys] if isinstance(keys, str) else list(keys)


def _values(field: dict[str, Any]) -> str:
    limits = field.get("constraints", {})
    if "enum" in limits:
        said = ", ".join(f"`{value}`" for value in limits["enum"])
    elif field["type"] == "boolean":
        said = "`true`, `false`"
    elif field.get("rdfType", "").endswith("edtf"):
        said = "EDTF date"
    else:
        bounds = [
            f"{name} {limits[f'{name}imum']}" for name in ("min", "max") if f"{name}imum" in limits
        ]
        said = ", ".join([{"string": "text"}.get(field["type"], field["type"]), *bounds])
    return said if limits.get("required") else f"{said}; may be empty"


def _example(cells: pd.Series) -> str:
    filled = cells[cells != ""]
    if filled.empty:
        return ""
    text = filled.iloc[0]
    cut = text if len(text) <= _EXAMPLE_WIDTH else text[: _EXAMPLE_WIDTH - 3] + "..."
    return _cell(cut)


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")
