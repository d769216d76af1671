"""A new study from a network in another form: edge list, matrix of persons by events, GraphML.

Directed edges become ties. Undirected edges become occasions of two, as many as the edge weighs,
and a matrix becomes its events, so that the attendance layer of the study is the network.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from innercircle.data.importing.edges import from_edges
from innercircle.data.importing.files import read_edge_list, read_graphml, read_matrix
from innercircle.data.importing.matrix import from_matrix
from innercircle.data.importing.rows import OPTIONS, ImportOptions, Tables
from innercircle.data.new_study import check_new, new_study
from innercircle.errors import Problem, StudyError

__all__ = ["ImportOptions", "Imported", "import_network", "what_was_imported"]

_HOW = {
    "edges": "A row of the edge list",
    "graphml": "An edge of the graph",
    "matrix": "A 1 in the matrix",
}


@dataclass(frozen=True)
class Imported:
    """What an import has made.

    Attributes
    ----------
    folder, config : Path
    rows : dict of str to int
        Rows by table.
    years : tuple of int
        First and last year of the study.
    left_out : list of str
        Attributes of the file that a study has no place for.
    """

    folder: Path
    config: Path
    rows: dict[str, int]
    years: tuple[int, int]
    left_out: list[str] = field(default_factory=list)


def import_network(
    root: Path,
    name: str,
    *,
    edges: Path | None = None,
    matrix: Path | None = None,
    graphml: Path | None = None,
    dates: Path | None = None,
    options: ImportOptions | None = None,
) -> Imported:
    """Make a new study from a file; it validates, and its networks are those of the file.

    Parameters
    ----------
    root : Path
        Folder that holds ``config/schema.yaml`` and ``data/raw/``.
    name : str
        Name of the study, see :func:`innercircle.data.location.check_name`.
    edges, matrix, graphml : Path, optional
        The file; one of the three. An edge list is a CSV file with columns source, target and
        perhaps weight, year, relation; a matrix has persons in rows, events in columns and 0 or 1
        in its cells.
    dates : Path, optional
        CSV file with columns event and date (EDTF), for a matrix.
    options : ImportOptions, optional

    Raises
    ------
    StudyError
        With every cell that cannot be used. Nothing is written then.
    """
    options = options or ImportOptions()
    check_new(root, name)
    given = {"edges": edges, "matrix": matrix, "graphml": graphml}
    kinds = [kind for kind, path in given.items() if path is not None]
    if len(kinds) != 1:
        expected = "name one file: --edges, --matrix or --graphml"
        raise StudyError([Problem(OPTIONS, 0, "", ", ".join(kinds), expected)])
    kind = kinds[0]
    path = given[kind] or Path()
    left_out: list[str] = []
    if kind == "matrix":
        tables, found = from_matrix(read_matrix(path), dates, options)
    else:
        if dates is not None:
            expected = "only a matrix has events to be dated; give edges a year"
            raise StudyError([Problem(OPTIONS, 0, "dates", str(dates), expected)])
        file = read_edge_list(path) if kind == "edges" else read_graphml(path)
        tables, found = from_edges(file, kind, options)
        left_out = file.left_out
    first, last = options.years
    years = (min(found) if first is None else first, max(found) if last is None else last)
    notes = _notes(path, kind, tables, left_out)
    folder, config = new_study(
        root,
        name,
        title=options.title,
        source=options.source,
        years=years,
        tables=tables,
        notes=notes,
    )
    rows = {table: len(rows) for table, rows in tables.items() if rows}
    return Imported(folder, config, rows, years, left_out)


def what_was_imported(made: Imported) -> str:
    """Return what a person who has just imported a network needs to know."""
    rows = ", ".join(f"{name} {count}" for name, count in made.rows.items())
    lines = [
        f"Made {made.folder} and {made.config}.",
        f"Rows: {rows}. Years: {made.years[0]} to {made.years[1]}.",
    ]
    if made.left_out:
        lines.append(f"Left out: {', '.join(made.left_out)}.")
    study = made.folder.name
    lines.append(f"Next: innercircle check {study}, and make reproduce STUDY={study}")
    return "\n".join(lines)


def _notes(path: Path, kind: str, tables: Tables, left_out: list[str]) -> str:
    """Return what the codebook says of the import."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    became = "one row of ties" if "ties" in tables else "one occasion of two persons"
    weight = ", and as many as it weighs" if kind != "matrix" else ""
    became = "one row of participations" if kind == "matrix" else became
    text = (
        f"Imported by `innercircle import-network` from `{path.name}` (SHA-256 {digest}).\n"
        f"{_HOW[kind]} became {became}{weight}. A locator `{kind}:7` is line 7 of that file.\n"
    )
    return text + (f"Left out: {', '.join(left_out)}.\n" if left_out else "")
