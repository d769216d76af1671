"""Reads a network from an edge list, a matrix of persons by events, or GraphML, cell by cell.

Nothing is guessed: every cell that cannot be used is reported, with its row and column.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from innercircle.data.columns import ENCODING, split_rows
from innercircle.errors import Problem, StudyError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

EDGE_COLUMNS = ("source", "target", "weight", "year", "relation")
_DATE_ROW = {"date", "dates"}
Line = tuple[int, list[str]]


@dataclass
class EdgeFile:
    """Edges as a file states them; cells are text, not yet judged.

    Attributes
    ----------
    file : str
    directed : bool or None
        None where the file does not say.
    columns : dict of str to str
        Those of :data:`EDGE_COLUMNS` that the file has, and what it calls them.
    rows : list of (int, dict of str to str)
        Line of the file, and cells by column; ``source`` and ``target`` are names of persons.
    persons : dict of str to dict of str to str
        Columns of the persons table by name, for those that the file lists apart from edges.
    lines : dict of str to int
        Line in which each of these persons stands.
    left_out : list of str
        Attributes that a study has no place for.
    """

    file: str
    directed: bool | None = None
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    persons: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


@dataclass
class MatrixFile:
    """A matrix of persons by events.

    Attributes
    ----------
    file : str
    events : list of str
        Names of the events, in the order of the columns.
    dates : list of str or None
        The row of dates, as it stands there.
    persons : dict of str to (int, list of int)
        Line and cells of each person.
    problems : list of Problem
        Cells that are not 0 or 1, names that are missing or stand twice; without any, all is used.
    """

    file: str
    events: list[str]
    dates: list[str] | None
    persons: dict[str, tuple[int, list[int]]]
    problems: list[Problem] = field(default_factory=list)


def tidy(text: str) -> str:
    """Return a name with single spaces between its words."""
    return " ".join(text.split())


def name_problem(text: str, what: str) -> str:
    """Return why a tidied text cannot be a name, or nothing."""
    if not text:
        return f"missing name of {what}"
    return "" if text.isprintable() else "holds a character that cannot be printed"


def read_edge_list(path: Path) -> EdgeFile:
    """Read a CSV file with columns source, target and perhaps weight, year and relation.

    Raises
    ------
    StudyError
        If the file is no such table.
    """
    (_, header), *lines = _read_csv(path)
    file, problems = str(path), []
    columns = [cell.strip() for cell in header]
    for name in columns:
        if name not in EDGE_COLUMNS:
            expected = f"unknown column{did_you_mean(name, EDGE_COLUMNS)}; known are "
            problems.append(Problem(file, 1, name, name, expected + ", ".join(EDGE_COLUMNS)))
        elif columns.count(name) > 1:
            problems.append(Problem(file, 1, name, name, "two columns have this name"))
    problems += [
        Problem(file, 1, name, "", "missing column")
        for name in ("source", "target")
        if name not in columns
    ]
    problems += _ragged(file, lines, len(header))
    if problems:
        raise StudyError(problems)
    rows = [(number, dict(zip(columns, cells, strict=True))) for number, cells in lines]
    return EdgeFile(file, columns={name: name for name in columns}, rows=rows)


def read_matrix(path: Path) -> MatrixFile:
    """Read a CSV file of persons (rows, named in the first column) by events (columns).

    The second line may give the dates of the events; its first cell is then ``date``.

    Raises
    ------
    StudyError
        If the file is no such table; what is wrong in its cells is left to be said with the rest.
    """
    (_, header), *lines = _read_csv(path)
    file, events = str(path), [tidy(cell) for cell in header[1:]]
    problems = _ragged(file, lines, len(header))
    problems += _bad_names(file, [(1, name) for name in events], "an event", "")
    lines = [(number, cells) for number, cells in lines if len(cells) == len(header)]
    dates = None
    if lines and lines[0][1][0].strip().lower() in _DATE_ROW:
        dates = [cell.strip() for cell in lines.pop(0)[1][1:]]
    names = [(number, tidy(cells[0])) for number, cells in lines]
    problems += _bad_names(file, names, "a person", tidy(header[0]) or "1")
    if not events:
        problems.append(Problem(file, 1, "", "", "no column of events"))
    if not lines:
        problems.append(Problem(file, 0, "", "", "no row of a person"))
    for number, cells in lines:
        problems += [
            Problem(file, number, event, cell, "neither 0 nor 1: the person was there (1) or not")
            if cell.strip()
            else Problem(file, number, event, "", "empty; write 0 or 1")
            for event, cell in zip(events, cells[1:], strict=True)
            if cell.strip() not in {"0", "1"}
        ]
    persons = {
        tidy(cells[0]): (number, [int(cell.strip() == "1") for cell in cells[1:]])
        for number, cells in lines
    }
    return MatrixFile(file, events, dates, persons, problems)


def read_dates(path: Path, events: list[str]) -> tuple[dict[str, tuple[int, str]], list[Problem]]:
    """Read a CSV file with columns event and date.

    Returns
    -------
    dates : dict of str to (int, str)
        Line and date of every event.
    problems : list of Problem
        Events that are unknown, stand twice or are missing.

    Raises
    ------
    StudyError
        If the file is no such table.
    """
    (_, header), *lines = _read_csv(path)
    file, wanted = str(path), ["event", "date"]
    if [cell.strip() for cell in header] != wanted:
        found = ",".join(header)
        raise StudyError([Problem(file, 1, "", found, "expected the header event,date")])
    problems = _ragged(file, lines, len(header))
    dates: dict[str, tuple[int, str]] = {}
    for number, cells in lines:
        event = tidy(cells[0])
        if event not in events:
            expected = f"not a column of the matrix{did_you_mean(event, events)}"
            problems.append(Problem(file, number, "event", event, expected))
        elif event in dates:
            expected = f"stands in row {dates[event][0]} already"
            problems.append(Problem(file, number, "event", event, expected))
        elif len(cells) == len(wanted):
            dates[event] = number, cells[1].strip()
    missing = [event for event in events if event not in dates]
    if not problems:
        problems = [Problem(file, 0, "event", event, "has no row here") for event in missing]
    return dates, problems


def read_graphml(path: Path) -> EdgeFile:
    """Read the nodes and edges of a GraphML file.

    A person is called as the attribute ``name`` of the node says, or else ``label``, or else its
    id. Weight, year and relation are attributes of edges.

    Raises
    ------
    StudyError
        If the file is not XML, has another form, or nodes or edges that cannot be used.
    """
    file = str(path)
    root = _parse_xml(path)
    graphs = root.findall("graph")
    if root.tag != "graphml" or len(graphs) != 1 or graphs[0].find("node/graph") is not None:
        raise StudyError([Problem(file, 0, "", "", "not GraphML with one graph in it")])
    graph = graphs[0]
    directed = graph.get("edgedefault") == "directed"
    names = {
        key.get("id", ""): key.get("attr.name", key.get("id", "")).lower()
        for key in root.findall("key")
    }
    nodes = [(node, _data(node, root, names)) for node in graph.findall("node")]
    edges = [(edge, _data(edge, root, names)) for edge in graph.findall("edge")]
    called = next((k for k in ("name", "label") if any(k in data for _, data in nodes)), "id")
    problems = [
        Problem(file, _line(element), "", "", "an edge of more than two nodes cannot be read")
        for element in graph.findall("hyperedge")
    ]
    found = EdgeFile(file, directed=directed)
    by_id: dict[str, str] = {}
    listed = []
    for node, data in nodes:
        key = node.get("id", "")
        name = tidy(data.get(called, "") if called != "id" else key)
        listed.append((_line(node), name))
        if key in by_id:
            problems.append(Problem(file, _line(node), "id", key, "two nodes have this id"))
        by_id[key] = name
        kept = {k: tidy(data[k]) for k in ("surname", "given_names") if data.get(k)}
        found.persons[name], found.lines[name] = kept, _line(node)
    problems += _bad_names(file, listed, "a person", called)
    for edge, data in edges:
        problems += _edge_problems(file, edge, by_id, directed=directed)
        ends = {end: by_id.get(edge.get(end, ""), "") for end in ("source", "target")}
        values = {name: data[name].strip() for name in EDGE_COLUMNS[2:] if name in data}
        found.rows.append((_line(edge), {**ends, **values}))
    if not nodes:
        problems.append(Problem(file, _line(graph), "", "", "no node"))
    if problems:
        raise StudyError(problems)
    found.columns = {name: name for _, row in found.rows for name in row}
    unused = {f"node attribute {k}" for _, data in nodes for k in data} - {
        f"node attribute {k}" for k in (called, "label", "name", "surname", "given_names")
    }
    unused |= {f"edge attribute {k}" for _, data in edges for k in data if k not in EDGE_COLUMNS}
    found.left_out = sorted(unused)
    return found


def _edge_problems(
    file: str, edge: Element, nodes: dict[str, str], *, directed: bool
) -> list[Problem]:
    line = _line(edge)
    problems = [
        Problem(file, line, end, edge.get(end, ""), "no node has this id")
        for end in ("source", "target")
        if edge.get(end, "") not in nodes
    ]
    own = edge.get("directed")
    if own is not None and (own == "true") != directed:
        expected = f"the graph is {'' if directed else 'un'}directed; an edge cannot differ"
        problems.append(Problem(file, line, "directed", own, expected))
    return problems


def _read_csv(path: Path) -> list[Line]:
    """Return the lines that are not blank with their numbers; the first is the header."""
    file = str(path)
    if not path.is_file():
        raise StudyError([Problem(file, 0, "", "", "no such file")])
    raw = path.read_bytes()
    try:
        text = raw.decode(ENCODING)
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        expected = "not UTF-8; save the file with encoding UTF-8"
        raise StudyError([Problem(file, row, "", "", expected)]) from error
    rows = split_rows(io.StringIO(text, newline=""), file)
    lines = [(number, row) for number, row in enumerate(rows, start=1) if row]
    if not lines or lines[0][0] != 1:
        raise StudyError([Problem(file, 1, "", "", "empty; the first line is the header")])
    header = lines[0][1]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        expected = "separated by something else than commas; save the file as CSV with commas"
        raise StudyError([Problem(file, 1, "", header[0], expected)])
    return lines


def _ragged(file: str, lines: list[Line], width: int) -> list[Problem]:
    return [
        Problem(file, number, "", "", f"{len(cells)} cells, the header has {width}")
        for number, cells in lines
        if len(cells) != width
    ]


def _bad_names(file: str, names: list[tuple[int, str]], what: str, column: str) -> list[Problem]:
    """Return the names that are missing, unprintable or the same as one before."""
    problems, seen = [], dict[str, int]()
    for place, (number, name) in enumerate(names, start=1):
        reason = name_problem(name, what)
        if not reason and name in seen:
            where = f"in row {seen[name]}" if column else "in this row"
            reason = f"duplicate name: stands {where} already"
        if reason:
            where = column or f"{place + 1}"
            problems.append(Problem(file, number, where, name, reason))
        seen.setdefault(name, number)
    return problems


def _parse_xml(path: Path) -> Element:
    """Return the root; tags are without namespace, and ``line`` is where an element begins."""
    if not path.is_file():
        raise StudyError([Problem(str(path), 0, "", "", "no such file")])
    builder, parser = TreeBuilder(), expat.ParserCreate(namespace_separator="}")

    def start(tag: str, attributes: dict[str, str]) -> None:
        line = str(parser.CurrentLineNumber)
        builder.start(tag.rpartition("}")[2], {**attributes, "line": line})

    def refuse(*_: object) -> None:  # nested entities can grow without bound
        line = parser.CurrentLineNumber
        raise StudyError([Problem(str(path), line, "", "", "declares entities; remove them")])

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: builder.end(tag.rpartition("}")[2])
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(path.read_bytes(), True)  # noqa: FBT003  # the last piece
    except expat.ExpatError as error:
        expected = f"not readable as XML: {expat.errors.messages[error.code]}"
        raise StudyError([Problem(str(path), error.lineno, "", "", expected)]) from error
    return builder.close()


def _line(element: Element) -> int:
    return int(element.get("line", "0"))


def _data(element: Element, root: Element, names: dict[str, str]) -> dict[str, str]:
    """Return the attributes of a node or edge by name, or their defaults; no empty ones."""
    cells = {
        key.get("id", ""): key.findtext("default") or ""
        for key in root.findall("key")
        if key.get("for", "all") in {element.tag, "all"}
    }
    cells |= {data.get("key", ""): data.text or "" for data in element.findall("data")}
    return {names.get(key, key.lower()): text for key, text in cells.items() if text.strip()}
