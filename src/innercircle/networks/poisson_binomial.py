"""How many events two persons share if each attends independently: Poisson-binomial tails.

References
----------
Hong, Y. 2013. On computing the distribution function for the Poisson binomial distribution.
Computational Statistics & Data Analysis 59: 41-51.
Daniels, H. E. 1987. Tail probability approximations. International Statistical Review 55: 37-48.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

# The exact recursion does about this many updates of a cell in five to ten seconds.
EXACT_UPDATES = 5_000_000_000
SMALLEST_SD = 5.0  # of a count whose tails may be approximated
_CELLS_AT_ONCE = 1 << 16  # of the recursion's table: stays in the processor's cache
_ENTRIES_AT_ONCE = 1 << 20  # of pairs by events
_NEAR_MEAN = 1e-3
_SMALLEST_STEP = 1e-9
_MOST_STEPS = 100


def pair_tails(
    probabilities: np.ndarray,
    person_class: np.ndarray,
    i: np.ndarray,
    j: np.ndarray,
    shared: np.ndarray,
    exact_updates: float = EXACT_UPDATES,
) -> tuple[np.ndarray, np.ndarray]:
    """Return how probable it is that pairs share as many events or more, and as many or fewer.

    Parameters
    ----------
    probabilities : ndarray of float, shape (n_classes, n_events)
        Probability that a person of a class attends an event.
    person_class : ndarray of int, shape (n_persons,)
        Row of `probabilities` for each person; pairs of the same two classes are computed once.
    i, j : ndarray of int, shape (n_pairs,)
        The persons of each pair.
    shared : ndarray of int, shape (n_pairs,)
        Events that they shared.
    exact_updates : float
        Most updates (distinct pairs of classes x events x largest shared count) for which every
        tail is computed exactly. Beyond, tails of counts with a standard deviation of at least
        :data:`SMALLEST_SD` come from Daniels' (1987) saddlepoint approximation with continuity
        correction. Its error was measured as at most 0.0001, and as at most 0.5 % of tails between
        1e-12 and 0.1.

    Returns
    -------
    more, fewer : ndarray of float, shape (n_pairs,)
        P(X >= shared) and P(X <= shared).
    """
    first, second = person_class[i], person_class[j]
    key = np.minimum(first, second) * len(probabilities) + np.maximum(first, second)
    keys, pair_class = np.unique(key, return_inverse=True)
    classes = np.stack(np.divmod(keys, max(len(probabilities), 1)))
    widest = np.zeros(len(keys), dtype=np.int64)
    np.maximum.at(widest, pair_class, shared)
    approximate = np.zeros(len(shared), dtype=bool)
    if probabilities.shape[1] * (widest + 2).sum() > exact_updates:
        square = probabilities**2
        variance = probabilities @ probabilities.T - square @ square.T
        approximate = variance[first, second] >= SMALLEST_SD**2
    more, fewer = np.ones(len(shared)), np.ones(len(shared))
    for pairs, method in ((~approximate, _recursion), (approximate, _saddlepoint)):
        if pairs.any():
            chosen, renumbered = np.unique(pair_class[pairs], return_inverse=True)
            more[pairs], fewer[pairs] = method(
                probabilities, classes[:, chosen], renumbered, shared[pairs]
            )
    return more, fewer


def _recursion(
    probabilities: np.ndarray, classes: np.ndarray, pair_class: np.ndarray, shared: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Add one event after the other to the distribution of the count, many pairs side by side.

    Only counts up to the largest observed one are told apart; the last row of the table holds all
    above it. So neither tail is found by subtraction, and small ones keep their precision.
    """
    more, fewer = np.ones(len(shared)), np.ones(len(shared))
    widest = np.zeros(classes.shape[1], dtype=np.int64)
    np.maximum.at(widest, pair_class, shared)
    by_width = np.argsort(widest, kind="stable")
    place = np.empty_like(by_width)
    place[by_width] = np.arange(len(by_width))
    pair_place = place[pair_class]
    by_place = np.argsort(pair_place, kind="stable")
    at_most = _ENTRIES_AT_ONCE // max(1, probabilities.shape[1])
    start = 0
    while start < len(by_width):
        at_once = min(_CELLS_AT_ONCE // (widest[by_width[start]] + 2), at_most)
        batch = by_width[start : start + max(64, at_once)]
        first, second = classes[:, batch]
        both = np.ascontiguousarray((probabilities[first] * probabilities[second]).T)
        table = _distribution(both, int(widest[batch].max()) + 2)
        ends = np.searchsorted(pair_place, [start, start + len(batch)], sorter=by_place)
        pairs = by_place[ends[0] : ends[1]]
        at = shared[pairs], pair_place[pairs] - start
        fewer[pairs] = np.cumsum(table, axis=0)[at]
        more[pairs] = np.cumsum(table[::-1], axis=0)[::-1][at]
        start += len(batch)
    return np.minimum(more, 1), np.minimum(fewer, 1)


def _distribution(both: np.ndarray, width: int) -> np.ndarray:
    """Return P(X = 0), ..., P(X = width - 2), P(X >= width - 1), a column for each pair.

    `both` has shape (n_events, n_pairs): the probability that the two meet at an event.
    """
    table = np.zeros((width, both.shape[1]))
    table[0] = 1
    moved = np.empty_like(table)
    for event, success in enumerate(both):
        filled = min(event + 1, width - 1)  # the last row is never left
        np.multiply(table[:filled], success, out=moved[:filled])
        table[:filled] *= 1 - success
        table[1 : filled + 1] += moved[:filled]
    return table


def _saddlepoint(
    probabilities: np.ndarray, classes: np.ndarray, pair_class: np.ndarray, shared: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Approximate both tails; events with equal probabilities for everyone are one class."""
    by_event, count = np.unique(probabilities, axis=1, return_counts=True)
    more, fewer = np.ones(len(shared)), np.ones(len(shared))
    at_once = max(1, _ENTRIES_AT_ONCE // max(1, len(count)))
    for start in range(0, len(shared), at_once):
        batch = slice(start, start + at_once)
        first, second = classes[:, pair_class[batch]]
        both = by_event[first] * by_event[second]
        more[batch], _ = _upper_and_below(both, count, shared[batch])
        _, fewer[batch] = _upper_and_below(both, count, shared[batch] + 1)
    return more, fewer


def _upper_and_below(
    both: np.ndarray, count: np.ndarray, k: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return P(X >= k) and P(X < k): Daniels (1987), second continuity correction.

    `both` has shape (n_pairs, n_classes): the probability that the two meet at an event of a class,
    of which there are `count`. A sure event only moves the count.
    """
    sure = both == 1
    k = k - (count * sure).sum(axis=1)
    weight = np.where(sure, 0, count)
    possible = (weight * (both > 0)).sum(axis=1)
    upper = (k < 1).astype(float)
    below = 1 - upper
    inner = (k >= 1) & (k <= possible)
    weight, target = weight[inner], k[inner] - 0.5
    odds = np.where(sure, 0, both / np.where(sure, 1, 1 - both))[inner]
    s = _tilt(odds, weight, target, possible[inner])
    tilted_odds = odds * np.exp(s)[:, np.newaxis]
    tilted = tilted_odds / (1 + tilted_odds)
    variances = weight * tilted * (1 - tilted)
    spread, third = np.sqrt(variances.sum(axis=1)), (variances * (1 - 2 * tilted)).sum(axis=1)
    growth = (weight * (np.log1p(tilted_odds) - np.log1p(odds))).sum(axis=1)
    w = np.sign(s) * np.sqrt(np.maximum(2 * (s * target - growth), 0))
    near = np.abs(w) < _NEAR_MEAN
    safe_w, safe_u = np.where(near, 1, w), np.where(near, 1, 2 * np.sinh(s / 2) * spread)
    # Both terms are infinite at the mean; their difference has a limit there.
    difference = np.where(near, third / (6 * spread**3), 1 / safe_w - 1 / safe_u)
    correction = np.exp(-(w**2) / 2) / np.sqrt(2 * np.pi) * difference
    upper[inner] = np.clip(ndtr(-w) - correction, 0, 1)
    below[inner] = np.clip(ndtr(w) + correction, 0, 1)
    return upper, below


def _tilt(
    odds: np.ndarray, weight: np.ndarray, target: np.ndarray, possible: np.ndarray
) -> np.ndarray:
    """Return s at which the count has the target as its mean if all odds grow by exp(s).

    Newton's method, kept within the bracket given by the largest and the smallest odds.
    """
    share = np.log(target / (possible - target))
    low = share - np.log(odds.max(axis=1))
    high = share - np.log(np.where(odds > 0, odds, np.inf).min(axis=1))
    s: np.ndarray = np.clip(np.zeros(len(target)), low, high)
    for _ in range(_MOST_STEPS):
        tilted_odds = odds * np.exp(s)[:, np.newaxis]
        tilted = tilted_odds / (1 + tilted_odds)
        parts = weight * tilted
        misfit = parts.sum(axis=1) - target
        low, high = np.where(misfit <= 0, s, low), np.where(misfit >= 0, s, high)
        newton = s - misfit / (parts.sum(axis=1) - (parts * tilted).sum(axis=1))
        moved: np.ndarray = np.where((newton >= low) & (newton <= high), newton, (low + high) / 2)
        if np.abs(moved - s).max(initial=0) <= _SMALLEST_STEP:
            return moved
        s = moved
    return s
