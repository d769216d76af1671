"""Backbones agree with enumeration, with simulation and with the R package backbone."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import binom, chi2_contingency, false_discovery_control

from innercircle.data import load_config, load_study
from innercircle.measures.backbones import backbone_table
from innercircle.networks.backbone import backbone
from innercircle.networks.bipartite import TwoMode
from innercircle.networks.configuration_model import configuration_probabilities
from innercircle.networks.curveball import draw_matrices
from innercircle.networks.poisson_binomial import pair_tails
from tests.conftest import REFERENCE, ROOT
from tests.test_null_models import matrices, same_margins


def network(matrix: np.ndarray) -> TwoMode:
    matrix = np.asarray(matrix)
    persons = tuple(f"p{k:03d}" for k in range(matrix.shape[0]))
    events = tuple(f"e{k:03d}" for k in range(matrix.shape[1]))
    return TwoMode(persons, events, csr_array(matrix.astype(np.int64)))


def shared_counts(matrix: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    matrix = matrix.astype(np.int64)
    return (matrix @ matrix.T)[i, j]


@pytest.fixture(scope="module")
def davis() -> TwoMode:
    table = pd.read_csv(REFERENCE / "davis.csv", index_col=0)
    return TwoMode(tuple(table.index), tuple(table.columns), csr_array(table.to_numpy()))


@pytest.fixture(scope="module")
def published() -> dict:
    return json.loads((REFERENCE / "backbone_published.json").read_text())


# --- p-values of both models ---------------------------------------------------------------------


def test_sdsm_equals_draws_from_the_fitted_probabilities(davis: TwoMode) -> None:
    found = backbone(davis)
    matrix = davis.incidence.toarray()
    p = configuration_probabilities(matrix.sum(axis=1), matrix.sum(axis=0))
    i, j = np.triu_indices(len(p), k=1)
    draws = 20_000
    drawn = (np.random.default_rng(5).random((draws, *p.shape)) < p).astype(np.float32)
    counts = (drawn @ drawn.transpose(0, 2, 1))[:, i, j]
    shared = shared_counts(matrix, i, j)
    for name, share in (("p_more", counts >= shared), ("p_fewer", counts <= shared)):
        error = np.sqrt(found[name] * (1 - found[name]) / draws) + 1e-9
        assert (np.abs(share.mean(axis=0) - found[name]) < 4.5 * error).all()
    np.testing.assert_allclose(counts.mean(axis=0), found["expected"], atol=0.06)


def test_fdsm_equals_enumeration_of_all_matrices_with_the_margins() -> None:
    observed = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]])
    draws = 20_000
    found = backbone(network(observed), "fdsm", rng=np.random.default_rng(2), draws=draws)
    i, j = np.triu_indices(4, k=1)
    counts = np.array([shared_counts(matrix, i, j) for matrix in same_margins(observed)])
    shared = shared_counts(observed, i, j)
    np.testing.assert_allclose(found["expected"], counts.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(found["p_more"], (counts >= shared).mean(axis=0), atol=0.015)
    np.testing.assert_allclose(found["p_fewer"], (counts <= shared).mean(axis=0), atol=0.015)


def test_small_example_has_the_p_values_of_the_r_package(published: dict) -> None:
    # Its p-values are a refined normal approximation (SDSM) and of 1000 trials (FDSM).
    for method, tolerance in (("sdsm", 0.03), ("fdsm", 0.04)):
        case = published[method]
        found = backbone(
            network(np.array(case["matrix"])), method, rng=np.random.default_rng(1), draws=10_000
        )
        np.testing.assert_allclose(found["p_more"], case["more"], atol=tolerance)
        np.testing.assert_allclose(found["p_fewer"], case["fewer"], atol=tolerance)


def test_southern_women_fdsm_backbone_is_the_published_one(davis: TwoMode, published: dict) -> None:
    # Three printed runs of 100 trials each; an edge has fewer than 5 trials in its tail.
    found = backbone(davis, "fdsm", rng=np.random.default_rng(4), draws=10_000)
    found = found.set_index(["person_a", "person_b"])
    printed = Counter(
        (a, b, sign) for run in published["fdsm_davis"].values() for a, b, sign in run
    )
    for sign, tail in ((1, found["p_more"]), (-1, found["p_fewer"])):
        chance = pd.Series(binom.cdf(4, 100, tail), index=tail.index)
        times = pd.Series({(a, b): n for (a, b, s), n in printed.items() if s == sign})
        assert (chance[times.index] > 0.005).all()
        always = chance.index[chance > 0.99]
        assert (times[always] == 3).all()
        spread = np.sqrt(3 * (chance * (1 - chance)).sum())
        assert abs(times.sum() - 3 * chance.sum()) < 3 * spread
    assert found.loc[("Evelyn", "Nora"), "p_fewer"] < 0.01
    assert found.loc[("Katherine", "Sylvia"), "p_more"] < 0.02


def test_southern_women_fdsm_counts_are_distributed_as_published(
    davis: TwoMode, published: dict
) -> None:
    matrix = davis.incidence.toarray().astype(bool)
    evelyn, charlotte = davis.persons.index("Evelyn"), davis.persons.index("Charlotte")
    (batch,) = draw_matrices(matrix, 10_000, np.random.default_rng(8))
    ours = (batch[evelyn] & batch[charlotte]).sum(axis=0)
    theirs = np.concatenate(list(published["dyad_values"].values()))
    table = [[(counts == k).sum() for k in range(1, 5)] for counts in (ours, theirs)]
    assert np.sum(table) == len(ours) + len(theirs) - (ours < 1).sum()
    assert chi2_contingency(table).pvalue > 0.01


def test_southern_women_sdsm_backbone_has_no_edge_after_correction(davis: TwoMode) -> None:
    # As printed in the vignettes of the R package backbone 1.3.1, 1.4.0 and 1.5.1.
    found = backbone(davis, level=0.1)
    assert found["p_more"].min() > 0.1 / len(found)
    assert (found["sign"] == 0).all()
    assert len(found) == 153


def test_share_of_small_p_values_under_the_null_is_the_level() -> None:
    # 399 draws can give p = 0.05 exactly; counts are coarse, so that the share stays below.
    rng = np.random.default_rng(12)
    shares = []
    for _ in range(3):
        table = backbone(network(rng.random((20, 500)) < 0.3), "fdsm", rng=rng, draws=399)
        shares.append((table["p"] <= 0.05).mean())
        assert (table["sign"] != 0).sum() <= 1
    assert np.mean(shares) == pytest.approx(0.045, abs=0.012)


def test_sdsm_is_cautious_unless_events_far_outnumber_persons() -> None:
    rng = np.random.default_rng(15)

    def share(persons: int, events: int) -> float:
        tables = [backbone(network(rng.random((persons, events)) < 0.3)) for _ in range(5)]
        return float(np.mean([(table["p"] <= 0.05).mean() for table in tables]))

    assert share(40, 80) < 0.02
    assert share(20, 800) > 0.06


def test_sdsm_expects_half_the_variance_of_attendance_too_much(davis: TwoMode) -> None:
    matrix = davis.incidence.toarray()
    p = configuration_probabilities(matrix.sum(axis=1), matrix.sum(axis=0))
    found = backbone(davis)
    excess = found["expected"].sum() - found["observed"].sum()
    assert excess == pytest.approx((p * (1 - p)).sum() / 2)
    exact = backbone(davis, "fdsm", rng=np.random.default_rng(0), draws=50)
    assert exact["expected"].sum() == pytest.approx(exact["observed"].sum())


def test_p_values_of_known_probabilities_have_their_size() -> None:
    rng = np.random.default_rng(13)
    p = 1 / (1 + np.exp(-np.add.outer(rng.normal(size=40), rng.normal(size=600))))
    i, j = np.triu_indices(40, k=1)
    shares = []
    for _ in range(10):
        shared = shared_counts(rng.random(p.shape) < p, i, j)
        more, fewer = pair_tails(p, np.arange(40), i, j, shared, exact_updates=0)
        shares.append((2 * np.minimum(more, fewer) <= 0.05).mean())
    assert np.mean(shares) == pytest.approx(0.045, abs=0.01)


def test_planted_groups_are_the_backbone() -> None:
    rng = np.random.default_rng(14)
    own = np.kron(np.eye(2), np.ones((15, 150)))
    matrix = rng.random(own.shape) < np.where(own, 0.5, 0.02)
    for method in ("sdsm", "fdsm"):
        found = backbone(network(matrix), method, rng=rng, draws=300)
        group = found[["person_a", "person_b"]].map(lambda name: int(name[1:]) // 15)
        same = group["person_a"] == group["person_b"]
        assert (found.loc[same, "sign"] == 1).mean() > 0.9
        assert (found.loc[~same, "sign"] == -1).mean() > 0.8
        assert not (found.loc[same, "sign"] == -1).any()


# --- the table and its degenerate cases ----------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(matrices, st.sampled_from(["sdsm", "fdsm"]))
def test_every_pair_has_a_complete_row(matrix: np.ndarray, method: str) -> None:
    found = backbone(network(matrix), method, rng=np.random.default_rng(0), draws=19)
    i, j = np.triu_indices(len(matrix), k=1)
    assert len(found) == len(i)
    assert found["observed"].tolist() == shared_counts(matrix, i, j).tolist()
    assert not found.isna().any(axis=None)
    assert ((found["q"] >= found["p"]) & (found["q"] <= 1)).all()
    tails = found[["p_more", "p_fewer"]]
    assert ((tails > 0) & (tails <= 1)).all(axis=None)
    assert (tails.sum(axis=1) > 1 - 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(matrices, st.data())
def test_order_of_persons_and_events_does_not_matter_to_sdsm(
    matrix: np.ndarray, data: st.DataObject
) -> None:
    persons = np.array(data.draw(st.permutations(range(matrix.shape[0]))))
    events = np.array(data.draw(st.permutations(range(matrix.shape[1]))))
    i, j = np.triu_indices(len(matrix), k=1)
    p = np.ones(matrix.shape[:1] * 2)
    p[i, j] = p[j, i] = backbone(network(matrix))["p_more"]
    moved = backbone(network(matrix[persons][:, events]))["p_more"]
    np.testing.assert_allclose(moved, p[persons[i], persons[j]], atol=1e-9)


def test_same_seed_gives_the_same_table(davis: TwoMode) -> None:
    one, other = (backbone(davis, "fdsm", rng=np.random.default_rng(9)) for _ in range(2))
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.mark.parametrize("method", ["sdsm", "fdsm"])
@pytest.mark.parametrize(
    "matrix",
    [np.zeros((3, 0)), np.zeros((3, 2)), np.ones((3, 4)), np.ones((2, 1)), [[1, 1, 0], [0, 0, 0]]],
    ids=["no events", "nobody came", "all at all", "one event of all", "one attended nothing"],
)
def test_pairs_without_any_choice_have_p_of_one(method: str, matrix: np.ndarray) -> None:
    found = backbone(network(np.asarray(matrix)), method, rng=np.random.default_rng(0), draws=50)
    assert (found[["p_more", "p_fewer", "p", "q"]] == 1).all(axis=None)
    assert (found["expected"] == found["observed"]).all()
    assert (found["sign"] == 0).all()


@pytest.mark.parametrize("method", ["sdsm", "fdsm"])
@pytest.mark.parametrize("shape", [(1, 5), (0, 0)])
def test_fewer_than_two_persons_have_an_empty_table(method: str, shape: tuple[int, int]) -> None:
    found = backbone(network(np.ones(shape)), method, rng=np.random.default_rng(0))
    assert len(found) == 0
    assert list(found.columns)[:3] == ["person_a", "person_b", "observed"]


def test_an_event_of_everybody_changes_no_p() -> None:
    matrix = np.random.default_rng(1).random((8, 12)) < 0.4
    without, with_it = (
        backbone(network(matrix)),
        backbone(network(np.hstack([matrix, np.ones((8, 1), dtype=bool)]))),
    )
    np.testing.assert_allclose(with_it["p"], without["p"], atol=1e-9)
    np.testing.assert_allclose(with_it["expected"], without["expected"] + 1, atol=1e-9)


@pytest.mark.parametrize("method", ["sdsm", "fdsm"])
def test_a_person_at_every_event_has_no_tie(method: str) -> None:
    matrix = np.random.default_rng(1).random((8, 12)) < 0.4
    matrix[0] = True
    found = backbone(network(matrix), method, rng=np.random.default_rng(0), draws=99)
    of_all = found[found["person_a"] == "p000"]
    assert (of_all["p"] == 1).all()
    np.testing.assert_allclose(of_all["expected"], of_all["observed"], atol=1e-9)


@pytest.mark.parametrize("method", ["sdsm", "fdsm"])
def test_an_event_of_300_persons_among_small_ones(method: str) -> None:
    matrix = np.random.default_rng(1).random((300, 30)) < 0.02
    matrix[:, 0] = True
    found = backbone(network(matrix), method, rng=np.random.default_rng(0), draws=40)
    assert len(found) == 300 * 299 / 2
    assert (found["observed"] >= 1).all()
    at_that_event_alone = found.loc[found["observed"] == 1, "p_more"]
    np.testing.assert_allclose(at_that_event_alone, 1, atol=1e-12)


def test_bad_arguments_are_refused(davis: TwoMode) -> None:
    with pytest.raises(ValueError, match="did you mean 'sdsm'"):
        backbone(davis, "sdms")
    with pytest.raises(ValueError, match="pass rng"):
        backbone(davis, "fdsm")
    with pytest.raises(ValueError, match="between 0 and 1"):
        backbone(davis, level=5)
    with pytest.raises(ValueError, match="At least one draw"):
        backbone(davis, "fdsm", rng=np.random.default_rng(0), draws=0)
    with pytest.raises(ValueError, match="zeros and ones"):
        backbone(network(np.array([[2, 1], [1, 0]])))


@pytest.mark.parametrize("method", ["sdsm", "fdsm"])
def test_backbone_of_the_study_is_two_sided_and_corrected_within_each_year(method: str) -> None:
    config = load_config(ROOT / "config" / "stalin.yaml")
    settings = {"method": method, "draws": 99, "level": 0.05}
    study = load_study(ROOT / "data" / "raw" / "stalin", ["events", "participations"])
    table = backbone_table(study, {**config, "backbone": settings})
    assert table["year"].nunique() > 10
    for _, year in table.groupby("year"):
        two_sided = np.minimum(2 * year[["p_more", "p_fewer"]].min(axis=1), 1)
        np.testing.assert_allclose(year["p"], two_sided, atol=1e-9)
        np.testing.assert_allclose(year["q"], false_discovery_control(year["p"]), atol=1e-9)
        signed = year["sign"] != 0
        assert (signed == (year["q"] <= 0.05)).all()
