"""Participation over the layers agrees with sums done by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from innercircle.data import load_config, load_study
from innercircle.measures.multiplex import MULTIPLEX, measure_multiplex, participation_coefficient
from innercircle.measures.resampling import CENTRALITY_COLUMNS, measure_network
from innercircle.networks.units import UnitNetwork, unit_networks
from tests.conftest import ROOT


def layer(name: str, persons: str, ties: str, year: int = 1930, *, directed: bool) -> UnitNetwork:
    """Return a network in which each tie, such as "ab", is one unit."""
    place = {person: k for k, person in enumerate(persons)}
    units = ties.split()
    pairs = sorted(set(units))
    incidence = np.array([[float(pair == unit) for unit in units] for pair in pairs])
    return UnitNetwork(
        name,
        year,
        tuple(persons),
        tuple(f"{name}{k}" for k in range(len(units))),
        np.array([place[pair[0]] for pair in pairs]),
        np.array([place[pair[1]] for pair in pairs]),
        csr_array(incidence),
        directed,
    )


# "ab" twice in one layer is weight 2; "ab" and "ba" are one person in a directed one
LAYERS = [
    layer("attendance", "abcd", "ab ab ac bc", directed=False),
    layer("patronage", "abe", "ab ba ae", directed=True),
]


def values(table: pd.DataFrame, measure: str, *, leader_included: bool = True) -> dict[str, float]:
    rows = table[(table["measure"] == measure) & (table["leader_included"] == leader_included)]
    return dict(zip(rows["person_id"], rows["value"], strict=True))


def test_participation_is_what_the_formula_gives_by_hand() -> None:
    table = measure_multiplex(LAYERS, None, 0, seed=1)
    assert values(table, "layers_tied") == {"a": 2, "b": 2, "c": 1, "d": 0, "e": 1}
    # attendance: a 2, b 2, c 2; patronage: a 2 (b, e), b 1, e 1
    assert values(table, "overlapping_degree") == {"a": 4, "b": 3, "c": 2, "d": 0, "e": 1}
    found = values(table, "participation")
    assert found["a"] == pytest.approx(1)
    assert found["b"] == pytest.approx(2 * (1 - (2 / 3) ** 2 - (1 / 3) ** 2))
    assert found["c"] == found["e"] == 0
    assert np.isnan(found["d"])
    # strengths in attendance: a 3, b 3, c 2; in patronage: a 3, b 2, e 1
    weighted = values(table, "participation_weighted")
    assert weighted["a"] == pytest.approx(1)
    assert weighted["b"] == pytest.approx(2 * (1 - (3 / 5) ** 2 - (2 / 5) ** 2))
    assert np.isnan(weighted["d"])


def test_participation_without_the_leader_is_that_of_networks_without_him() -> None:
    table = measure_multiplex(LAYERS, "a", 0, seed=1)
    assert values(table, "overlapping_degree", leader_included=False) == {
        "b": 1,
        "c": 1,
        "d": 0,
        "e": 0,
    }
    found = values(table, "participation", leader_included=False)
    assert (found["b"], found["c"]) == (0, 0)
    assert np.isnan(found["e"])


def test_three_layers_of_equal_degree_have_full_participation() -> None:
    assert participation_coefficient(np.array([[2.0], [2.0], [2.0]])) == pytest.approx(1)
    assert participation_coefficient(np.array([[1.0], [1.0], [0.0]])) == pytest.approx(0.75)
    assert participation_coefficient(np.array([[5.0], [0.0], [0.0]])) == 0


@given(
    hnp.arrays(
        np.int64, st.tuples(st.integers(2, 5), st.integers(0, 6)), elements=st.integers(0, 9)
    )
)
def test_participation_lies_between_0_and_1_and_ignores_scale(amounts: np.ndarray) -> None:
    found = participation_coefficient(amounts.astype(float))
    assert np.isnan(found).tolist() == (amounts.sum(axis=0) == 0).tolist()
    known = found[~np.isnan(found)]
    assert ((known >= 0) & (known <= 1)).all()
    np.testing.assert_allclose(participation_coefficient(3.0 * amounts), found, atol=1e-12)
    np.testing.assert_allclose(participation_coefficient(amounts[::-1] * 1.0), found, atol=1e-12)


def test_one_layer_has_no_participation() -> None:
    assert np.isnan(participation_coefficient(np.ones((1, 3)))).all()
    assert len(measure_multiplex(LAYERS[:1], None, 5, seed=1)) == 0
    assert list(measure_multiplex([], "a", 5, seed=1).columns) == CENTRALITY_COLUMNS


def test_layers_are_drawn_as_their_centralities_are() -> None:
    # degree in a layer of its own is the overlapping degree there: same draws, same interval
    alone = measure_network(LAYERS[0], None, 200, seed=3)[0].set_index(["measure", "person_id"])
    empty = layer("relations", "xy", "xy", directed=False)
    both = measure_multiplex([LAYERS[0], empty], None, 200, seed=3)
    both = both.set_index(["measure", "person_id"])
    for person in "abc":
        degree = alone.loc[("degree", person)]
        overlapping = both.loc[("overlapping_degree", person)]
        assert overlapping["hi"] == pytest.approx(3 * degree["hi"]) or degree["hi"] == 1
        assert overlapping["lo"] == pytest.approx(3 * degree["lo"])


def test_every_year_of_the_study_has_participation_with_intervals() -> None:
    study = load_study(ROOT / "data" / "raw" / "stalin")
    config = load_config(ROOT / "config" / "stalin.yaml")
    networks = list(unit_networks(study, config))
    table = measure_multiplex(networks, config["leader"], 50, seed=1)
    assert list(table.columns) == CENTRALITY_COLUMNS
    assert set(table["measure"]) == set(MULTIPLEX)
    assert set(table["year"]) == {network.year for network in networks}
    assert not table.duplicated(["year", "person_id", "leader_included", "measure"]).any()
    known = table.dropna(subset=["value"])
    assert known[["lo", "hi", "rank", "p_top1"]].notna().all(axis=None)
    assert ((known["lo"] <= known["value"]) & (known["value"] <= known["hi"])).all()
    undefined = table[table["value"].isna()]
    assert set(undefined["measure"]) <= {"participation", "participation_weighted"}
    tied = table[table["measure"] == "layers_tied"].set_index(
        ["year", "person_id", "leader_included"]
    )
    keys = pd.MultiIndex.from_frame(undefined[["year", "person_id", "leader_included"]])
    assert (tied.loc[keys, "value"] == 0).all()


def test_same_seed_gives_the_same_table_in_any_order_of_networks() -> None:
    one, other = (measure_multiplex(layers, "a", 30, seed=2) for layers in (LAYERS, LAYERS[::-1]))
    pd.testing.assert_frame_equal(one, other)
