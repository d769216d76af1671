"""Networks in other forms become studies that validate; of bad cells every one is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from innercircle.cli import app
from innercircle.data import load_config, load_study, validate_study
from innercircle.data.importing import ImportOptions, import_network
from innercircle.data.importing.edges import relations
from innercircle.data.importing.keys import identifiers
from innercircle.errors import StudyError
from innercircle.networks import build_layers, named_nodes, write_graphml
from tests.conftest import REFERENCE, ROOT

DAVIS = REFERENCE / "davis.csv"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "schema.yaml", tmp_path / "config")
    return tmp_path


def run(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--root", str(root)])
    return result.exit_code, result.output


def tree(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def layers(root: Path, study: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    tables = validate_study(root / "data" / "raw" / study)
    return build_layers(tables, load_config(root / "config" / f"{study}.yaml"))


def write(root: Path, name: str, text: str) -> str:
    (root / name).write_text(text, encoding="utf-8")
    return str(root / name)


# --- what comes in is what the file says --------------------------------------------------------


def test_the_southern_women_matrix_gives_the_coattendance_of_the_coded_study(root: Path) -> None:
    code, output = run(root, "import-network", "davis", "--matrix", str(DAVIS), "--year", "1936")
    assert code == 0, output
    assert "persons 18, events 14, participations 89. Years: 1936 to 1936" in output
    code, output = run(root, "check", "davis")
    assert code == 0, output
    edges, nodes = layers(root, "davis")
    renamed = {"source": {"myrna": "myra"}, "target": {"myrna": "myra"}}
    imported = edges.replace(renamed)
    study = load_study(ROOT / "data" / "raw" / "southern_women")
    coded, coded_nodes = build_layers(study, load_config(ROOT / "config" / "southern_women.yaml"))
    # The published file misspells one name; both spellings sort alike.
    pd.testing.assert_frame_equal(imported, coded)
    pd.testing.assert_frame_equal(nodes.replace({"person_id": {"myrna": "myra"}}), coded_nodes)


DATED = "who,Ball,Supper\nDate,1848-02-11,1849\nArent,1,0\nBrandis,1,1\n"


def test_dates_may_stand_in_the_second_line_or_in_a_file(root: Path) -> None:
    one = write(root, "one.csv", DATED)
    two = write(root, "two.csv", "".join(DATED.splitlines(keepends=True)[i] for i in (0, 2, 3)))
    dates = write(root, "dates.csv", "event,date\nSupper,1849\nBall,1848-02-11\n")
    assert run(root, "import-network", "one", "--matrix", one)[0] == 0
    assert run(root, "import-network", "two", "--matrix", two, "--dates", dates)[0] == 0
    starts = [
        load_study(root / "data" / "raw" / study)["events"]["start"].tolist()
        for study in ("one", "two")
    ]
    assert starts[0] == starts[1] == ["1848-02-11", "1849"]
    assert load_config(root / "config" / "one.yaml")["years"] == {"first": 1848, "last": 1849}


EDGES = "source,target,weight,year\nJosé Núñez,Ann,2,1848\nAnn,Bob,1,1849\nBob,Пушкин,3,1849\n"


def test_an_undirected_edge_weighs_what_it_weighs_in_the_file(root: Path) -> None:
    path = write(root, "friends.csv", "\ufeff" + EDGES)  # as spreadsheet programs begin a file
    code, output = run(root, "import-network", "friends", "--edges", path)
    assert code == 0, output
    edges, _ = layers(root, "friends")
    found = edges[["layer", "year", "source", "target", "weight"]].to_numpy().tolist()
    assert found == [
        ["attendance", 1848, "ann", "jose-nunez", 2.0],
        ["attendance", 1849, "ann", "bob", 1.0],
        ["attendance", 1849, "bob", "person-4", 3.0],
    ]
    persons = load_study(root / "data" / "raw" / "friends")["persons"]
    named = dict(zip(persons["person_id"], persons["surname"], strict=True))
    assert (named["jose-nunez"], named["person-4"]) == ("José Núñez", "Пушкин")
    assert persons["locator"].tolist() == ["edges:2", "edges:3", "edges:2", "edges:4"]


@pytest.mark.parametrize("relation", relations())
def test_a_directed_edge_is_in_a_layer_whatever_its_relation(root: Path, relation: str) -> None:
    path = write(root, "ties.csv", "source,target,weight\nA,B,2\nB,A,1\n")
    options = ImportOptions(year=1848, years=(1847, 1850), directed=True, relation=relation)
    import_network(root, "ties", edges=Path(path), options=options)
    edges, _ = layers(root, "ties")
    for _, rows in edges.groupby("layer"):
        found = rows[["year", "source", "target", "weight"]].to_numpy().tolist()
        assert found == [[1848, "a", "b", 2.0], [1848, "b", "a", 1.0]]
    assert set(edges["layer"]) <= {"patronage", "relations"}
    assert len(edges) in {2, 4}


@pytest.mark.parametrize("directed", [False, True])
def test_graphml_of_networkx_comes_back_as_the_same_network(root: Path, directed: bool) -> None:
    kind = nx.DiGraph if directed else nx.Graph
    graph = nx.gnp_random_graph(12, 0.3, seed=1, directed=directed)
    graph = nx.relabel_nodes(graph, {i: f"v{i:02}" for i in graph})
    for i, (_, _, data) in enumerate(graph.edges(data=True)):
        data.update(weight=1 + i % 3, year=1848 + i % 2)
    nx.write_graphml(graph, root / "g.graphml")
    options = ImportOptions(relation="supports" if directed else "")
    import_network(root, "g", graphml=root / "g.graphml", options=options)
    edges, _ = layers(root, "g")
    back = kind()
    back.add_nodes_from(load_study(root / "data" / "raw" / "g")["persons"]["person_id"])
    for row in edges.itertuples():
        back.add_edge(row.source, row.target, weight=int(row.weight), year=row.year)
    assert nx.utils.graphs_equal(back, kind(graph))


def test_what_an_edge_of_graphml_leaves_out_is_the_default_of_its_key(root: Path) -> None:
    graph = nx.Graph()
    graph.add_edge("a", "b")
    graph.add_edge("b", "c", weight=2)
    nx.write_graphml(graph, root / "g.graphml")
    text = (root / "g.graphml").read_text(encoding="utf-8")
    key = '<key id="d0" for="edge" attr.name="weight" attr.type="long"'
    assert f"{key} />" in text
    write(root, "g.graphml", text.replace(f"{key} />", f"{key}><default>3</default></key>"))
    import_network(root, "g", graphml=root / "g.graphml", options=ImportOptions(year=1848))
    assert layers(root, "g")[0]["weight"].tolist() == [3.0, 2.0]


def test_our_own_graphml_comes_back_with_the_same_ids_names_and_weights(root: Path) -> None:
    folder = ROOT / "data" / "raw" / "southern_women"
    study = load_study(folder)
    config = load_config(ROOT / "config" / "southern_women.yaml")
    edges, nodes = build_layers(study, config)
    persons = study["persons"]
    labels = dict(zip(persons["person_id"], persons["given_names"], strict=True))
    nodes = named_nodes(nodes, persons, labels)
    write_graphml(edges, nodes, root / "women.graphml", directed=False)
    options = ImportOptions(year=1936)
    made = import_network(root, "women", graphml=root / "women.graphml", options=options)
    assert "edge attribute weight_discounted" in made.left_out
    back, _ = layers(root, "women")
    keys = ["source", "target", "weight"]
    pd.testing.assert_frame_equal(back[keys], edges[keys])
    names = ["person_id", "surname", "given_names"]
    read = load_study(root / "data" / "raw" / "women")["persons"]
    pd.testing.assert_frame_equal(read[names], persons[names])


def test_the_codebook_says_where_the_rows_come_from(root: Path) -> None:
    run(root, "import-network", "davis", "--matrix", str(DAVIS), "--year", "1936")
    text = (root / "data" / "raw" / "davis" / "CODEBOOK.md").read_text(encoding="utf-8")
    assert "from `davis.csv` (SHA-256 " in text
    rows = load_study(root / "data" / "raw" / "davis")["participations"]
    lines = DAVIS.read_text(encoding="utf-8").splitlines()
    for person, locator in zip(rows["person_id"], rows["locator"], strict=True):
        line = int(locator.removeprefix("matrix:"))
        assert lines[line - 1].lower().startswith(f"{person},")


@given(st.integers(0, 2**32 - 1))
def test_any_matrix_of_zeros_and_ones_keeps_its_product_with_its_transpose(seed: int) -> None:
    from innercircle.data.importing.files import MatrixFile
    from innercircle.data.importing.matrix import from_matrix

    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 2, size=rng.integers(1, 7, size=2))
    persons = {f"P{i}": (i + 2, row.tolist()) for i, row in enumerate(cells)}
    events = [f"E{j}" for j in range(cells.shape[1])]
    matrix = MatrixFile("m.csv", events, None, persons)
    tables, _ = from_matrix(matrix, None, ImportOptions(year=1848))
    taken_part = pd.DataFrame(tables["participations"], columns=["event_id", "person_id"])
    back = pd.crosstab(taken_part["person_id"], taken_part["event_id"]).reindex(
        index=[f"p{i}" for i in range(len(cells))], columns=[e.lower() for e in events]
    )
    np.testing.assert_array_equal(back.fillna(0), cells)


# --- names --------------------------------------------------------------------------------------


@given(st.lists(st.text(min_size=1), unique=True, max_size=8))
def test_keys_are_distinct_and_of_the_form_that_the_tables_ask_for(names: list[str]) -> None:
    keys, problems = identifiers(dict.fromkeys(names, 1), "person", "f.csv")
    accepted = [key for name, key in keys.items() if name not in {p.value for p in problems}]
    assert len(set(accepted)) == len(accepted)
    for key in keys.values():
        assert key[0].isascii()
        assert key[0].isalpha()
        assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_numbered_key_does_not_take_that_of_a_person_so_called() -> None:
    keys, problems = identifiers({"Person 2": 1, "毛": 2, "3rd Earl": 3}, "person", "f.csv")
    assert keys == {"Person 2": "person-2", "毛": "person-2-x", "3rd Earl": "p-3rd-earl"}
    assert problems == []


# --- what cannot be used --------------------------------------------------------------------------

GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    '<key id="w" for="edge" attr.name="weight" attr.type="string"/>\n'
    '<graph edgedefault="{kind}">\n{body}\n</graph>\n</graphml>\n'
)
NODES = '<node id="a"/>\n<node id="b"/>\n'
EDGE = '<edge source="a" target="b"/>'


def graphml(body: str, kind: str = "undirected") -> str:
    return GRAPHML.format(kind=kind, body=body)


# option, contents of the file, further options, and every line of the message
CASES: dict[str, tuple[str, str, list[str], list[str]]] = {
    "cells that are neither 0 nor 1": (
        "matrix",
        "who,E1,E2\nA,1,2\nB,,x\n",
        ["--year", "1848"],
        [
            "row 2, column E2: found '2': neither 0 nor 1",
            "row 3, column E1: empty; write 0 or 1",
            "row 3, column E2: found 'x': neither 0 nor 1",
        ],
    ),
    "names twice, missing, and hardly different": (
        "matrix",
        "who,E1,E1,\nA,1,0,0\nA,1,1,1\n,1,0,0\n",
        ["--year", "1848"],
        [
            "row 1, column 3: found 'E1': duplicate name",
            "row 1, column 4: missing name of an event",
            "row 3, column who: found 'A': duplicate name: stands in row 2",
            "row 4, column who: missing name of a person",
        ],
    ),
    "one name in two spellings": (
        "matrix",
        "who,E1\nMüller,1\nmuller,1\n",
        ["--year", "1848"],
        ["row 3: found 'muller': hardly differs from 'Müller' in row 2"],
    ),
    "a matrix without dates": ("matrix", "who,E1\nA,1\n", [], ["date the events once"]),
    "a matrix with dates and a year": (
        "matrix",
        "who,E1\ndate,1848\nA,1\n",
        ["--year", "1848"],
        ["found 'a row of dates and --year': date the events once"],
    ),
    "dates that are none, or outside": (
        "matrix",
        "who,E1,E2,E3\ndate,1848-13,,1850\nA,1,1,1\n",
        ["--last", "1849"],
        [
            "row 2, column E1: found '1848-13': not a date",
            "row 2, column E2: not a date",
            "row 2, column E3: found '1850': outside the years of the study, any to 1849",
        ],
    ),
    "a matrix with a direction": (
        "matrix",
        "who,E1\nA,1\n",
        ["--year", "1848", "--directed", "--relation", "kin"],
        ["found '--directed': a matrix has no direction", "a matrix has no relations"],
    ),
    "rows of other lengths": (
        "matrix",
        "who,E1,E2\nA,1\nB,1,1,1\n",
        ["--year", "1848"],
        ["row 2: 2 cells, the header has 3", "row 3: 4 cells, the header has 3", "no row"],
    ),
    "cells, dates and names at once": (
        "matrix",
        "who,E1,E2\ndate,1848-13,1849\nA,2,1\na,1,1\n",
        ["--relation", "kin"],
        [
            "options, column relation",
            "row 2, column E1: found '1848-13': not a date",
            "row 3, column E1: found '2': neither 0 nor 1",
            "row 4: found 'a': hardly differs from 'A' in row 3",
        ],
    ),
    "a matrix of nobody": ("matrix", "who\n", ["--year", "1848"], ["no column", "no row"]),
    "an empty file": ("edges", "", [], ["empty; the first line is the header"]),
    "semicolons": ("edges", "source;target\nA;B\n", [], ["save the file as CSV with commas"]),
    "a quote that never ends": (
        "edges",
        'source,target\n"A,B\n',
        [],
        ["row 2: not readable as CSV"],
    ),
    "unknown and missing columns": (
        "edges",
        "source,tarhet,wieght\nA,B,1\n",
        ["--year", "1848"],
        [
            "row 1, column target: missing column",
            "column tarhet: found 'tarhet': unknown column (did you mean 'target'?)",
            "column wieght: found 'wieght': unknown column (did you mean 'weight'?)",
        ],
    ),
    "self-loops, missing names, weights and years": (
        "edges",
        (
            "source,target,weight,year\nA,A,1,1848\n,B,1,1848\nA,B,heavy,1848\nA,B,nan,1848\n"
            "A,B,-1,0\nA,B,1.5,1848-02\nA,B,1,1850\nA,\x07,1,1848\n"
        ),
        ["--first", "1840", "--last", "1849"],
        [
            "row 2, column target: found 'A': a person has no tie to himself",
            "row 3, column source: missing name",
            "row 4, column weight: found 'heavy': not a number",
            "row 5, column weight: found 'nan': not a whole number",
            "row 6, column weight: found '-1': not a whole number",
            "row 6, column year: found '0': not a year",
            "row 7, column weight: found '1.5': not a whole number",
            "row 7, column year: found '1848-02': not a year",
            "row 8, column year: found '1850': outside the years of the study, 1840 to 1849",
            "row 9, column target: found '\\x07': holds a character that cannot be printed",
        ],
    ),
    "an undirected edge in both directions, and twice": (
        "edges",
        "source,target\nA,B\nB,A\nA,B\n",
        ["--year", "1848"],
        [
            "row 3: found 'B, A': the edge of row 2 the other way round",
            "row 4: found 'A, B': the same edge as in row 2",
        ],
    ),
    "directed edges without a relation": (
        "edges",
        "source,target\nA,B\n",
        ["--year", "1848", "--directed"],
        ["directed edges need a column relation, or --relation: one of patron_of"],
    ),
    "undirected edges with a relation": (
        "edges",
        "source,target,relation\nA,B,kin\n",
        ["--year", "1848"],
        ["an edge without direction has no relation"],
    ),
    "unknown relations": (
        "edges",
        "source,target,relation\nA,B,frend\nB,A,\n",
        ["--year", "1848", "--directed"],
        ["row 2, column relation: found 'frend'", "row 3, column relation: one of"],
    ),
    "an unknown relation on the command line": (
        "edges",
        "source,target\nA,B\n",
        ["--year", "1848", "--directed", "--relation", "frend"],
        ["options, column relation: found 'frend'"],
    ),
    "edges without a year": ("edges", "source,target\nA,B\n", [], ["no column year; give --year"]),
    "edges with two years": (
        "edges",
        "source,target,year\nA,B,1848\n",
        ["--year", "1849"],
        ["the file has a year of its own"],
    ),
    "no edges": ("edges", "source,target\n", ["--year", "1848"], ["no edge"]),
    "weights beyond all rows": (
        "edges",
        "source,target,weight\nA,B,1e9\n",
        ["--year", "1848"],
        ["the weights add up to more than 100000 rows"],
    ),
    "years that run backwards": (
        "edges",
        "source,target,year\nA,B,1848\n",
        ["--first", "1849", "--last", "1847"],
        ["outside the years of the study, 1849 to 1847"],
    ),
    "unreadable XML": (
        "graphml",
        graphml("<node id='a'>"),
        ["--year", "1848"],
        ["row 5: not readable as XML: mismatched tag"],
    ),
    "XML of another kind": ("graphml", "<gexf/>", [], ["not GraphML with one graph"]),
    "entities": (
        "graphml",
        '<!DOCTYPE g [\n<!ENTITY a "b">]>\n<graphml/>',
        [],
        ["row 2: declares entities"],
    ),
    "undirected GraphML taken as directed": (
        "graphml",
        graphml(NODES + EDGE),
        ["--year", "1848", "--directed", "--relation", "kin"],
        ["found '--directed': the graph in the file is undirected"],
    ),
    "directed GraphML taken as undirected": (
        "graphml",
        graphml(NODES + EDGE, "directed"),
        ["--year", "1848", "--undirected"],
        ["found '--undirected': the graph in the file is directed"],
    ),
    "an edge that differs in direction, and nodes that are not there": (
        "graphml",
        graphml(NODES + '<edge source="a" target="b" directed="true"/><edge source="a"/>'),
        ["--year", "1848"],
        [
            "row 6, column directed: found 'true': the graph is undirected",
            "row 6, column target: no node has this id",
        ],
    ),
    "a node twice, an edge of three, a text for a weight": (
        "graphml",
        graphml(NODES + '<node id="a"/><hyperedge/>'),
        ["--year", "1848"],
        [
            "row 6, column id: found 'a': two nodes have this id",
            "row 6, column id: found 'a': duplicate name",
            "row 6: an edge of more than two nodes",
        ],
    ),
    "a weight of GraphML that is no number": (
        "graphml",
        graphml(NODES + EDGE.replace("/>", '><data key="w">much</data></edge>')),
        ["--year", "1848"],
        ["row 6, column weight: found 'much': not a number"],
    ),
    "GraphML without nodes": ("graphml", graphml(""), ["--year", "1848"], ["no node"]),
}


@pytest.mark.parametrize("case", CASES)
def test_every_cell_that_cannot_be_used_is_named_and_nothing_is_written(
    root: Path, case: str
) -> None:
    option, text, more, messages = CASES[case]
    path = write(root, "file.txt", text)
    before = tree(root)
    code, output = run(root, "import-network", "salon", f"--{option}", path, *more)
    assert code == 1, output
    heading, *found = output.splitlines()
    for message in messages:
        assert [line for line in found if message in line], (message, output)
    assert heading == f"{len(messages)} problem{'s' if len(messages) > 1 else ''} found:", output
    assert tree(root) == before


DATES = {
    "an unknown event": ("event,date\nBal,1848\nSupper,1848\n", "did you mean 'Ball'?"),
    "an event twice": ("event,date\nBall,1848\nBall,1849\nSupper,1848\n", "row 2 already"),
    "an event without date": ("event,date\nBall,1848\n", "found 'Supper': has no row here"),
    "another header": ("what,when\nBall,1848\n", "expected the header event,date"),
    "no date": ("event,date\nBall,soon\nSupper,1848\n", "row 2, column Ball: found 'soon'"),
    "no date, and an unknown event": ("event,date\nBall,soon\nSuper,1848\n", "2 problems found"),
}


@pytest.mark.parametrize("case", DATES)
def test_a_file_of_dates_must_date_every_event_once(root: Path, case: str) -> None:
    text, message = DATES[case]
    matrix = write(root, "m.csv", "who,Ball,Supper\nA,1,1\n")
    dates = write(root, "dates.csv", text)
    before = tree(root)
    code, output = run(root, "import-network", "salon", "--matrix", matrix, "--dates", dates)
    assert code == 1
    assert message in output
    assert tree(root) == before


@pytest.mark.parametrize("name", ["a b", "..", "../a", "A", "", "a/b"])
def test_a_name_that_cannot_be_one_is_refused(root: Path, name: str) -> None:
    before = tree(root)
    arguments = ["import-network", "--matrix", str(DAVIS), "--year", "1936"]
    result = CliRunner().invoke(app, [*arguments, "--root", str(root), "--", name])
    assert result.exit_code == 1
    assert "name for a study" in result.output
    assert tree(root) == before


@pytest.mark.parametrize("taken", ["data/raw/salon", "config/salon.yaml"])
def test_a_study_that_exists_is_left_as_it_is(root: Path, taken: str) -> None:
    path = root / taken
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir() if path.suffix == "" else path.write_text("mine", encoding="utf-8")
    before = tree(root)
    code, output = run(root, "import-network", "salon", "--matrix", str(DAVIS), "--year", "1936")
    assert code == 1
    assert "exists already" in output
    assert tree(root) == before


@pytest.mark.parametrize("given", [[], ["--edges", "e.csv", "--matrix", "m.csv"]])
def test_one_file_is_asked_for(root: Path, given: list[str]) -> None:
    code, output = run(root, "import-network", "salon", *given)
    assert code == 1
    assert "name one file: --edges, --matrix or --graphml" in output


@pytest.mark.parametrize("option", ["edges", "matrix", "graphml"])
def test_a_file_that_is_not_there_or_not_text_is_named(root: Path, option: str) -> None:
    code, output = run(root, "import-network", "salon", f"--{option}", str(root / "none"))
    assert code == 1
    assert "none: no such file" in output
    (root / "bytes").write_bytes(b"source,target\nA,\xff\xfe\n")
    code, output = run(root, "import-network", "salon", f"--{option}", str(root / "bytes"))
    assert code == 1
    assert "row 2: not UTF-8" in output or "not readable as XML" in output


def test_if_writing_fails_nothing_is_left(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    with pytest.raises(OSError, match="no space"):
        import_network(root, "salon", matrix=DAVIS, options=ImportOptions(year=1936))
    assert [path for path in tree(root) if "salon" in path or ".new" in path] == []


def test_a_new_study_is_as_it_was_without_rows(root: Path) -> None:
    assert run(root, "new-study", "salon")[0] == 0
    config = yaml.safe_load((root / "config" / "salon.yaml").read_text(encoding="utf-8"))
    assert config["layers"]["relations"]["positive"] == ["supports", "friend", "protects"]
    text = (root / "data" / "raw" / "salon" / "CODEBOOK.md").read_text(encoding="utf-8")
    assert "Who read what, how many times" in text


def test_a_study_error_carries_all_problems_however_many(root: Path) -> None:
    rows = "".join(f"P{i},2\n" for i in range(500))
    path = write(root, "m.csv", "who,E1\n" + rows)
    with pytest.raises(StudyError) as caught:
        import_network(root, "salon", matrix=Path(path), options=ImportOptions(year=1848))
    assert len(caught.value.problems) == 500
