"""Where the nodes of a network drawing stand: force-directed, then pushed apart."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import igraph as ig
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Position = dict[str, tuple[float, float]]
_ROUNDS = 400


def force_layout(
    persons: Sequence[str],
    source: pd.Series,
    target: pd.Series,
    weight: np.ndarray,
    seed: int,
    *,
    gap: float = 0.05,
    together: np.ndarray | None = None,
    room: np.ndarray | None = None,
) -> Position:
    """Return one position a person, the same on every run.

    Fruchterman and Reingold's forces, then ranks along each axis to use the room, and then whoever
    stand closer than ``gap`` are pushed apart.

    Parameters
    ----------
    persons : sequence of str
        Everyone to place, in the order that decides ties.
    source, target : Series of str
    weight : ndarray
        Strength of each tie's pull.
    gap : float
        Least distance of two nodes, the drawing being one wide and one high.
    together : ndarray of bool, shape (n, n), optional
        Pairs ever drawn in the same panel; others may overlap. By default all.
    room : ndarray, optional
        Share of each axis that a person gets, relative to others; by default the same for all.

    Returns
    -------
    dict
        Coordinates in [0, 1].

    References
    ----------
    Fruchterman, T. M. J., and E. M. Reingold. 1991. Graph drawing by force-directed placement.
    Software: Practice and Experience 21: 1129-1164.
    """
    index = {person: i for i, person in enumerate(persons)}
    graph = ig.Graph(
        n=len(persons),
        edges=[(index[a], index[b]) for a, b in zip(source, target, strict=True)],
    )
    ig.set_random_number_generator(random.Random(seed))  # noqa: S311 - a drawing, not a secret
    layout = graph.layout_fruchterman_reingold(
        weights=np.asarray(weight, dtype=float).tolist(),
        niter=2000,
        seed=graph.layout_circle().coords,
        grid="nogrid",
    )
    coords = np.array(layout.coords, dtype=float).reshape(len(persons), 2)
    placed = _spread(coords, np.ones(len(persons)) if room is None else room)
    pairs = np.ones((len(persons),) * 2, dtype=bool) if together is None else together.copy()
    np.fill_diagonal(pairs, val=False)
    placed = _unit(_push_apart(placed, gap, pairs))
    return {person: (float(x), float(y)) for person, (x, y) in zip(persons, placed, strict=True)}


def _spread(coords: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return a compromise between the forces' positions and everyone's share of each axis."""
    shares = np.empty_like(coords)
    for axis in (0, 1):
        order = coords[:, axis].argsort(kind="stable")
        ends = room[order].cumsum()
        shares[order, axis] = (ends - room[order] / 2) / max(float(room.sum()), 1e-9)
    return 0.3 * _unit(coords) + 0.7 * _unit(shares)


def _unit(coords: np.ndarray) -> np.ndarray:
    low = coords.min(axis=0, initial=np.inf)
    span = coords.max(axis=0, initial=-np.inf) - low
    return (coords - low) / np.where(span > 0, span, 1.0) if len(coords) else coords


def _push_apart(coords: np.ndarray, gap: float, pairs: np.ndarray) -> np.ndarray:
    """Move overlapping nodes away from each other in small steps."""
    placed = coords.copy()
    # Nodes on the same spot have no direction: each gets its own, by the golden angle.
    angle = np.arange(len(placed)) * 2.399963229728653
    placed += 1e-6 * np.column_stack([np.cos(angle), np.sin(angle)])
    for _ in range(_ROUNDS):
        difference = placed[:, None] - placed[None]
        distance = np.sqrt((difference**2).sum(axis=2))
        close = pairs & (distance < gap)
        if not close.any():
            break
        push = np.where(close, (gap - distance) / np.maximum(distance, 1e-9), 0.0)
        placed += 0.25 * (push[:, :, None] * difference).sum(axis=1)
        placed = placed.clip(-0.05, 1.05)
    return placed
