"""Patronage measures count what the arcs say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercircle.data.study import Study
from innercircle.measures.arcs import Arcs
from innercircle.measures.clients import PATRONAGE, patronage_measures
from innercircle.output.patronage import patronage_by_year
from tests.test_communities import graphs
from tests.test_measures import arcs_of

# boss -> lead, vice; lead -> aide, vice; vice -> aide, boss; aide -> clerk; alone has no ties
PERSONS = ["aide", "alone", "boss", "clerk", "lead", "vice"]
ARCS = [(2, 4), (2, 5), (4, 0), (4, 5), (5, 0), (5, 2), (0, 3)]
NETWORK = Arcs(6, *np.array(ARCS).T, weight=np.ones(7), directed=True)
STANDING = {"boss": 9.0, "lead": 5.0, "vice": -1.0}


def found(year: int) -> dict[str, dict[str, float]]:
    purged = {"lead": 1934, "clerk": 1936}
    measures = patronage_measures(NETWORK, PERSONS, STANDING, purged, year)
    assert list(measures) == list(PATRONAGE)
    return {
        name: dict(zip(PERSONS, values.tolist(), strict=True)) for name, values in measures.items()
    }


def row(*counts: int) -> dict[str, float]:
    return dict(zip(PERSONS, counts, strict=True))


def test_clients_are_counted_in_one_and_in_two_steps() -> None:
    measures = found(1930)
    assert measures["clients"] == row(1, 0, 2, 0, 2, 2)
    # boss: lead, vice, aide; vice: aide, boss, clerk, lead; lead: aide, vice, clerk, boss
    assert measures["clients_two_steps"] == row(1, 0, 3, 0, 4, 4)
    assert measures["patrons"] == row(2, 0, 1, 1, 1, 2)


def test_standing_is_that_of_the_highest_patron() -> None:
    standing = found(1930)["patron_standing"]
    assert {p: v for p, v in standing.items() if not np.isnan(v)} == {
        "aide": 5.0,
        "boss": -1.0,
        "lead": 9.0,
        "vice": 9.0,
    }
    # the clerk's only patron has no standing


def test_a_purge_counts_from_its_year_on() -> None:
    assert set(found(1933)["patron_purged"].values()) == {0}
    assert found(1934)["patron_purged"] == row(1, 0, 0, 0, 0, 1)
    assert found(1934)["ties_to_purged"] == row(1, 0, 1, 0, 0, 1)
    assert found(1936)["ties_to_purged"] == row(2, 0, 1, 0, 0, 1)


def test_a_mutual_tie_to_a_purged_person_counts_once() -> None:
    mutual = Arcs(2, np.array([0, 1]), np.array([1, 0]), np.ones(2), directed=True)
    measures = patronage_measures(mutual, ["a", "b"], {}, {"b": 1930}, 1930)
    assert measures["ties_to_purged"].tolist() == [1, 0]
    assert measures["clients_two_steps"].tolist() == [1, 1]


def test_degenerate_networks_have_defined_patronage() -> None:
    for n in (0, 1, 3):
        none = Arcs(n, np.zeros(0, int), np.zeros(0, int), np.zeros(0), directed=True)
        measures = patronage_measures(none, PERSONS[:n], STANDING, {"aide": 1930}, 1931)
        assert np.isnan(measures.pop("patron_standing")).all()
        for values in measures.values():
            assert values.tolist() == [0] * n


def test_an_undirected_network_and_missing_names_are_refused() -> None:
    with pytest.raises(ValueError, match="must be directed"):
        patronage_measures(arcs_of(np.ones((2, 2), int), directed=False), ["a", "b"], {}, {}, 1930)
    with pytest.raises(ValueError, match="5 persons named for 6"):
        patronage_measures(NETWORK, PERSONS[:5], {}, {}, 1930)


@given(graphs, st.data())
def test_relabelling_persons_permutes_patronage(matrix: np.ndarray, data: st.DataObject) -> None:
    n = len(matrix)
    order = np.array(data.draw(st.permutations(range(n))))
    names = [f"p{i}" for i in range(n)]
    standing = {name: float(i % 3) for i, name in enumerate(names) if i % 4}
    purged = {name: 1930 + i for i, name in enumerate(names) if i % 2}
    whole = patronage_measures(arcs_of(matrix, directed=True), names, standing, purged, 1932)
    shuffled = arcs_of(matrix[np.ix_(order, order)], directed=True)
    moved = patronage_measures(shuffled, [names[i] for i in order], standing, purged, 1932)
    for measure, values in whole.items():
        np.testing.assert_array_equal(moved[measure], values[order], err_msg=measure)


def test_table_of_patronage_is_what_the_coded_rows_say() -> None:
    def tie(source: str, target: str, relation: str, start: str, end: str = "") -> dict[str, str]:
        ends = {"source_id": source, "target_id": target, "start": start, "end": end}
        return {"tie_id": f"{source}-{target}", "relation": relation, "status": "asserted", **ends}

    ties = [
        tie("boss", "lead", "patron_of", "1930"),
        tie("lead", "aide", "appoints", "1931"),
        tie("boss", "aide", "opposes", "1931"),
        tie("boss", "vice", "patron_of", ""),  # without a date: in no year
    ]
    post = {"body_id": "top", "role": "full", "start": "1930", "end": "1931", "status": "asserted"}
    fall = {"person_id": "lead", "date": "1931-05", "outcome": "arrested", "punitive": True}
    study = Study(
        "toy",
        {
            "ties": pd.DataFrame(ties),
            "persons": pd.DataFrame(
                {"person_id": PERSONS, "surname": "X", "given_names": [p.title() for p in PERSONS]}
            ),
            "memberships": pd.DataFrame([{"person_id": "boss", **post}]),
            "fates": pd.DataFrame([{**fall, "status": "asserted"}]),
        },
    )
    config = {
        "years": {"first": 1929, "last": 1932},
        "status": ["asserted"],
        "labels": {"person": "given_names"},
        "standing": [{"body": "top", "role": "full", "score": 2}],
        "outcomes": {"strict": {"fates": ["arrested"]}},
        "layers": {"patronage": {"relations": ["patron_of", "appoints"], "lasting": ["patron_of"]}},
    }
    table = patronage_by_year(study, config).set_index(["year", "person_id"])
    assert table.index.tolist() == [
        (1930, "boss"),
        (1930, "lead"),
        (1931, "aide"),
        (1931, "boss"),
        (1931, "lead"),
        (1932, "boss"),
        (1932, "lead"),
    ]
    assert table["person"].tolist()[:3] == ["Boss", "Lead", "Aide"]
    assert table["clients"].tolist() == [1, 0, 0, 1, 1, 1, 0]
    assert table["clients_two_steps"].tolist() == [1, 0, 0, 2, 1, 1, 0]
    assert table["patron_ids"].tolist() == ["", "boss", "lead", "", "boss", "", "boss"]
    assert table["patron_purged_strict"].tolist() == [0, 0, 1, 0, 0, 0, 0]
    assert table["ties_to_purged_strict"].tolist() == [0, 0, 1, 1, 0, 1, 0]
    assert table.loc[(1930, "lead"), "patron_standing"] == 2
    assert np.isnan(table.loc[(1931, "aide"), "patron_standing"])
    assert np.isnan(table.loc[(1932, "lead"), "patron_standing"])  # the boss's post has ended
    none = Study("toy", {**study.tables, "ties": study["ties"].iloc[:0]})
    assert len(patronage_by_year(none, config)) == 0
