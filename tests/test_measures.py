"""Measures agree with R's igraph and sna, and are defined where networks are degenerate."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from innercircle.measures import centralities, cohesion, concentration
from innercircle.measures.arcs import Arcs
from innercircle.measures.batch import batch_measures
from tests.conftest import REFERENCE

R = json.loads((REFERENCE / "networks.json").read_text())
NETWORKS = [name for name in R if name != "versions"]


def from_edges(frame: pd.DataFrame, *, directed: bool) -> tuple[list[str], Arcs]:
    names = sorted({*frame["source"], *frame["target"]})
    index = pd.Index(names)
    ends = (index.get_indexer(frame["source"]), index.get_indexer(frame["target"]))
    return names, Arcs(len(names), *ends, frame["weight"].to_numpy(float), directed)


def load(name: str) -> tuple[list[str], Arcs]:
    if name == "southern_women":
        table = pd.read_csv(REFERENCE / "davis.csv", index_col=0)
        shared = np.triu(table.to_numpy() @ table.to_numpy().T, k=1)
        i, j = np.nonzero(shared)
        return list(table.index), Arcs(len(table), i, j, shared[i, j].astype(float), directed=False)
    frame = pd.read_csv(REFERENCE / f"{name}.csv")
    return from_edges(frame, directed=name == "toy_directed")


@pytest.mark.parametrize("name", NETWORKS)
def test_every_measure_agrees_with_r(name: str) -> None:
    names, arcs = load(name)
    found = {**centralities(arcs), **cohesion(arcs)}
    order = [names.index(person) for person in R[name]["names"]]
    for measure, published in R[name].items():
        if measure == "names":
            continue
        value, expected = np.atleast_1d(found[measure]), pd.Series(published)
        value = value[order] if len(value) > 1 else value
        # eigenvectors are iterated to a tolerance in R
        tolerance = 1e-7 if measure in ("eigenvector", "pagerank") else 1e-8
        wanted = pd.to_numeric(expected, errors="coerce").to_numpy()
        np.testing.assert_allclose(value, wanted, atol=tolerance, err_msg=measure)


matrices = st.integers(1, 7).flatmap(
    lambda n: hnp.arrays(np.int64, (n, n), elements=st.integers(0, 3))
)


def arcs_of(matrix: np.ndarray, *, directed: bool) -> Arcs:
    off = matrix * (1 - np.eye(len(matrix), dtype=int))
    off = off if directed else np.triu(off)
    i, j = np.nonzero(off)
    return Arcs(len(matrix), i, j, off[i, j].astype(float), directed)


@given(matrices, st.booleans(), st.data())
def test_relabelling_persons_permutes_every_centrality(
    matrix: np.ndarray, directed: bool, data: st.DataObject
) -> None:
    order = np.array(data.draw(st.permutations(range(len(matrix)))))
    matrix = matrix if directed else np.triu(matrix) + np.triu(matrix, 1).T
    whole = centralities(arcs_of(matrix, directed=directed))
    moved = centralities(arcs_of(matrix[np.ix_(order, order)], directed=directed))
    for name, values in whole.items():
        np.testing.assert_allclose(moved[name], values[order], atol=1e-6, err_msg=name)


@given(matrices, st.booleans())
def test_a_person_without_ties_has_no_centrality(matrix: np.ndarray, directed: bool) -> None:
    matrix = np.pad(matrix, ((0, 1), (0, 1)))
    last = {k: v[-1] for k, v in centralities(arcs_of(matrix, directed=directed)).items()}
    assert np.isnan(last.pop("constraint"))
    assert np.isnan(last.pop("effective_size"))
    assert 0 <= last.pop("pagerank") <= 1
    assert set(last.values()) == {0.0}


def test_one_person_has_zero_centrality_and_undefined_cohesion() -> None:
    lone = arcs_of(np.zeros((1, 1), int), directed=False)
    assert centralities(lone)["harmonic"].tolist() == [0.0]
    assert np.isnan(cohesion(lone)["density"])


def test_two_disconnected_pairs_share_the_leading_eigenvector_equally() -> None:
    pairs = Arcs(4, np.array([0, 2]), np.array([1, 3]), np.array([1.0, 1.0]), directed=False)
    np.testing.assert_allclose(centralities(pairs)["eigenvector"], np.ones(4))
    assert cohesion(pairs)["components"] == 2


def test_large_components_that_are_alike_share_the_leading_eigenvector() -> None:
    half = 600
    source, target = np.repeat([0, half], half - 1), np.r_[1:half, half + 1 : 2 * half]
    stars = Arcs(2 * half, source, target, np.ones(len(source)), directed=False)
    found = centralities(stars)["eigenvector"]
    np.testing.assert_allclose(found[[0, half]], 1)
    np.testing.assert_allclose(np.delete(found, [0, half]), 1 / np.sqrt(half - 1), rtol=1e-6)


def test_removing_the_leader_equals_never_having_had_him() -> None:
    names, arcs = load("southern_women")
    rest = arcs.without(names.index("Evelyn"))
    table = pd.read_csv(REFERENCE / "davis.csv", index_col=0).drop(index="Evelyn")
    shared = np.triu(table.to_numpy() @ table.to_numpy().T, k=1)
    np.testing.assert_array_equal(np.triu(rest.matrix()), shared)


def test_concentration_of_equal_and_of_single_amounts() -> None:
    equal = concentration([5, 5, 5, 5])
    assert equal["effective_number"] == pytest.approx(4)
    assert equal["gini"] == pytest.approx(0)
    single = concentration([0, 0, 0, 9])
    assert single["hhi"] == 1
    assert single["gini"] == pytest.approx(0.75)
    assert single["top1_share"] == 1
    assert np.isnan(concentration([0, 0])["hhi"])


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30).filter(any))
def test_gini_is_half_the_relative_mean_difference(amounts: list[int]) -> None:
    x = np.array(amounts, float)
    expected = np.abs(x[:, None] - x[None]).mean() / (2 * x.mean())
    assert concentration(x)["gini"] == pytest.approx(expected)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 20])
def test_a_stack_of_networks_measures_as_each_network_alone(n: int, directed: bool) -> None:
    rng = np.random.default_rng(n)
    i, j = np.nonzero(~np.eye(n, dtype=bool)) if directed else np.triu_indices(n, 1)
    sparse = rng.random((len(i), 12)) < rng.random(12)
    weights = (rng.integers(0, 4, (len(i), 12)) * sparse).astype(float)
    positions, whole = batch_measures(n, i, j, weights, directed=directed)
    for k in range(12):
        tied = weights[:, k] > 0
        one = Arcs(n, i[tied], j[tied], weights[tied, k], directed)
        for name, values in centralities(one).items():
            np.testing.assert_allclose(positions[name][k], values, rtol=0, atol=1e-9, err_msg=name)
        for name, value in cohesion(one).items():
            np.testing.assert_allclose(whole[name][k], value, rtol=0, atol=1e-9, err_msg=name)
