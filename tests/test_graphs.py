"""Network files as other programs read them: GraphML, GEXF, and tables for R."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import igraph as ig
import networkx as nx
import pandas as pd
import pytest

from innercircle.networks import named_nodes, write_gexf, write_graphml, write_tables
from innercircle.networks.layers import EDGE_COLUMNS, NODE_COLUMNS
from tests.conftest import REFERENCE

if TYPE_CHECKING:
    from pathlib import Path

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
GEXF = "{http://gexf.net/1.3}"
AWKWARD = 'O\'Dúnlaing <&> "née" 毛\x07'  # the last is a control character, which XML cannot hold
KEPT = AWKWARD.replace("\x07", "\ufffd")
PERSONS = pd.DataFrame(
    {
        "person_id": ["arent", "brandis", "corvin", "dahl"],
        "surname": ["Arent", AWKWARD, "Corvin", "Dahl"],
        "given_names": ["Clara", "", "Emil", "Ida"],
    }
)
LABELS = dict(zip(PERSONS["person_id"], PERSONS["surname"], strict=True))
# layer, year, source, target, sign, weight, relations
ROWS = [
    ("attendance", 1848, "arent", "brandis", None, 3.0, ""),
    ("attendance", 1849, "arent", "brandis", None, 1.0, ""),
    ("attendance", 1851, "arent", "brandis", None, 2.0, ""),
    ("attendance", 1851, "arent", "corvin", None, 1.0, ""),
    ("relations", 1848, "brandis", "arent", 1.0, 1.0, "friend;supports"),
    ("relations", 1848, "brandis", "arent", -1.0, 1.0, "opposes"),
    ("relations", 1848, "arent", "brandis", 1.0, 2.0, "supports"),
]
PRESENT = {
    ("attendance", 1848): ["arent", "brandis", "dahl"],
    ("attendance", 1849): ["arent", "brandis"],
    ("attendance", 1851): ["arent", "brandis", "corvin"],
    ("relations", 1848): ["arent", "brandis"],
}


def edges() -> pd.DataFrame:
    columns = ["layer", "year", "source", "target", "sign", "weight", "relations"]
    table = pd.DataFrame(ROWS, columns=columns)
    table["n_events"] = table["weight"].astype("int64")
    shared = table["layer"] == "attendance"
    table["weight_discounted"] = (table["weight"] / 3).where(shared)
    table = table.reindex(columns=list(EDGE_COLUMNS))
    numbers = ["sign", "minutes", "simple_ratio", "half_weight"]
    return table.astype(dict.fromkeys(numbers, "float64"))


def nodes() -> pd.DataFrame:
    rows = [
        (layer, year, person, i + 1)
        for (layer, year), present in PRESENT.items()
        for i, person in enumerate(present)
    ]
    table = pd.DataFrame(rows, columns=list(NODE_COLUMNS))
    return named_nodes(table, PERSONS, LABELS)


def part(table: pd.DataFrame, layer: str, year: int | None = None) -> pd.DataFrame:
    return table[(table["layer"] == layer) & ((table["year"] == year) | (year is None))]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    directed = {"attendance": False, "relations": True}
    write_tables(edges(), nodes(), tmp_path, directed)
    for layer, year in PRESENT:
        ties, ends = part(edges(), layer), part(nodes(), layer)
        write_gexf(ties, ends, tmp_path / f"{layer}.gexf", directed=directed[layer])
        path = tmp_path / f"{layer}_{year}.graphml"
        ties, ends = part(edges(), layer, year), part(nodes(), layer, year)
        write_graphml(ties, ends, path, directed=directed[layer], title=f"{layer} {year}")
    return tmp_path


def test_networkx_reads_every_node_and_edge_attribute_of_graphml(written: Path) -> None:
    graph = nx.read_graphml(written / "attendance_1848.graphml")
    assert not graph.is_directed()
    assert dict(graph.nodes(data=True)) == {
        "arent": named("arent", "Arent", "Clara", 1),
        "brandis": named("brandis", KEPT, None, 2),
        "dahl": named("dahl", "Dahl", "Ida", 3),
    }
    values = {"weight": 3.0, "weight_discounted": 1.0, "n_events": 3}
    assert list(graph.edges(data=True)) == [("arent", "brandis", values)]


def named(person: str, surname: str, given: str | None, events: int) -> dict[str, object]:
    found = {"name": person, "label": surname, "surname": surname, "n_events": events}
    return found if given is None else {**found, "given_names": given}


def test_igraph_reads_every_node_and_edge_attribute_of_graphml(written: Path) -> None:
    graph = ig.Graph.Read_GraphML(str(written / "attendance_1848.graphml"))
    assert not graph.is_directed()
    assert graph.vs["name"] == graph.vs["id"] == ["arent", "brandis", "dahl"]
    assert graph.vs["label"] == graph.vs["surname"] == ["Arent", KEPT, "Dahl"]
    assert graph.vs["given_names"] == ["Clara", "", "Ida"]
    assert graph.vs["n_events"] == [1, 2, 3]
    assert graph.get_edgelist() == [(0, 1)]
    assert {name: graph.es[0][name] for name in graph.es.attributes()} == {
        "weight": 3.0,
        "weight_discounted": 1.0,
        "n_events": 3.0,
    }


def test_an_edge_of_each_sign_survives_in_igraph_and_networkx(written: Path) -> None:
    path = written / "relations_1848.graphml"
    signed = {("brandis", "arent", 1), ("brandis", "arent", -1), ("arent", "brandis", 1)}
    read = nx.read_graphml(path)
    assert read.is_directed()
    assert {(a, b, data["sign"]) for a, b, data in read.edges(data=True)} == signed
    graph = ig.Graph.Read_GraphML(str(path))
    assert graph.is_directed()
    name = graph.vs["name"]
    assert {(name[e.source], name[e.target], e["sign"]) for e in graph.es} == signed
    assert graph.es["relations"] == ["friend;supports", "opposes", "supports"]


def test_a_year_without_data_is_a_graph_without_nodes(tmp_path: Path) -> None:
    path = tmp_path / "attendance_1850.graphml"
    empty = part(edges(), "attendance", 1850), part(nodes(), "attendance", 1850)
    write_graphml(*empty, path, directed=False)
    assert len(nx.read_graphml(path)) == 0
    assert ig.Graph.Read_GraphML(str(path)).vcount() == 0
    write_gexf(*empty, tmp_path / "none.gexf", directed=False)
    assert len(nx.read_gexf(tmp_path / "none.gexf")) == 0


# What ImporterGraphML.java of Gephi 0.10 knows; anything else is dropped there, or an issue.
GEPHI_TYPES = {"boolean", "int", "integer", "long", "float", "double", "string", "short", "byte"}


def test_graphml_keeps_the_rules_of_the_reader_of_gephi(written: Path) -> None:
    for path in written.glob("*.graphml"):
        root = ET.parse(path).getroot()
        keys = {key.get("id"): key for key in root.findall(f"{GRAPHML}key")}
        assert len(keys) == len(root.findall(f"{GRAPHML}key"))
        assert {key.get("for") for key in keys.values()} <= {"node", "edge"}  # not of the graph
        assert {key.get("attr.type") for key in keys.values()} <= GEPHI_TYPES  # no lists
        graph = root.find(f"{GRAPHML}graph")
        assert graph.get("edgedefault") in {"directed", "undirected"}
        assert len(root.findall(f"{GRAPHML}graph")) == 1
        for kind in ("node", "edge"):
            for element in graph.findall(f"{GRAPHML}{kind}"):
                for data in element:
                    assert keys[data.get("key")].get("for") == kind
                    assert data.text.strip()
        # The columns that Gephi takes as its own: the text shown, and the thickness of edges.
        names = {(key.get("for"), key.get("attr.name")) for key in keys.values()}
        assert {("node", "label"), ("edge", "weight")} <= names
        ids = [node.get("id") for node in graph.findall(f"{GRAPHML}node")]
        assert len(set(ids)) == len(ids)
        ends = {e.get(end) for e in graph.findall(f"{GRAPHML}edge") for end in ("source", "target")}
        assert ends <= set(ids)


def test_a_person_has_the_same_id_in_every_file(written: Path) -> None:
    for path in (*written.glob("*.graphml"), *written.glob("*.gexf")):
        read = nx.read_graphml(path) if path.suffix == ".graphml" else nx.read_gexf(path)
        assert set(read) <= set(PERSONS["person_id"])
        assert read.nodes["arent"]["label"] == "Arent"


def spans(element: ET.Element) -> list[tuple[str, str]]:
    spells = element.findall(f"{GEXF}spells/{GEXF}spell")
    return [(spell.get("start"), spell.get("end")) for spell in spells]


def test_networkx_reads_the_spells_and_yearly_values_of_gexf(written: Path) -> None:
    graph = nx.read_gexf(written / "attendance.gexf")
    assert graph.graph["mode"] == "dynamic"
    whole = [("1848-01-01", "1849-12-31"), ("1851-01-01", "1851-12-31")]
    assert graph.nodes["arent"]["spells"] == graph.edges["arent", "brandis"]["spells"] == whole
    assert graph.nodes["dahl"]["spells"] == [("1848-01-01", "1848-12-31")]
    assert graph.nodes["brandis"]["label"] == graph.nodes["brandis"]["surname"] == KEPT
    years = [(f"{year}-01-01", f"{year}-12-31") for year in (1848, 1849, 1851)]
    values = graph.edges["arent", "brandis"]
    assert values["n_events"] == [(n, *span) for n, span in zip((3, 1, 2), years, strict=True)]
    assert values["weight_discounted"][0] == (1.0, *years[0])


def test_gexf_gives_gephi_a_dynamic_weight_for_every_year_of_an_edge(written: Path) -> None:
    # networkx takes the id "weight" for static and keeps the last value, so the file is read here.
    graph = ET.parse(written / "attendance.gexf").getroot().find(f"{GEXF}graph")
    declared = {
        (group.get("class"), group.get("mode"), attribute.get("id"), attribute.get("type"))
        for group in graph.findall(f"{GEXF}attributes")
        for attribute in group
    }
    assert ("edge", "dynamic", "weight", "double") in declared
    edge = graph.find(f"{GEXF}edges/{GEXF}edge")
    weights = {
        value.get("start"): (float(value.get("value")), value.get("end"))
        for value in edge.iter(f"{GEXF}attvalue")
        if value.get("for") == "weight"
    }
    assert weights == {
        "1848-01-01": (3.0, "1848-12-31"),
        "1849-01-01": (1.0, "1849-12-31"),
        "1851-01-01": (2.0, "1851-12-31"),
    }


def test_gexf_has_the_structure_of_version_1_3(written: Path) -> None:
    for path in written.glob("*.gexf"):
        root = ET.parse(path).getroot()
        assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.3")
        (graph,) = root
        assert graph.get("mode") == "dynamic"
        assert (graph.get("timeformat"), graph.get("timerepresentation")) == ("date", "interval")
        kinds = {}
        for group in graph.findall(f"{GEXF}attributes"):
            for attribute in group:
                kinds[group.get("class"), attribute.get("id")] = group.get("mode")
                assert attribute.get("type") in {"integer", "double", "string"}
        ids = {
            kind: [e.get("id") for e in graph.iter(f"{GEXF}{kind}")] for kind in ("node", "edge")
        }
        for kind, names in ids.items():
            assert len(set(names)) == len(names)
            for element in graph.iter(f"{GEXF}{kind}"):
                assert spans(element) == sorted(spans(element)) != []
                for value in element.iter(f"{GEXF}attvalue"):
                    dynamic = kinds[kind, value.get("for")] == "dynamic"
                    assert (value.get("start") is not None) == dynamic
                    inside = [a <= value.get("start") <= b for a, b in spans(element) if dynamic]
                    assert any(inside) == dynamic
        for edge in graph.iter(f"{GEXF}edge"):
            assert {edge.get("source"), edge.get("target")} <= set(ids["node"])


def test_an_edge_of_each_sign_has_its_own_kind_in_gexf(written: Path) -> None:
    graph = ET.parse(written / "relations.gexf").getroot().find(f"{GEXF}graph")
    assert graph.get("defaultedgetype") == "directed"
    kinds = [(e.get("source"), e.get("kind")) for e in graph.iter(f"{GEXF}edge")]
    assert sorted(kinds) == [
        ("arent", "positive"),
        ("brandis", "negative"),
        ("brandis", "positive"),
    ]
    read = nx.read_gexf(written / "relations.gexf")
    assert read.number_of_edges() == 3
    signs = {key: data["sign"] for _, _, key, data in read.edges(keys=True, data=True)}
    assert signs["relations:brandis:arent:negative"] == -1


def test_tables_hold_every_layer_and_year_with_the_key_first(written: Path) -> None:
    table = pd.read_csv(written / "edges.csv").fillna({"relations": ""})
    assert list(table.columns[:5]) == ["source", "target", "layer", "year", "directed"]
    assert set(EDGE_COLUMNS) < set(table.columns)
    pd.testing.assert_frame_equal(table[list(EDGE_COLUMNS)], edges(), check_dtype=False)
    assert table.groupby("layer")["directed"].first().to_dict() == {
        "attendance": False,
        "relations": True,
    }
    people = pd.read_csv(written / "nodes.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(people, nodes())
    assert people.columns[0] == "person_id"
    assert not people.duplicated(["layer", "year", "person_id"]).any()


def test_igraph_in_r_builds_the_same_graphs_from_the_tables_and_from_graphml(written: Path) -> None:
    # network_files.R has read files of these very bytes
    read = sorted((REFERENCE / "network_files").iterdir())
    assert len(read) == 4
    for path in read:
        assert (written / path.name).read_bytes() == path.read_bytes(), path.name
    found = json.loads((REFERENCE / "network_files.json").read_text(encoding="utf-8"))
    attendance = {"layer": "attendance", "directed": False, "edges": 1, "weights": 3}
    attendance |= {"names": ["arent", "brandis", "dahl"], "events": [1, 2, 3]}
    relations = {"layer": "relations", "directed": True, "edges": 3, "weights": [1, 1, 2]}
    relations |= {"names": ["arent", "brandis"], "events": [1, 2]}
    assert found["graphs"] == [attendance, attendance, relations, relations]
