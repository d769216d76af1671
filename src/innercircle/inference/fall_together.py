"""Do those who meet fall together? Dyads of the persons at risk in a year, by MRQAP.

The outcome of a dyad is 1 if both fall in t+1; it is explained by how many occasions the two shared
in t, how many bodies, and whether their standing was the same. Who meets much meets many: a
coefficient says that co-attenders fell together more than others of the year did, not why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from innercircle.inference.mrqap import mrqap
from innercircle.inference.rows import at_risk

if TYPE_CHECKING:
    from innercircle.inference.rows import Spec

COLUMNS = [
    "sample",
    "term",
    "estimate",
    "statistic",
    "p_value",
    "persons",
    "falls",
    "dyads",
    "both_fall",
    "draws",
    "note",
]
_LAYERS = {"co_attendance": "attendance", "shared_bodies": "membership"}
_PAIR = 2
_Dyadic = tuple[np.ndarray, dict[str, np.ndarray]]


def fall_together(
    panel: pd.DataFrame, edges: pd.DataFrame, settings: Spec, seed: int
) -> pd.DataFrame:
    """Regress falling together on co-attendance, by year and pooled.

    Parameters
    ----------
    panel : DataFrame
        The person-year panel.
    edges : DataFrame
        The yearly networks, with columns layer, year, source, target, weight.
    settings : dict
        population, outcome, draws, minimum_falls: of the configuration's ``mrqap``.
    seed : int
        Root of the random streams, one for each year and one for the pooled regression.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`; sample is the year t of the ties, or ``pooled``: the years in which
        at least two fell, each with its own intercept, persons permuted within the year (fewer than
        two falls say nothing of who falls with whom). A year with fewer than ``minimum_falls`` is a
        row with a note. A predictor that is alike for all dyads, or a combination of others, is
        left out, as the note says.
    """
    rows = panel[at_risk(settings, panel)].sort_values(["year", "person_id"])
    found, networks, years = [], [], []
    for year, people in rows.groupby("year", sort=True):
        fell = people[f"{settings['outcome']}_next"].to_numpy(float)
        if fell.sum() < min(_PAIR, settings["minimum_falls"]):
            continue
        network = _dyads(people, edges[edges["year"] == year], fell)
        about = {"sample": str(year), **_counts([network], fell)}
        if fell.sum() < settings["minimum_falls"]:
            found.append({**about, "note": f"fewer than {settings['minimum_falls']} falls"})
        else:
            found += _regress([network], settings["draws"], _stream(seed, int(year)), about)
        networks.append(network)
        years.append(fell)
    if networks:
        about = {"sample": "pooled", **_counts(networks, np.concatenate(years))}
        found += _regress(networks, settings["draws"], _stream(seed, 0), about)
    table = pd.DataFrame(found).reindex(columns=COLUMNS)
    counts = ["persons", "falls", "dyads", "both_fall", "draws"]
    return table.astype(dict.fromkeys(counts, "Int64")).fillna({"note": "", "term": ""})


def _stream(seed: int, key: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(key,)))


def _dyads(people: pd.DataFrame, edges: pd.DataFrame, fell: np.ndarray) -> _Dyadic:
    """Return who fell with whom, and the predictors, each of shape (persons, persons)."""
    place = {person: k for k, person in enumerate(people["person_id"])}
    among = edges[edges["source"].isin(place) & edges["target"].isin(place)]
    predictors = {}
    for name, layer in _LAYERS.items():
        ties = among[among["layer"] == layer]
        i, j = (ties[side].map(place).to_numpy(dtype=np.intp) for side in ("source", "target"))
        weight = np.zeros((len(people), len(people)))
        weight[i, j] = weight[j, i] = ties["weight"].to_numpy(float)
        predictors[name] = weight
    standing = people["standing"].to_numpy(float)
    predictors["same_standing"] = (standing[:, None] == standing).astype(float)
    return np.outer(fell, fell), predictors


def _counts(networks: list[_Dyadic], fell: np.ndarray) -> dict[str, int]:
    dyads = sum(len(y) * (len(y) - 1) // 2 for y, _ in networks)
    pairs = sum(int(np.triu(y, k=1).sum()) for y, _ in networks)
    return {"persons": len(fell), "falls": int(fell.sum()), "dyads": dyads, "both_fall": pairs}


def _regress(
    networks: list[_Dyadic], draws: int, rng: np.random.Generator, about: dict[str, Any]
) -> list[dict[str, Any]]:
    from scipy.linalg import block_diag

    blocks = np.repeat(np.arange(len(networks)), [len(y) for y, _ in networks])
    y = block_diag(*[outcome for outcome, _ in networks])
    names = list(networks[0][1])
    stacked = {
        name: block_diag(*[predictors[name] for _, predictors in networks]) for name in names
    }
    kept, note = _independent(stacked, blocks)
    if _LEADING not in kept:
        return [{**about, "note": note}]
    try:
        table = mrqap(y, kept, draws, rng, directed=False, blocks=blocks)
    except ValueError as problem:
        return [{**about, "note": f"not fitted: {problem}"}]
    rows = table[["term", "estimate", "statistic", "p_value"]].to_dict("records")
    terms = [row for row in rows if row["term"] in kept]
    return [{**about, **row, "draws": draws, "note": note} for row in terms]


_LEADING = next(iter(_LAYERS))


def _independent(
    predictors: dict[str, np.ndarray], blocks: np.ndarray
) -> tuple[dict[str, np.ndarray], str]:
    """Leave out what no regression within blocks can tell apart from what comes before it."""
    i, j = np.triu_indices(len(blocks), k=1)
    within = blocks[i] == blocks[j]
    i, j = i[within], j[within]
    x = np.equal.outer(blocks[i], np.unique(blocks)).astype(float)
    kept: dict[str, np.ndarray] = {}
    for name, matrix in predictors.items():
        wider = np.column_stack([x, matrix[i, j]])
        if np.linalg.matrix_rank(wider) == wider.shape[1]:
            kept[name], x = matrix, wider
    dropped = [name for name in predictors if name not in kept]
    return kept, f"alike for all dyads or a combination: {', '.join(dropped)}" if dropped else ""
