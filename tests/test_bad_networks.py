"""Networks that are hardly any: from the study's folder to every table, each has a defined result.

What may be missing is listed here, measure by measure; anything else that is missing fails.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from innercircle.data import validate_study
from innercircle.data.labels import printed_names
from innercircle.errors import StudyError
from innercircle.measures import measure_layers
from innercircle.measures.backbones import backbone_table
from innercircle.measures.leave_out import leave_one_part_out
from innercircle.measures.multiplex import measure_multiplex
from innercircle.measures.structure import communities_table, structure_table
from innercircle.networks import build_layers
from innercircle.networks.observed import counted_access, counted_ties
from innercircle.networks.units import unit_networks
from innercircle.output.reading import cohesion_by_year
from innercircle.output.summaries import participation_by_year, top_persons
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CODED = {"locator": "1:1", "certainty": "explicit", "status": "asserted"}
CONFIG = {
    "years": {"first": 1930, "last": 1933},
    "status": ["asserted"],
    "leader": "boss",
    "seed": 1,
    "layers": {
        "attendance": {"modes": ["session"], "excluded_roles": ["absent"]},
        "patronage": {"relations": ["patron_of"], "lasting": ["patron_of"]},
        "relations": {"positive": ["friend"], "negative": ["opposes"], "lasting": ["friend"]},
    },
    "backbone": {"method": "sdsm", "draws": 50, "level": 0.05},
}
# Measures without a null model have neither its mean nor a p-value.
NO_NULL = {"communities", "core_fit", "frustration", "frustration_share"}
NO_NULL |= {"edge_jaccard", "community_ami", "rank_correlation"}
NO_NULL |= {f"rank_correlation_{name}" for name in ("degree", "betweenness", "harmonic")}
NO_NULL |= {"rank_correlation_eigenvector"}
NO_CORE = {"core_fit", "core_periphery"}  # where all are tied alike, nobody is in the core
NO_STAR = {"degree_centralization", "betweenness_centralization"}  # of fewer than three persons


def write_study(
    folder: Path,
    events: dict[str, tuple[str, list[str]]],
    ties: list[tuple[str, str, str, str]] = (),
) -> Path:
    """Write a study: date and persons of each event, ends, relation and start of each tie."""
    raw = folder / "data" / "raw" / "toy"
    raw.mkdir(parents=True)
    persons = {person for _, who in events.values() for person in who}
    persons |= {person for tie in ties for person in tie[:2]}
    tables: dict[str, list[dict[str, str]]] = {
        "persons": [{"person_id": p, "surname": p.title()} for p in sorted(persons)],
        "bodies": [{"body_id": "top", "name": "Top", "kind": "party"}],
        "events": [
            {
                "event_id": event,
                "kind": "meeting",
                "mode": "session",
                "start": date,
                "roster": "partial",
                "label": event,
            }
            for event, (date, _) in sorted(events.items())
        ],
        "participations": [
            {"event_id": event, "person_id": person, "role": "present"}
            for event, (_, who) in sorted(events.items())
            for person in who
        ],
        "ties": [
            {
                "tie_id": f"t{k}",
                "source_id": source,
                "target_id": target,
                "relation": relation,
                "basis": "unknown",
                "start": start,
            }
            for k, (source, target, relation, start) in enumerate(ties)
        ],
    }
    path = ROOT / "data" / "raw" / "stalin" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if tables.get(r["name"])]
    for resource in package["resources"]:
        fields = [field["name"] for field in resource["schema"]["fields"]]
        with (raw / resource["path"]).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fields, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows({**CODED, **row} for row in tables[resource["name"]])
    (raw / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return raw


@dataclass
class Results:
    """Every table that the networks lead to."""

    edges: pd.DataFrame
    nodes: pd.DataFrame
    centrality: pd.DataFrame
    cohesion: pd.DataFrame
    multiplex: pd.DataFrame
    structure: pd.DataFrame
    communities: pd.DataFrame
    leave_out: pd.DataFrame
    backbone: pd.DataFrame

    def missing(self, table: str, **where: object) -> set[str]:
        """Return the measures of a table that are missing somewhere."""
        rows = getattr(self, table)
        for column, value in where.items():
            rows = rows[rows[column] == value]
        return set(rows.loc[rows["value"].isna(), "measure"])

    def value(self, table: str, measure: str, **where: object) -> list[float]:
        """Return the values of a measure, in the order of the rows."""
        rows = getattr(self, table)
        for column, value in {"measure": measure, **where}.items():
            rows = rows[rows[column] == value]
        return rows["value"].tolist()


def run(folder: Path, draws: int = 20, null_draws: int = 5, **settings: object) -> Results:
    """Take a study's folder through the stages as the workflow does."""
    config = {**CONFIG, **settings}
    study = validate_study(folder)
    edges, nodes = build_layers(study, config)
    networks = list(unit_networks(study, config))
    centrality, cohesion = measure_layers(
        networks, counted_access(study, config), config["leader"], draws, seed=1
    )
    signed = pd.DataFrame(columns=["year", "source_id", "target_id", "sign"])
    if study.get("ties") is not None:
        signed = counted_ties(study, config, "relations")
    results = Results(
        edges,
        nodes,
        centrality,
        cohesion,
        measure_multiplex(networks, config["leader"], draws, seed=1),
        structure_table(networks, signed, {}, null_draws, seed=1),
        communities_table(networks, seed=1),
        leave_one_part_out(study, config),
        backbone_table(study, config),
    )
    # Whatever the study: these are never missing, and an interval is where its value is.
    assert results.centrality[["rank", "p_top1", "n_units"]].notna().all(axis=None)
    assert not results.backbone.isna().any(axis=None)
    assert not results.communities.isna().any(axis=None)
    for table in (results.centrality, results.cohesion, results.multiplex):
        for end in ("lo", "hi"):
            assert (table[end].isna() == table["value"].isna()).all()
    tested = results.structure[~results.structure["measure"].isin(NO_NULL)]
    for column in ("null_mean", "p_value"):
        assert (tested[column].isna() == tested["value"].isna()).all()
    names = printed_names(study["persons"], config)
    assert len(cohesion_by_year(cohesion)[0]) <= len(cohesion)
    assert top_persons(centrality, names).notna().all(axis=None)
    wide = participation_by_year(results.multiplex, names)
    assert 4 * len(wide) == len(results.multiplex)
    return results


def test_a_year_with_no_events_is_in_no_table_and_breaks_the_change(tmp_path: Path) -> None:
    events = {"e1": ("1930", ["a", "b", "c"]), "e2": ("1932", ["a", "b"])}
    found = run(write_study(tmp_path, events))
    for table in ("edges", "nodes", "centrality", "cohesion", "structure", "backbone"):
        assert sorted(set(getattr(found, table)["year"])) == [1930, 1932]
    assert not set(found.structure["measure"]) & {"edge_jaccard", "community_ami"}
    assert found.missing("centrality") == set()
    assert found.missing("cohesion", year=1930) == set()
    assert found.missing("structure", year=1930) == NO_CORE
    assert len(found.multiplex) == 0


def test_change_is_missing_where_nothing_can_have_changed(tmp_path: Path) -> None:
    events = {"e1": ("1930", ["a", "b"]), "e2": ("1931", ["c", "d"])}
    found = run(write_study(tmp_path, events))
    change = found.structure[found.structure["note"].str.contains("the year before")]
    assert len(change) == 7
    assert change["year"].eq(1931).all()
    assert change["value"].isna().all()
    assert (change["n"] == 0).all()


def test_a_study_without_events_in_its_years_has_empty_tables(tmp_path: Path) -> None:
    found = run(write_study(tmp_path, {"e1": ("1950", ["a", "b", "c"])}))
    for name, table in vars(found).items():
        assert len(table) == 0, name
        assert len(table.columns) > 3, name


def test_two_persons_have_betweenness_0_and_no_centralization(tmp_path: Path) -> None:
    found = run(write_study(tmp_path, {"e1": ("1930", ["a", "b"])}))
    assert found.value("centrality", "betweenness") == [0, 0]
    assert found.value("centrality", "constraint") == [1, 1]
    assert found.missing("centrality") == set()
    assert found.missing("cohesion") == {*NO_STAR, "transitivity"}
    assert found.missing("structure") == NO_CORE
    assert found.value("structure", "modularity") == [0]


@pytest.mark.parametrize("person", ["a", "boss"])
def test_one_person_has_zeros_and_undefined_cohesion(tmp_path: Path, person: str) -> None:
    found = run(write_study(tmp_path, {"e1": ("1930", [person])}))
    assert len(found.edges) == len(found.backbone) == 0
    assert found.nodes["person_id"].tolist() == [person]
    with_him = {"leader_included": True}
    unknown = {"constraint", "effective_size"}
    if person == "boss":
        unknown |= {"leader_proximity"}  # to himself; without him nobody is left
        assert not len(found.centrality[~found.centrality["leader_included"]])
        assert found.value("cohesion", "n_persons", leader_included=False) == [0]
    assert found.missing("centrality", **with_him) == unknown
    for measure in ("degree", "strength", "betweenness", "harmonic", "eigenvector", "core"):
        assert found.value("centrality", measure, **with_him) == [0]
    assert found.value("centrality", "pagerank", **with_him) == [1]
    nothing = {*NO_STAR, "density", "transitivity", "mean_distance"}
    assert found.missing("cohesion", **with_him) == nothing
    assert found.missing("structure") == {"modularity", *NO_CORE}
    assert found.value("structure", "communities") == [0]


def test_two_disconnected_pairs_are_two_communities_and_no_backbone(tmp_path: Path) -> None:
    found = run(write_study(tmp_path, {"e1": ("1930", ["a", "b"]), "e2": ("1930", ["c", "d"])}))
    assert found.missing("centrality") == set()
    assert found.value("centrality", "eigenvector") == [1, 1, 1, 1]
    assert found.value("centrality", "harmonic") == pytest.approx([1 / 3] * 4)
    assert found.missing("cohesion") == {"transitivity"}  # no two-path
    assert found.value("cohesion", "components") == [2]
    assert found.missing("structure") == set()
    assert found.value("structure", "communities") == [2]
    assert found.communities["community"].tolist() == [0, 0, 1, 1]
    assert (found.backbone["sign"] == 0).all()


@pytest.mark.parametrize("method", ["sdsm", "fdsm"])
def test_all_at_all_events_leave_nothing_to_test(tmp_path: Path, method: str) -> None:
    events = {f"e{k}": ("1930", ["a", "b", "c", "d"]) for k in range(5)}
    found = run(
        write_study(tmp_path, events), backbone={"method": method, "draws": 20, "level": 0.05}
    )
    assert (found.backbone[["p_more", "p_fewer", "p", "q"]] == 1).all(axis=None)
    assert (found.backbone["expected"] == 5).all()
    assert (found.backbone["sign"] == 0).all()
    assert found.missing("centrality") == found.missing("cohesion") == set()
    assert found.missing("structure") == NO_CORE
    modularity = found.structure.set_index("measure").loc["modularity"]
    assert (modularity["value"], modularity["p_value"]) == (0, 1)


def test_an_event_of_300_persons_swamps_no_weight_but_its_own(tmp_path: Path) -> None:
    crowd = [f"p{k:03d}" for k in range(300)]
    events = {"e1": ("1930", crowd), "e2": ("1930", crowd[:3])}
    found = run(write_study(tmp_path, events), draws=2, null_draws=1)
    assert len(found.edges) == 300 * 299 / 2
    discounted = found.edges.set_index(["source", "target"])["weight_discounted"]
    assert discounted["p000", "p001"] == pytest.approx(1 / 299 + 1 / 2)
    assert discounted["p000", "p299"] == pytest.approx(1 / 299)
    assert found.missing("centrality") == found.missing("cohesion") == set()
    assert found.missing("structure") == {"core_periphery"}  # unweighted, all are tied alike
    assert (found.backbone["sign"] == 0).all()


def test_a_tie_to_oneself_is_refused_with_its_place(tmp_path: Path) -> None:
    ties = [("a", "b", "patron_of", "1930"), ("a", "a", "patron_of", "1930")]
    folder = write_study(tmp_path, {"e1": ("1930", ["a", "b"])}, ties)
    with pytest.raises(StudyError) as error:
        run(folder)
    (problem,) = error.value.problems
    assert problem.file.endswith("ties.csv")
    assert (problem.row, problem.column, problem.value) == (3, "target_id", "a")
    assert "no tie to himself" in problem.expected


def test_a_person_twice_at_an_event_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"participations.csv, row 3.*duplicate primary key"):
        run(write_study(tmp_path, {"e1": ("1930", ["a", "a", "b"])}))


def test_a_tie_outside_the_years_is_in_no_network(tmp_path: Path) -> None:
    ties = [("a", "b", "patron_of", "1950"), ("c", "d", "opposes", "1900")]
    found = run(write_study(tmp_path, {"e1": ("1930", ["a", "b", "c"])}, ties))
    assert set(found.edges["layer"]) == {"attendance"}
    assert set(found.nodes["person_id"]) == {"a", "b", "c"}
    assert not set(found.structure["layer"]) & {"relations"}
    assert len(found.multiplex) == 0


def test_a_tie_that_lasts_from_before_the_years_is_in_all_of_them(tmp_path: Path) -> None:
    ties = [("a", "b", "patron_of", "1920"), ("a", "b", "opposes", "1931")]
    found = run(write_study(tmp_path, {"e1": ("1930", ["a", "b", "c"])}, ties))
    patronage = found.edges[found.edges["layer"] == "patronage"]
    assert patronage["year"].tolist() == [1930, 1931, 1932, 1933]
    assert found.missing("structure", layer="relations") == {"balanced_triads"}  # no triad
    assert found.value("structure", "frustration") == [0]
    # c has ties at meetings only; a and b have the same number in both layers
    participation = found.value("multiplex", "participation", year=1930)
    assert participation[0] == participation[1] > participation[2] == 0
