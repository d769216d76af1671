"""MRQAP agrees with R's sna, and with refitting for every draw."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from innercircle.inference.fall_together import fall_together
from innercircle.inference.mrqap import mrqap, mrqap_logit
from tests.conftest import REFERENCE

R = json.loads((REFERENCE / "mrqap.json").read_text())
DATA = {
    kind: {name: np.array(matrix, dtype=float) for name, matrix in matrices.items()}
    for kind, matrices in json.loads((REFERENCE / "mrqap_data.json").read_text()).items()
}
NAMES = ["x1", "x2", "x3"]


def predictors(kind: str) -> dict[str, np.ndarray]:
    return {name: DATA[kind][name] for name in NAMES}


def within_monte_carlo_error(p: np.ndarray, q: np.ndarray, draws: tuple[int, int]) -> bool:
    variance = p * (1 - p) * (1 / draws[0] + 1 / draws[1])
    return bool((np.abs(p - q) < 3.5 * np.sqrt(variance)).all())


@pytest.mark.parametrize("kind", ["directed", "undirected"])
def test_least_squares_agree_with_netlm(kind: str) -> None:
    r, draws = R[kind], 20_000
    rng = np.random.default_rng(1)
    table = mrqap(DATA[kind]["y"], predictors(kind), draws, rng, directed=kind == "directed")
    assert table["term"].tolist() == ["intercept", *NAMES]
    np.testing.assert_allclose(table["estimate"], r["coef"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(table["statistic"][1:], r["statistic"][1:], rtol=0, atol=1e-9)
    assert within_monte_carlo_error(
        table["p_value"].to_numpy()[1:], np.array(r["p"][1:]), (draws, r["reps"])
    )
    assert set(table["dyads"]) == {240 if kind == "directed" else 120}


@pytest.mark.parametrize("kind", ["directed", "undirected"])
def test_logits_agree_with_netlogit(kind: str) -> None:
    r, draws = R[f"{kind}_logit"], 10_000
    rng = np.random.default_rng(1)
    tie, directed = DATA[kind]["tie"], kind == "directed"
    table = mrqap_logit(tie, predictors(kind), draws, rng, directed=directed)
    np.testing.assert_allclose(table["estimate"], r["coef"], rtol=0, atol=1e-6)
    # a score statistic beside netlogit's Wald statistic: alike, not equal
    np.testing.assert_allclose(table["statistic"][1:], r["statistic"][1:], rtol=0.1)
    np.testing.assert_allclose(table["p_value"][1:], r["p"][1:], rtol=0, atol=0.04)


def test_p_values_agree_with_refitting_for_every_draw() -> None:
    y, x = DATA["directed"]["y"], predictors("directed")
    draws, tested = 400, "x3"
    off = ~np.eye(len(y), dtype=bool)
    others = sm.add_constant(np.column_stack([x[name][off] for name in NAMES if name != tested]))
    remainder = np.zeros_like(y)
    remainder[off] = sm.OLS(x[tested][off], others).fit().resid
    rng = np.random.default_rng(3)

    def t_value(order: np.ndarray) -> float:
        columns = np.column_stack([others, remainder[np.ix_(order, order)][off]])
        return float(sm.OLS(y[off], columns).fit().tvalues[-1])

    observed = t_value(np.arange(len(y)))
    found = [t_value(rng.permutation(len(y))) for _ in range(draws)]
    plain = (1 + (np.abs(found) >= abs(observed)).sum()) / (1 + draws)
    table = mrqap(y, x, 20_000, np.random.default_rng(1), directed=True).set_index("term")
    assert table.loc[tested, "statistic"] == pytest.approx(observed)
    p = table.loc[tested, "p_value"]
    assert abs(p - plain) < 3 * math.sqrt(p * (1 - p) / draws)


def test_dependence_within_persons_does_not_inflate_rejections() -> None:
    # outcome and predictor both differ between persons: plain t tests reject far too often
    rng = np.random.default_rng(5)
    rejected = naive = 0
    simulations = 300
    for _ in range(simulations):
        sender, attribute = rng.normal(size=(2, 14))
        y = sender[:, None] + rng.normal(size=(14, 14))
        x = attribute[:, None] + rng.normal(size=(14, 14)) / 2
        other = rng.normal(size=(14, 14))
        table = mrqap(y, {"x": x, "other": other}, 199, rng, directed=True).set_index("term")
        rejected += table.loc["x", "p_value"] <= 0.05
        naive += abs(table.loc["x", "statistic"]) > 1.96
    assert 4 <= rejected <= 27  # three standard errors around 15
    assert naive > 60


def test_diagonals_are_never_used() -> None:
    y, x = DATA["directed"]["y"].copy(), predictors("directed")
    expected = mrqap(y, x, 99, np.random.default_rng(1), directed=True)
    y[np.diag_indices_from(y)] = np.nan
    x = {name: matrix + np.diag(np.full(len(y), 1e6)) for name, matrix in x.items()}
    assert mrqap(y, x, 99, np.random.default_rng(1), directed=True).equals(expected)


def test_one_predictor_is_the_plain_permutation_of_it() -> None:
    y, x = DATA["directed"]["y"], DATA["directed"]["x3"]
    table = mrqap(y, {"x3": x}, 199, np.random.default_rng(1), directed=True)
    off = ~np.eye(len(y), dtype=bool)
    fit = sm.OLS(y[off], sm.add_constant(x[off])).fit()
    np.testing.assert_allclose(table["estimate"], fit.params)
    assert table["statistic"][1] == pytest.approx(fit.tvalues[1])


def test_the_same_seed_gives_the_same_table_however_draws_are_batched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    y, x = DATA["undirected"]["y"], predictors("undirected")
    expected = mrqap(y, x, 99, np.random.default_rng(1), directed=False)
    monkeypatch.setattr("innercircle.inference.mrqap._CHUNK", 700)
    assert mrqap(y, x, 99, np.random.default_rng(1), directed=False).equals(expected)


def test_separated_ties_have_no_logit_estimate_but_a_p_value() -> None:
    x = predictors("directed")
    tie = (x["x3"] > 1).astype(float)
    table = mrqap_logit(tie, x, 99, np.random.default_rng(1), directed=True).set_index("term")
    assert table["estimate"].isna().all()
    assert table.loc["x3", "p_value"] <= 0.05


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x1": np.ones((16, 16))}, "constant or a combination"),
        ({"x1": np.ones((4, 4))}, "x1: expected 16 rows"),
        ({"x1": DATA["directed"]["x1"]}, "x1: not symmetric"),
        ({"x1": np.full((16, 16), np.nan)}, "x1: a dyad off the diagonal is missing"),
        ({"x1": 2 * DATA["undirected"]["x2"] + 1}, "constant or a combination"),
    ],
)
def test_predictors_that_cannot_be_used_are_named(change: dict, message: str) -> None:
    y, x = DATA["undirected"]["y"], predictors("undirected")
    with pytest.raises(ValueError, match=message):
        mrqap(y, {**x, **change}, 9, np.random.default_rng(1), directed=False)


def test_too_few_persons_or_draws_are_refused() -> None:
    y, x = DATA["undirected"]["y"], predictors("undirected")
    few = {name: matrix[:3, :3] for name, matrix in x.items()}
    with pytest.raises(ValueError, match="3 dyads are too few for 4"):
        mrqap(y[:3, :3], few, 9, np.random.default_rng(1), directed=False)
    with pytest.raises(ValueError, match="at least one draw"):
        mrqap(y, x, 0, np.random.default_rng(1), directed=False)
    with pytest.raises(ValueError, match="never varies"):
        mrqap_logit(np.zeros((16, 16)), x, 9, np.random.default_rng(1), directed=False)


def stacked(kind: str) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Return a network and a part of itself, turned round, as two blocks of one."""
    n = len(DATA[kind]["y"])
    part = np.arange(n)[::-1][:9]
    blocks = np.repeat([0, 1], [n, len(part)])

    def both(matrix: np.ndarray) -> np.ndarray:
        whole = np.full((len(blocks),) * 2, np.nan)
        whole[:n, :n], whole[n:, n:] = matrix, 1.5 * matrix[np.ix_(part, part)]
        return whole

    return both(DATA[kind]["y"]), {k: both(m) for k, m in predictors(kind).items()}, blocks


@pytest.mark.parametrize("kind", ["directed", "undirected"])
def test_blocks_are_least_squares_with_an_intercept_for_each(kind: str) -> None:
    y, x, blocks = stacked(kind)
    table = mrqap(
        y, x, 9, np.random.default_rng(1), directed=kind == "directed", blocks=blocks
    ).set_index("term")
    i, j = (
        np.nonzero(~np.eye(len(y), dtype=bool))
        if kind == "directed"
        else np.triu_indices(len(y), 1)
    )
    within = blocks[i] == blocks[j]
    i, j = i[within], j[within]
    columns = [m[i, j] for m in x.values()] + [blocks[i] == 0, blocks[i] == 1]
    model = sm.OLS(y[i, j], np.column_stack(columns).astype(float)).fit()
    np.testing.assert_allclose(table.loc[NAMES, "estimate"], model.params[:3], atol=1e-10)
    np.testing.assert_allclose(table.loc[NAMES, "statistic"], model.tvalues[:3], atol=1e-8)


def test_one_block_is_no_block() -> None:
    y, x = DATA["undirected"]["y"], predictors("undirected")
    tables = [
        mrqap(y, x, 99, np.random.default_rng(1), directed=False, blocks=blocks)
        for blocks in (None, np.zeros(len(y)))
    ]
    assert tables[0].equals(tables[1])


def test_pooled_p_values_are_uniform_without_an_effect_however_blocks_differ() -> None:
    rng = np.random.default_rng(11)
    p_values, sizes = [], (8, 11, 6)
    blocks = np.repeat(np.arange(3), sizes)
    for _ in range(300):
        levels = np.array([0.0, 3.0, -2.0])[blocks]
        person = rng.normal(size=len(blocks))
        y, x = (np.add.outer(levels + s * person, levels + s * person) for s in (1.0, 0.0))
        noise = rng.normal(size=(2, *y.shape))
        y, x = (m + e + e.T for m, e in zip((y, x), noise, strict=True))
        table = mrqap(y, {"x": x}, 99, rng, directed=False, blocks=blocks)
        p_values.append(table["p_value"].iloc[1])
    share = np.mean(np.array(p_values) <= 0.1)
    assert abs(share - 0.1) < 3.5 * math.sqrt(0.1 * 0.9 / 300)


def dyad_panel() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two years of eight: in 1930 who met fell, in 1931 nobody fell with another."""
    persons = [f"p{k}" for k in range(8)]
    panel = pd.DataFrame(
        {
            "person_id": persons * 2,
            "year": [1930] * 8 + [1931] * 8,
            "in_all": True,
            "at_risk_strict": True,
            "strict_next": [1.0, 1.0, 1.0] + [0.0] * 5 + [1.0] + [0.0] * 7,
            "standing": [0.0, 1.0] * 8,
        }
    )
    met = [("attendance", 1930, "p0", "p1"), ("attendance", 1930, "p0", "p2")]
    met += [("attendance", 1930, "p1", "p2"), ("attendance", 1931, "p4", "p5")]
    met += [("attendance", 1930, "p0", "leader")]
    return panel, pd.DataFrame(met, columns=["layer", "year", "source", "target"]).assign(
        weight=1.0
    )


def test_those_who_met_fell_together_where_they_did() -> None:
    panel, edges = dyad_panel()
    settings = {"population": "all", "outcome": "strict", "draws": 999, "minimum_falls": 3}
    table = fall_together(panel, edges, settings, 1)
    assert table["sample"].unique().tolist() == ["1930", "pooled"]
    row = table[table["term"] == "co_attendance"].iloc[0]
    assert row["estimate"] == pytest.approx(1.0)
    assert row["p_value"] < 0.05
    assert row[["persons", "falls", "dyads", "both_fall"]].tolist() == [8, 3, 28, 3]
    assert "shared_bodies" in row["note"]
    assert table.equals(fall_together(panel, edges, settings, 1))


def test_years_with_too_few_falls_are_listed_and_not_fitted() -> None:
    panel, edges = dyad_panel()
    settings = {"population": "all", "outcome": "strict", "draws": 99, "minimum_falls": 4}
    table = fall_together(panel, edges, settings, 1)
    assert table["note"].iloc[0] == "fewer than 4 falls"
    assert table["estimate"].isna().iloc[0]


def test_a_population_without_falls_gives_an_empty_table() -> None:
    panel, edges = dyad_panel()
    settings = {"population": "all", "outcome": "strict", "draws": 99, "minimum_falls": 2}
    assert len(fall_together(panel.assign(strict_next=0.0), edges, settings, 1)) == 0
