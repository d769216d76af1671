"""Factions: whether two alleged groups meet and support within, and fight between.

References
----------
Hubert, L., and J. Schultz. 1976. Quadratic assignment as a general data analysis strategy. British
Journal of Mathematical and Statistical Psychology 29: 190-241.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from innercircle.inference.mechanisms.result import (
    DRAWS,
    Mechanism,
    notes,
    p_value,
    percentile_interval,
    resample_counts,
    undefined,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "factions"
QUESTION = "Do the alleged groups differ from random splits of the same persons?"
KINDS = {
    "co-attendance": "mean co-attendance of pairs within groups minus between",
    "support": "mean support of pairs within groups minus between",
    "conflict": "mean conflict of pairs between groups minus within",
}
_MOST_SPLITS = 200_000
_MOST_PERSONS = 16
_FEWEST = 2


class _Web(NamedTuple):
    """Persons present, units (events or ties) and what each unit adds to a pair within a group."""

    persons: list[str]
    incidence: np.ndarray  # (persons, units)
    weight: np.ndarray  # (units,)

    def matrix(self) -> np.ndarray:
        """Return the symmetric pair weights, zero on the diagonal."""
        pairs = (self.incidence * self.weight) @ self.incidence.T
        np.fill_diagonal(pairs, 0.0)
        return np.asarray(pairs)


def factions(
    attendances: pd.DataFrame,
    ties: pd.DataFrame,
    groups: tuple[Sequence[str], Sequence[str]],
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> list[Mechanism]:
    """Compare an alleged split of some persons with other splits of the same persons.

    Co-attendance is size-discounted: an event of k persons adds 1 / (k - 1) to each pair. Support
    and conflict count ties, each once however many years it holds. A person is present if he
    attended anything, or has any signed tie, in the data given; the absent are left out.

    Parameters
    ----------
    attendances : DataFrame
        event_id, person_id, of the period in question.
    ties : DataFrame
        tie_id, source_id, target_id, sign.
    groups : pair of sequences of str
        The alleged groups.

    Returns
    -------
    list of Mechanism
        For each of co-attendance, support and conflict: the difference, its interval from
        resampled events or ties, and its one-sided p-value among splits of the same sizes (all of
        them up to 200,000); then the share of all splits into two groups of at least two that are
        at least as good, exhaustively up to 16 persons. Splits of different sizes are compared in
        standard deviations of the splits of their sizes, and the note names the best.

    Raises
    ------
    ValueError
        If somebody is in both groups.
    """
    both = sorted(set(groups[0]) & set(groups[1]))
    if both:
        raise ValueError(f"in both groups: {', '.join(both)}; every person belongs to one")
    results: list[Mechanism] = []
    for kind, statistic in KINDS.items():
        named = [*groups[0], *groups[1]]
        if kind == "co-attendance":
            web = _meetings(attendances, named)
        else:
            web = _signed(ties, named, 1 if kind == "support" else -1)
        first = np.array([person in set(groups[0]) for person in web.persons], dtype=bool)
        names = [statistic, f"share of all splits at least as good, by {kind}"]
        why = _impossible(web, first, kind)
        if why:
            results += undefined(NAME, QUESTION, names, why, len(web.persons))
            continue
        results.append(_difference(web, first, names[0], draws, rng))
        results.append(_rank(web, first, names[1]))
    return results


def _meetings(attendances: pd.DataFrame, named: list[str]) -> _Web:
    rows = attendances[["event_id", "person_id"]].drop_duplicates()
    size = rows.groupby("event_id")["person_id"].transform("size")
    rows = rows.assign(size=size)[rows["person_id"].isin(named)]
    persons = sorted(set(rows["person_id"]))
    event, events = pd.factorize(rows["event_id"], sort=True)
    incidence = np.zeros((len(persons), len(events)))
    incidence[pd.Index(persons).get_indexer(rows["person_id"]), event] = 1.0
    sizes = np.ones(len(events))
    sizes[event] = rows["size"]
    weight = np.divide(1.0, sizes - 1, out=np.zeros(len(events)), where=sizes > 1)
    return _Web(persons, incidence, weight)


def _signed(ties: pd.DataFrame, named: list[str], sign: int) -> _Web:
    ends = {*ties["source_id"], *ties["target_id"]}
    persons = sorted(ends & set(named))
    rows = ties[ties["sign"] == sign].drop_duplicates("tie_id")
    index = pd.Index(persons)
    i, j = index.get_indexer(rows["source_id"]), index.get_indexer(rows["target_id"])
    inside = (i >= 0) & (j >= 0) & (i != j)
    i, j = i[inside], j[inside]
    incidence = np.zeros((len(persons), len(i)))
    incidence[i, np.arange(len(i))] = 1.0
    incidence[j, np.arange(len(i))] = 1.0
    # Conflict enters negatively, so that more is better in all three.
    return _Web(persons, incidence, np.full(len(i), float(sign)))


def _impossible(web: _Web, first: np.ndarray, kind: str) -> str:
    if min(first.sum(), (~first).sum()) < _FEWEST:
        return "a group has fewer than two persons present"
    return "" if web.matrix().any() else f"no {kind} between any two of them"


def _scores(pairs: np.ndarray, splits: np.ndarray) -> np.ndarray:
    """Return mean weight within groups minus between for splits (k, persons) of any sizes."""
    n, size = splits.shape[1], splits.sum(axis=1)
    between = size * (n - size)
    within = n * (n - 1) / 2 - between
    cut = ((splits @ pairs) * (1.0 - splits)).sum(axis=1)
    return np.asarray((pairs.sum() / 2 - cut) / within - cut / between)


def _difference(
    web: _Web, first: np.ndarray, statistic: str, draws: int, rng: np.random.Generator
) -> Mechanism:
    n, k = len(first), int(first.sum())
    exact = math.comb(n, k) <= _MOST_SPLITS
    if exact:
        members = np.array(list(combinations(range(n), k)))
    else:
        members = rng.random((draws, n)).argsort(axis=1)[:, :k]
    null = np.concatenate([_scores(web.matrix(), s) for s in _splits(members, n)])
    observed = float(_scores(web.matrix(), first[None].astype(float))[0])
    p = p_value(observed, null, "greater", exact=exact)
    # The score is a sum over units, so that a resample is a weighted sum of their parts.
    a, b = web.incidence[first].sum(axis=0), web.incidence[~first].sum(axis=0)
    pairs_between = k * (n - k)
    pairs_within = n * (n - 1) / 2 - pairs_between
    inside = (a * (a - 1) + b * (b - 1)) / 2 / pairs_within
    parts = web.weight * (inside - a * b / pairs_between)
    lo, hi, why = percentile_interval(resample_counts(len(parts), draws, rng) @ parts)
    sides = f"{k} against {n - k} persons present, {len(parts)} events or ties"
    number = f"all {len(null)}" if exact else str(len(null))
    wording = f"{number} random splits of the same sizes; one-sided"
    note = notes(sides, why)
    return Mechanism(NAME, QUESTION, statistic, observed, lo, hi, p, n, wording, note, exact)


def _splits(members: np.ndarray, n: int, chunk: int = 20_000) -> Iterator[np.ndarray]:
    for start in range(0, len(members), chunk):
        part = members[start : start + chunk]
        splits = np.zeros((len(part), n))
        np.put_along_axis(splits, part, 1.0, axis=1)
        yield splits


def _rank(web: _Web, first: np.ndarray, statistic: str) -> Mechanism:
    n = len(first)
    if n > _MOST_PERSONS:
        why = f"{n} persons: too many to try every split (at most {_MOST_PERSONS})"
        return undefined(NAME, QUESTION, [statistic], why, n)[0]
    # The last person stays on one side, so that no split comes twice.
    splits = ((np.arange(2 ** (n - 1))[:, None] >> np.arange(n)) & 1).astype(float)
    size = np.minimum(splits.sum(axis=1), n - splits.sum(axis=1)).astype(int)
    splits, size = splits[size >= _FEWEST], size[size >= _FEWEST]
    scores = _scores(web.matrix(), splits)
    count = np.maximum(np.bincount(size), 1)
    centred = scores - (np.bincount(size, scores) / count)[size]
    spread = np.sqrt(np.bincount(size, centred**2) / count)[size]
    flat = spread < 1e-12 * np.abs(web.matrix()).max()
    standard = np.divide(centred, spread, out=np.zeros_like(centred), where=~flat)
    alleged = first if not first[-1] else ~first
    here = standard[(splits == alleged).all(axis=1)][0]
    share = p_value(float(here), standard, "greater", exact=True)
    best = splits[standard.argmax()] == 1
    sides = [
        [p for p, inside in zip(web.persons, side, strict=True) if inside] for side in (best, ~best)
    ]
    note = f"best split: {', '.join(sides[0])} | {', '.join(sides[1])}"
    wording = f"all {len(splits)} splits into two groups of at least two"
    unbounded = (math.nan, math.nan)
    return Mechanism(
        NAME, QUESTION, statistic, share, *unbounded, share, n, wording, note, exact=True
    )
