"""Yearly networks as files for other programs: GraphML, GEXF with a timeline, tables for R.

A person is the same node, by ``person_id``, in every file, so that years and layers can be laid
side by side. Values that a layer lacks are left out, never written as NaN.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_PERSON = ["label", "surname", "given_names"]
_EDGE_KEYS = ["layer", "year", "source", "target"]
_INTEGERS = ("n_events", "sign")
_TEXTS = ("name", "relations", *_PERSON)
_SIGNS = {1: "positive", -1: "negative"}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def named_nodes(
    nodes: pd.DataFrame, persons: pd.DataFrame, labels: Mapping[str, str]
) -> pd.DataFrame:
    """Return nodes with the names of the persons.

    Parameters
    ----------
    nodes : DataFrame
        As in nodes.parquet: layer, year, person_id, n_events.
    persons : DataFrame
        The raw table.
    labels : mapping of str to str
        Name to print by person_id.

    Returns
    -------
    DataFrame
        Columns person_id, label, surname, given_names, layer, year, n_events: the key first, as
        ``igraph::graph_from_data_frame`` wants it.
    """
    names = persons[["person_id", "surname", "given_names"]]
    named = nodes.merge(names, on="person_id", how="left", validate="many_to_one")
    named = named.assign(label=named["person_id"].map(labels).fillna(named["person_id"]))
    return named[["person_id", *_PERSON, "layer", "year", "n_events"]]


def write_graphml(
    edges: pd.DataFrame, nodes: pd.DataFrame, path: Path, *, directed: bool, title: str = ""
) -> None:
    """Write the network of one layer and year as GraphML.

    igraph, networkx and Gephi read it: every attribute is declared, none is a list, and the
    attribute that Gephi prints is called ``label``. There are no attributes of the graph as a
    whole, which Gephi does not support.

    Parameters
    ----------
    edges, nodes : DataFrame
        Rows of one layer and year; nodes as from :func:`named_nodes`. Without rows the file is a
        graph without nodes.
    path : Path
    directed : bool
    title : str
        Put into the file as its description.
    """
    root = Element("graphml", {"xmlns": "http://graphml.graphdrawing.org/xmlns"})
    columns = {"node": ["name", *_PERSON, "n_events"], "edge": _filled(edges)}
    for kind, names in columns.items():
        for name in names:
            key = {"id": f"{kind}_{name}", "for": kind, "attr.name": name}
            SubElement(root, "key", {**key, "attr.type": _type(name, "int")})
    graph = SubElement(root, "graph", {"edgedefault": "directed" if directed else "undirected"})
    if title:
        SubElement(graph, "desc").text = title
    for row in nodes.assign(name=nodes["person_id"]).to_dict("records"):
        node = SubElement(graph, "node", {"id": row["person_id"]})
        for name, text in _values(row, columns["node"]):
            SubElement(node, "data", {"key": f"node_{name}"}).text = text
    for row in edges.to_dict("records"):
        ends = {"source": row["source"], "target": row["target"]}
        edge = SubElement(graph, "edge", ends)
        for name, text in _values(row, columns["edge"]):
            SubElement(edge, "data", {"key": f"edge_{name}"}).text = text
    _write(root, path)


def write_gexf(edges: pd.DataFrame, nodes: pd.DataFrame, path: Path, *, directed: bool) -> None:
    """Write all years of one layer as dynamic GEXF 1.3, for Gephi's timeline.

    A node or edge has a spell for every run of years in which it is there, and its values one by
    one for every year, from 1 January to 31 December. A pair with an edge of each sign has two
    edges, kept apart by their ``kind``.

    Parameters
    ----------
    edges, nodes : DataFrame
        Rows of one layer; nodes as from :func:`named_nodes`.
    path : Path
    directed : bool

    References
    ----------
    GEXF Working Group. 2022. GEXF 1.3 primer. https://gexf.net/primer.html
    """
    root = Element("gexf", {"xmlns": "http://gexf.net/1.3", "version": "1.3"})
    settings = {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    default = {"defaultedgetype": "directed" if directed else "undirected"}
    graph = SubElement(root, "graph", {**default, **settings})
    signed = "sign" in _filled(edges)
    yearly = [name for name in _filled(edges) if name != "sign"]
    _declare(graph, "node", "static", _PERSON[1:])
    _declare(graph, "node", "dynamic", ["n_events"])
    if signed:
        _declare(graph, "edge", "static", ["sign"])
    # Gephi takes the attribute with the id "weight" for the thickness of the edge over time.
    _declare(graph, "edge", "dynamic", yearly)
    group = SubElement(graph, "nodes")
    for person, rows in nodes.groupby("person_id", sort=True):
        first = rows.iloc[0].to_dict()
        node = SubElement(group, "node", {"id": person, "label": _text(first["label"])})
        _add_years(node, rows, first, _PERSON[1:], ["n_events"])
    group = SubElement(graph, "edges")
    keys = ["source", "target", *(["sign"] if signed else [])]
    for _, rows in edges.groupby(keys, sort=True):
        first = rows.iloc[0].to_dict()
        kind = {"kind": _SIGNS[int(first["sign"])]} if signed else {}
        ends = {"source": first["source"], "target": first["target"]}
        # Layers that are opened in one workspace must not share ids.
        name = ":".join([first["layer"], *ends.values(), *kind.values()])
        edge = SubElement(group, "edge", {"id": name, **ends, **kind})
        _add_years(edge, rows, first, ["sign"] if signed else [], yearly)
    _write(root, path)


def write_tables(
    edges: pd.DataFrame, nodes: pd.DataFrame, folder: Path, directed: Mapping[str, bool]
) -> None:
    """Write edges.csv and nodes.csv, all layers and years, as ``igraph`` in R takes them.

    Parameters
    ----------
    edges, nodes : DataFrame
        As in edges.parquet; as from :func:`named_nodes`.
    folder : Path
    directed : mapping of str to bool
        By layer, whether its edges have a direction; a column of edges.csv.
    """
    lead = ["source", "target", "layer", "year"]
    rest = edges.drop(columns=lead).astype({"sign": "Int64"})
    table = edges[lead].assign(directed=edges["layer"].map(directed)).join(rest)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in (("edges", table), ("nodes", nodes)):
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _filled(edges: pd.DataFrame) -> list[str]:
    """Return the attributes of edges that have a value anywhere."""
    names = edges.columns.drop(_EDGE_KEYS)
    return [name for name in names if not (edges[name].isna() | (edges[name] == "")).all()]


def _type(name: str, integer: str) -> str:
    if name in _TEXTS:
        return "string"
    return integer if name in _INTEGERS else "double"


def _values(row: Mapping[str, Any], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the values that a row has, as text."""
    for name in names:
        value = row[name]
        if value == "" or pd.isna(value):
            continue
        if name in _TEXTS:
            yield name, _text(value)
        else:
            yield name, repr(int(value) if name in _INTEGERS else float(value))


def _text(value: object) -> str:
    """Return a text without the control characters that no XML file can hold."""
    return _UNPRINTABLE.sub("\ufffd", str(value))


def _declare(graph: Element, kind: str, mode: str, names: Sequence[str]) -> None:
    if names:
        group = SubElement(graph, "attributes", {"class": kind, "mode": mode})
        for name in names:
            SubElement(group, "attribute", id=name, title=name, type=_type(name, "integer"))


def _add_years(
    element: Element,
    rows: pd.DataFrame,
    first: Mapping[str, Any],
    static: Sequence[str],
    dynamic: Sequence[str],
) -> None:
    """Add to a node or edge its values and its spells."""
    values = SubElement(element, "attvalues")
    for name, text in _values(first, static):
        SubElement(values, "attvalue", {"for": name, "value": text})
    years = []
    for row in rows.sort_values("year").to_dict("records"):
        years.append(int(row["year"]))
        for name, text in _values(row, dynamic):
            when = _days(years[-1], years[-1])
            SubElement(values, "attvalue", {"for": name, "value": text, **when})
    spells = SubElement(element, "spells")
    breaks = [i for i, (a, b) in enumerate(pairwise(years), start=1) if b > a + 1]
    for start, stop in pairwise([0, *breaks, len(years)]):
        SubElement(spells, "spell", _days(years[start], years[stop - 1]))


def _days(first: int, last: int) -> dict[str, str]:
    return {"start": f"{first:04}-01-01", "end": f"{last:04}-12-31"}


def _write(root: Element, path: Path) -> None:
    indent(root)
    root.tail = "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree(root).write(path, encoding="UTF-8", xml_declaration=True)
