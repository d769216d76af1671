"""Edges as rows of a study: ties if they have a direction, occasions of two if not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from innercircle.data.importing.files import EdgeFile, name_problem, tidy
from innercircle.data.importing.keys import identifiers
from innercircle.data.importing.rows import (
    OPTIONS,
    ImportOptions,
    Row,
    Tables,
    event_row,
    outside,
    person_row,
    sorted_rows,
    vouched,
)
from innercircle.data.new_study import standard_tables
from innercircle.errors import Problem, StudyError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_ROWS = 100_000


@dataclass(frozen=True)
class _Edge:
    row: int
    source: str
    target: str
    weight: int
    year: int
    relation: str


def from_edges(file: EdgeFile, kind: str, options: ImportOptions) -> tuple[Tables, list[int]]:
    """Return persons with ties, or with occasions of two, and the years of the edges.

    Parameters
    ----------
    file : EdgeFile
    kind : str
        ``edges`` or ``graphml``: begins the locators.
    options : ImportOptions

    Raises
    ------
    StudyError
        With every cell that cannot be used: a missing name, a person tied to himself, a weight
        that is no count, a year that is none or lies outside, an unknown relation, an edge that
        stands twice; and where file and options contradict each other.
    """
    directed = bool(file.directed if options.directed is None else options.directed)
    problems = _edge_options(file, options, directed=directed)
    edges = []
    for row, cells in file.rows:
        edge, faults = _read_edge(file, row, cells, options, directed=directed)
        problems += faults
        if edge:
            edges.append(edge)
    problems += _repeated(file.file, edges, directed=directed)
    if not file.rows:
        problems.append(Problem(file.file, 0, "", "", "no edge"))
    if sum(edge.weight for edge in edges) > _MOST_ROWS:
        expected = f"the weights add up to more than {_MOST_ROWS} rows; leave the weights out"
        problems.append(Problem(file.file, 0, "weight", "", expected))
    lines = dict(file.lines)
    for row, cells in file.rows:
        for end in ("source", "target"):
            lines.setdefault(tidy(cells[end]), row)
    keys, alike = identifiers(
        {name: row for name, row in lines.items() if name}, "person", file.file
    )
    if problems := [*problems, *alike]:
        raise StudyError(problems)
    persons = [
        person_row(name, key, f"{kind}:{lines[name]}", file.persons.get(name))
        for name, key in keys.items()
    ]
    made = _ties(edges, keys, kind) if directed else _occasions(edges, keys, kind)
    return sorted_rows({"persons": persons, **made}), [edge.year for edge in edges]


def _edge_options(file: EdgeFile, options: ImportOptions, *, directed: bool) -> list[Problem]:
    """Return where file and options contradict each other, or neither says what is needed."""
    problems = []
    if file.directed is not None and file.directed != directed:
        expected = f"the graph in the file is {'' if file.directed else 'un'}directed"
        option = "--directed" if directed else "--undirected"
        problems.append(Problem(file.file, 0, "", option, expected))
    relation = "relation" in file.columns
    for name, value in (("year", options.year), ("relation", options.relation)):
        if name in file.columns and value:
            expected = f"the file has a {name} of its own for every edge: leave out --{name}"
            problems.append(Problem(file.file, 1, name, str(value), expected))
    if "year" not in file.columns and options.year is None:
        problems.append(Problem(file.file, 1, "year", "", "no column year; give --year"))
    if directed and not relation and not options.relation:
        expected = f"directed edges need a column relation, or --relation: {_one_of_relations()}"
        problems.append(Problem(file.file, 1, "relation", "", expected))
    elif directed and options.relation:
        problems += _unknown_relation(OPTIONS, 0, options.relation)
    elif not directed and (relation or options.relation):
        expected = "an edge without direction has no relation; leave it out, or give --directed"
        problems.append(Problem(file.file, 1, "relation", options.relation, expected))
    return problems


def _read_edge(
    file: EdgeFile, row: int, cells: Row, options: ImportOptions, *, directed: bool
) -> tuple[_Edge | None, list[Problem]]:
    """Return the edge of one row, or why there is none."""
    problems: list[Problem] = []

    def fault(column: str, value: str, expected: str) -> None:
        problems.append(Problem(file.file, row, column, value, expected))

    ends = {end: tidy(cells[end]) for end in ("source", "target")}
    for end, person in ends.items():
        if reason := name_problem(person, "a person"):
            fault(end, person, reason)
    source, target = ends.values()
    if source and source == target:
        fault("target", target, "a person has no tie to himself")
    weight = _whole(cells.get("weight", "") if "weight" in file.columns else "1")
    if isinstance(weight, str):
        fault("weight", cells.get("weight", ""), weight)
        weight = 0
    year = options.year or 0
    if "year" in file.columns:
        text = cells.get("year", "").strip()
        year = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
        if not year:
            fault("year", text, "not a year, such as 1848")
    problems += outside(file.file, row, "year", year, options) if year else []
    relation = options.relation
    if directed and "relation" in file.columns:
        relation = cells.get("relation", "").strip()
        problems += _unknown_relation(file.file, row, relation)
    edge = _Edge(row, source, target, weight, year, relation)
    return (None if problems else edge), problems


def _unknown_relation(file: str, row: int, relation: str) -> list[Problem]:
    if relation in relations():
        return []
    expected = _one_of_relations() + did_you_mean(relation, relations())
    return [Problem(file, row, "relation", relation, expected)]


def _whole(text: str) -> int | str:
    """Return a weight, or why it cannot be one."""
    try:
        number = float(text.strip())
    except ValueError:
        return "not a number"
    if not number.is_integer() or number < 1:
        return "not a whole number from 1: a weight counts occasions or ties"
    return int(number)


def _repeated(file: str, edges: list[_Edge], *, directed: bool) -> Iterable[Problem]:
    """Yield edges that say again what an edge before them said."""
    seen: dict[tuple[str, str, int, str], _Edge] = {}
    for edge in edges:
        pair = (edge.source, edge.target)
        source, target = pair if directed else (min(pair), max(pair))
        before = seen.setdefault((source, target, edge.year, edge.relation), edge)
        if before is edge:
            continue
        expected = f"the same edge as in row {before.row}; give it once, with its weight"
        if before.source != edge.source:
            expected = (
                f"the edge of row {before.row} the other way round; undirected edges stand once "
                "(give --directed if these are two)"
            )
        yield Problem(file, edge.row, "", f"{edge.source}, {edge.target}", expected)


def _ties(edges: list[_Edge], keys: dict[str, str], kind: str) -> Tables:
    ties = [
        {
            "source_id": keys[edge.source],
            "target_id": keys[edge.target],
            "relation": edge.relation,
            "basis": "unknown",
            "start": f"{edge.year:04}",
            "end": f"{edge.year:04}",
        }
        | vouched(f"{kind}:{edge.row}")
        for edge in edges
        for _ in range(edge.weight)
    ]
    return {"ties": [{"tie_id": f"t{i:06}", **tie} for i, tie in enumerate(ties, start=1)]}


def _occasions(edges: list[_Edge], keys: dict[str, str], kind: str) -> Tables:
    events: list[Row] = []
    taken_part: list[Row] = []
    for edge in edges:
        place = f"{kind}:{edge.row}"
        for _ in range(edge.weight):
            key = f"e{len(events) + 1:06}"
            label = f"{edge.source} and {edge.target}, {edge.year}"
            events.append(event_row(key, "edge", f"{edge.year:04}", label, place))
            taken_part += [
                {"event_id": key, "person_id": keys[person], "role": "present"} | vouched(place)
                for person in (edge.source, edge.target)
            ]
    return {"events": events, "participations": taken_part}


@cache
def relations() -> list[str]:
    """Return the relations that a tie can have."""
    ties = next(table for table in standard_tables() if table["name"] == "ties")
    column = next(f for f in ties["schema"]["fields"] if f["name"] == "relation")
    return list(column["constraints"]["enum"])


def _one_of_relations() -> str:
    return f"one of {', '.join(relations())}"
