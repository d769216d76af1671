"""Projections equal the plain double loop, and behave as counts of shared events must."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from innercircle.data.study import Study
from innercircle.networks.bipartite import attendances, two_mode
from innercircle.networks.layers import build_layers, project_year
from innercircle.networks.projection import association_indices, coattendance, newman_weights
from tests.conftest import REFERENCE

incidences = hnp.arrays(
    np.int64, st.tuples(st.integers(1, 7), st.integers(1, 8)), elements=st.integers(0, 1)
)


def brute_force(b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n = len(b)
    count, newman, simple, half = (np.zeros((n, n)) for _ in range(4))
    for i, j in itertools.combinations(range(n), 2):
        shared = [e for e in range(b.shape[1]) if b[i, e] and b[j, e]]
        alone = sum(bool(b[i, e]) != bool(b[j, e]) for e in range(b.shape[1]))
        count[i, j] = len(shared)
        newman[i, j] = sum(1 / (b[:, e].sum() - 1) for e in shared)
        if shared:
            simple[i, j] = len(shared) / (len(shared) + alone)
            half[i, j] = len(shared) / (len(shared) + alone / 2)
    return count, newman, simple, half


@given(incidences)
def test_projections_equal_the_double_loop(b: np.ndarray) -> None:
    sparse = csr_array(b)
    count, newman, simple, half = brute_force(b)
    np.testing.assert_array_equal(coattendance(sparse).toarray(), count + count.T)
    np.testing.assert_allclose(newman_weights(sparse).toarray(), newman + newman.T, atol=1e-12)
    found_simple, found_half = association_indices(sparse)
    np.testing.assert_allclose(found_simple.toarray(), simple, atol=1e-12)
    np.testing.assert_allclose(found_half.toarray(), half, atol=1e-12)


@given(incidences, st.data())
def test_adding_an_event_never_lowers_a_count(b: np.ndarray, data: st.DataObject) -> None:
    event = data.draw(hnp.arrays(np.int64, (len(b), 1), elements=st.integers(0, 1)))
    before = coattendance(csr_array(b)).toarray()
    after = coattendance(csr_array(np.hstack([b, event]))).toarray()
    assert (after >= before).all()


@given(incidences, st.data())
def test_relabelling_persons_changes_nothing(b: np.ndarray, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(b))))
    whole = coattendance(csr_array(b)).toarray()
    moved = coattendance(csr_array(b[order])).toarray()
    np.testing.assert_array_equal(moved, whole[np.ix_(order, order)])


def test_a_person_alone_at_an_event_has_no_ties() -> None:
    edges = project_year(pd.Series(["a", "b", "c"]), pd.Series(["e1", "e2", "e2"]))
    assert edges[["source", "target"]].to_numpy().tolist() == [["b", "c"]]


def test_an_event_that_one_could_not_attend_does_not_count_against_the_pair() -> None:
    b = csr_array(np.array([[1, 1, 1], [1, 0, 0]]))
    everything, _ = association_indices(b)
    assert everything[0, 1] == 1 / 3
    possible = np.array([[True, True, True], [True, False, True]])
    at_risk, _ = association_indices(b, possible)
    assert at_risk[0, 1] == 1 / 2


def test_indices_of_a_year_leave_out_what_came_after_a_death() -> None:
    starts = {"e1": "1930-01", "e2": "1930-06", "e3": "1930-09"}
    persons, events = pd.Series(["a", "b", "a", "a"]), pd.Series(["e1", "e1", "e2", "e3"])
    died = {"b": dt.date(1930, 6, 30)}
    edge = project_year(persons, events, starts, died).iloc[0]
    assert edge["simple_ratio"] == 1 / 2  # one of e1, e2; he was dead at e3
    assert edge["half_weight"] == pytest.approx(2 / 3)
    assert project_year(persons, events).iloc[0]["simple_ratio"] == 1 / 3
    # coded as present after his death, he was there
    persons, events = pd.Series(["a", "b", "b"]), pd.Series(["e3", "e3", "e1"])
    assert project_year(persons, events, starts, died).iloc[0]["simple_ratio"] == 1 / 2


def test_a_year_in_which_nobody_met_has_no_edges() -> None:
    edges = project_year(pd.Series(["a", "b"]), pd.Series(["e1", "e2"]))
    assert len(edges) == 0
    assert "half_weight" in edges


def test_southern_women_projection_has_the_published_ties() -> None:
    # Breiger (1974, Social Forces 53), table 3: the women-by-women matrix of shared events.
    davis = pd.read_csv(REFERENCE / "davis.csv", index_col=0)
    i, j = davis.to_numpy().nonzero()
    matrix = two_mode(davis.index[i], davis.columns[j])
    shared = pd.DataFrame(
        coattendance(matrix.incidence).toarray(), index=matrix.persons, columns=matrix.persons
    )
    assert shared.loc["Evelyn", "Theresa"] == 7
    assert shared.loc["Evelyn", "Laura"] == 6
    assert shared.loc["Nora", "Sylvia"] == 6
    assert shared.loc["Olivia", "Flora"] == 2
    assert shared.loc["Olivia", "Laura"] == 0
    assert int((shared.to_numpy() > 0).sum() / 2) == 139


def test_roles_and_modes_that_do_not_count_are_left_out() -> None:
    events = pd.DataFrame(
        {"event_id": ["e1", "e2"], "mode": ["session", "poll"], "start": ["1930-05", "1931/1932"]}
    )
    took_part = pd.DataFrame(
        {
            "event_id": ["e1", "e1", "e2"],
            "person_id": ["a", "b", "a"],
            "role": ["present", "absent", "polled"],
        }
    )
    both = attendances(events, took_part, ["session", "poll"], ["absent"])
    assert both[["year", "event_id", "person_id"]].to_numpy().tolist() == [
        [1930, "e1", "a"],
        [1931, "e2", "a"],
    ]
    assert len(attendances(events, took_part, ["session"], [])) == 2


@pytest.mark.parametrize(("status", "ends"), [("rejected", 1935), ("asserted", 1932)])
def test_only_an_accepted_death_ends_a_lasting_tie_and_excuses_an_absence(
    status: str, ends: int
) -> None:
    coded = {"status": "asserted"}
    tie = {"tie_id": "t", "source_id": "p", "target_id": "c", "relation": "patron_of"}
    seen = [("e1", "p"), ("e1", "c"), ("e2", "p")]
    tables = {
        "ties": pd.DataFrame([{**tie, "start": "1930", "end": "", **coded}]),
        "events": pd.DataFrame(
            [{"event_id": f"e{k}", "mode": "session", "start": f"1932-0{3 * k}"} for k in (1, 2)]
        ).assign(**coded),
        "participations": pd.DataFrame(seen, columns=["event_id", "person_id"]).assign(
            role="present", **coded
        ),
        "fates": pd.DataFrame(
            [{"person_id": "c", "date": "1932-04-01", "outcome": "died", "status": status}]
        ),
    }
    layers = {
        "attendance": {"modes": ["session"], "excluded_roles": []},
        "patronage": {"relations": ["patron_of"], "lasting": ["patron_of"]},
    }
    years = {"first": 1930, "last": 1935}
    config = {"layers": layers, "years": years, "status": ["asserted"]}
    edges, _ = build_layers(Study("toy", tables), config)
    edges = edges.set_index("layer")
    assert edges.loc["patronage", "year"].max() == ends
    assert edges.loc["attendance", "simple_ratio"] == (0.5 if status == "rejected" else 1)
