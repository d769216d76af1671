"""Intervals from resampled events: what they hold, and that they repeat."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from innercircle.data import load_config, load_study
from innercircle.measures import measure_layers, measure_names
from innercircle.measures.cohesion import COHESION
from innercircle.measures.resampling import (
    intervals,
    measure_access,
    measure_network,
    stream,
    top_chances,
    unit_counts,
)
from innercircle.measures.structure import to_arcs
from innercircle.networks import build_layers
from innercircle.networks.observed import counted_access
from innercircle.networks.units import UnitNetwork, unit_networks
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def networks() -> list[UnitNetwork]:
    study = load_study(ROOT / "data" / "raw" / "stalin")
    return list(unit_networks(study, load_config(ROOT / "config" / "stalin.yaml")))


def test_units_add_up_to_the_edges_of_every_layer_and_year(networks: list[UnitNetwork]) -> None:
    study = load_study(ROOT / "data" / "raw" / "stalin")
    edges, nodes = build_layers(study, load_config(ROOT / "config" / "stalin.yaml"))
    edges = edges[edges["layer"] != "access"]
    expected = edges.groupby(["layer", "year"])["weight"].sum()
    found = {
        (net.layer, net.year): net.weights(np.ones((len(net.units), 1))).sum() for net in networks
    }
    pd.testing.assert_series_equal(
        expected, pd.Series(found)[expected.index], check_names=False, check_dtype=False
    )
    present = nodes.groupby(["layer", "year"])["person_id"].agg(set)
    assert all(set(net.persons) == present[(net.layer, net.year)] for net in networks)


def test_every_estimate_lies_in_its_interval(networks: list[UnitNetwork]) -> None:
    few = networks[::7]
    positions, whole = measure_layers(few, pd.DataFrame(columns=["year"]), "stalin", 50, seed=1)
    for table in (positions, whole):
        known = table.dropna(subset=["value", "lo", "hi"])
        assert (known["lo"] <= known["value"] + 1e-9).all()
        assert (known["value"] <= known["hi"] + 1e-9).all()
        # only what has no value has no interval
        for end in ("lo", "hi"):
            assert (table["value"].notna() == table[end].notna()).all()
    assert positions[["rank", "p_top1", "p_top3", "p_top5"]].notna().all(axis=None)
    measures = set(positions["measure"])
    assert {*measure_names(directed=False), "core", "leader_proximity"} <= measures
    assert set(COHESION) == set(whole["measure"])


def test_intervals_of_the_study_rest_on_a_thousand_draws() -> None:
    assert load_config(ROOT / "config" / "stalin.yaml")["resamples"] == 1000


def test_proximity_to_the_leader_is_the_inverse_of_the_distance(
    networks: list[UnitNetwork],
) -> None:
    for network in networks[::9]:
        if "stalin" not in network.persons:
            continue
        table = measure_network(network, "stalin", 2, seed=1)[0]
        table = table[table["measure"] == "leader_proximity"].set_index("person_id")["value"]
        leader = network.persons.index("stalin")
        distance = np.array(to_arcs(network).graph().distances(leader, mode="all")[0])
        wanted = np.divide(1, distance, out=np.full(len(distance), np.nan), where=distance > 0)
        np.testing.assert_allclose(table[list(network.persons)], wanted)


def test_interval_is_recentred_quantiles_of_type_7() -> None:
    draws = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    value, lo, hi = intervals(np.r_[9.0, draws][:, None], "strength")
    # between order statistics 1 and 2, and 4 and 5, a tenth of the way; mean of the draws 6.2
    assert (value[0], lo[0], hi[0]) == pytest.approx((9, 9 + 1.1 - 6.2, 9 + 15.2 - 6.2))


def test_intervals_are_cut_where_a_measure_can_go_no_lower() -> None:
    draws = np.array([1.5, 1.0, 3.0, 6.0])[:, None]
    for measure in ("effective_size", "visits_effective_number", "components"):
        assert intervals(draws, measure)[1] == 1
    assert intervals(draws, "strength")[1] == 0


def test_a_network_measures_the_same_whatever_was_measured_before(
    networks: list[UnitNetwork],
) -> None:
    alone = measure_network(networks[3], "stalin", 20, seed=5)[0]
    measure_network(networks[4], "stalin", 20, seed=5)
    again = measure_network(networks[3], "stalin", 20, seed=5)[0]
    pd.testing.assert_frame_equal(alone, again)
    other = measure_network(networks[3], "stalin", 20, seed=6)[0]
    assert not alone.equals(other)


@given(st.integers(1, 40), st.integers(0, 5))
def test_each_draw_has_as_many_units_as_were_coded(n_units: int, draws: int) -> None:
    counts = unit_counts(n_units, draws, stream(1, "attendance", 1930))
    assert counts.shape == (n_units, draws + 1)
    assert (counts.sum(axis=0) == n_units).all()
    assert (counts[:, 0] == 1).all()


def test_interval_of_a_mean_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(300):
        sample = rng.exponential(size=60)
        counts = unit_counts(60, 200, rng)
        means = (sample @ counts / 60)[:, None]
        _, lo, hi = intervals(means, "strength")
        covered += lo[0] <= 1.0 <= hi[0]
    assert 0.90 <= covered / 300 <= 0.98


def test_one_event_gives_an_interval_without_width() -> None:
    one = UnitNetwork(
        "attendance",
        1930,
        ("a", "b"),
        ("e",),
        np.array([0]),
        np.array([1]),
        csr_array(np.ones((1, 1))),
        directed=False,
    )
    table = measure_network(one, None, 10, seed=1)[0]
    assert (table["n_units"] == 1).all()
    assert (table["lo"] == table["hi"]).all()


@given(
    hnp.arrays(float, st.tuples(st.integers(2, 6), st.integers(1, 8)), elements=st.integers(0, 3))
)
def test_chances_of_the_first_places_add_up(values: np.ndarray) -> None:
    ranks, chances = top_chances(values)
    n = values.shape[1]
    assert ranks.min() == 1
    for k, chance in zip((1, 3, 5), chances, strict=True):
        assert chance.sum() == pytest.approx(min(k, n))
        assert ((chance >= 0) & (chance <= 1)).all()


def test_a_person_far_ahead_is_first_in_every_draw() -> None:
    values = np.array([[9.0, 1.0, 1.0]] * 5)
    ranks, chances = top_chances(values)
    assert ranks.tolist() == [1, 2, 2]
    assert chances[0].tolist() == [1, 0, 0]


@pytest.mark.parametrize("n", [3, 5, 8])
def test_those_alike_share_a_rank_and_every_first_place(n: int) -> None:
    source, target = np.triu_indices(n, k=1)
    incidence = csr_array(np.ones((len(source), 1)))
    clique = UnitNetwork(
        "attendance", 1930, tuple("abcdefgh"[:n]), ("e",), source, target, incidence, directed=False
    )
    table = measure_network(clique, None, 4, seed=1)[0]
    assert (table["rank"] == 1).all()
    assert table["p_top1"].to_numpy() == pytest.approx(1 / n)


@pytest.mark.parametrize("events", ["abc abcd de cd abe", "abcd abe cde ce df abf"])
def test_those_who_attend_the_same_events_have_the_same_chances_and_intervals(events: str) -> None:
    persons, units = "abcdef", events.split()
    pairs = list(itertools.combinations(range(len(persons)), 2))
    met = [[float({persons[i], persons[j]} <= set(unit)) for unit in units] for i, j in pairs]
    source, target = np.array(pairs).T
    network = UnitNetwork(
        "attendance",
        1930,
        tuple(persons),
        tuple(units),
        source,
        target,
        csr_array(met),
        directed=False,
    )
    table = measure_network(network, None, 200, seed=1)[0].set_index(["person_id", "measure"])
    pd.testing.assert_frame_equal(table.loc["a"], table.loc["b"])


def test_concentration_of_access_narrows_with_the_number_of_visits() -> None:
    few = pd.DataFrame({"year": 1930, "person_id": ["a", "b"], "visits": [6, 4], "minutes": [6, 4]})
    many = few.assign(visits=few["visits"] * 100, minutes=few["minutes"] * 100)

    def width(access: pd.DataFrame) -> float:
        table = measure_access(access, 200, seed=1).set_index("measure")
        return float(table.loc["visits_hhi", "hi"] - table.loc["visits_hhi", "lo"])

    assert width(many) < width(few) / 3


def test_access_has_intervals_in_every_year_with_visits() -> None:
    study = load_study(ROOT / "data" / "raw" / "stalin")
    config = load_config(ROOT / "config" / "stalin.yaml")
    table = measure_access(counted_access(study, config), 50, seed=1)
    assert table[["value", "lo", "hi"]].notna().all(axis=None)
