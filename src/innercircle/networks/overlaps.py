"""Intervals that overlap, found by sweeping over their starts instead of comparing all pairs.

Sorted by start, the intervals that overlap interval i and start no earlier are those right after it
whose start comes before its end: one binary search an interval, and work in proportion to the
overlaps that there are.

References
----------
de Berg, M., et al. 2008. Computational Geometry, 3rd ed., ch. 2 (plane sweep). Springer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAIRS = 2_000_000  # held at once


def overlapping_pairs(
    start: np.ndarray, end: np.ndarray, group: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the pairs of intervals of one group that share more than a moment.

    Parameters
    ----------
    start, end : ndarray of int, shape (n,)
        Half-open intervals, in any unit; those without length overlap nothing.
    group : ndarray of int, shape (n,)
        Not negative; intervals of different groups never overlap.

    Yields
    ------
    first, second : ndarray of int
        Positions of the intervals; each pair once, ``first`` the one that starts earlier (of two
        that start together, the one listed earlier). Some millions of pairs at a time.
    """
    (some,) = np.nonzero(end > start)
    if len(some) == 0:
        return
    begins, ends = _on_one_axis(start[some], end[some], group[some])
    order = np.argsort(begins, kind="stable")
    begins, ends, some = begins[order], ends[order], some[order]
    after = np.arange(1, len(some) + 1)
    counts = np.searchsorted(begins, ends, side="left") - after
    done = np.concatenate([[0], np.cumsum(counts)])
    first = 0
    while first < len(some):
        last = int(np.searchsorted(done, done[first] + _PAIRS, side="right")) - 1
        last = max(last, first + 1)
        part = counts[first:last]
        i = np.repeat(np.arange(first, last), part)
        # Within each run of one i, j counts up from i + 1.
        within = np.arange(len(i)) - np.repeat(done[first:last] - done[first], part)
        if len(i):
            yield some[i], some[i + 1 + within]
        first = last


def occupied_stretches(start: np.ndarray, end: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return when the stretch began in which each interval lies.

    A stretch is a time in which some interval of the group always goes on; where one ends as the
    next starts, there are two.

    Parameters
    ----------
    start, end, group : ndarray of int, shape (n,)
        As in :func:`overlapping_pairs`.

    Returns
    -------
    ndarray of int, shape (n,)
        Start of the first interval of the stretch.
    """
    if len(start) == 0:
        return start.copy()
    begins, ends = _on_one_axis(start, end, group)
    order = np.lexsort((ends, begins))
    furthest = np.maximum.accumulate(ends[order])
    new = np.concatenate([[True], begins[order][1:] >= furthest[:-1]])
    found = np.empty_like(start)
    found[order] = start[order][np.flatnonzero(new)[np.cumsum(new) - 1]]
    return found


def _on_one_axis(
    start: np.ndarray, end: np.ndarray, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Lay the groups one after another, far enough apart that they cannot overlap."""
    least = start.min()
    span = int(max(end.max(), start.max()) - least) + 1
    offset = group.astype(np.int64) * span - least
    return start.astype(np.int64) + offset, end.astype(np.int64) + offset
