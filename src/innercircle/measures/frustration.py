"""Frustration: how far a signed network is from splitting into two friendly camps.

References
----------
Harary, F. 1959. On the measurement of structural balance. Behavioral Science 4: 316-323.
Aref, S., and M. C. Wilson. 2018. Measuring partial balance in signed networks. Journal of Complex
Networks 6: 566-595.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from innercircle.measures.balance import SignedTies

# Blocks up to this size are enumerated: 2^19 divisions take some ten milliseconds.
_EXACT_LIMIT = 20
_SERIES = 2

# Signed weights of the ties of each remaining person.
Neighbours = dict[int, dict[int, int]]


@dataclass(frozen=True)
class Frustration:
    """The frustration index (line index of balance) of a signed network.

    Attributes
    ----------
    index : int
        Least number of ties at odds with a division into two camps: negative ones within a camp
        and positive ones between them.
    share : float
        ``index`` / number of ties; missing (NaN) without ties.
    exact : bool
        False if ``index`` is only an upper bound.
    """

    index: int
    share: float
    exact: bool


def frustration_index(
    ties: SignedTies, rng: np.random.Generator, *, starts: int = 1000
) -> Frustration:
    """Return the least number of ties that keep a network from being balanced.

    Persons with one tie add nothing, persons with two are replaced by one tie of the product of
    the signs, and blocks that share at most one person are solved apart: none of this changes the
    minimum. What is left is enumerated up to 20 persons in a block. A larger block gets an upper
    bound: camps grown along a spanning tree and ``starts`` random divisions, each improved by
    moving one person at a time. An upper bound of 0 is exact.

    Parameters
    ----------
    ties : SignedTies
    rng : numpy.random.Generator
        Draws divisions for large blocks; not used otherwise.
    starts : int

    Returns
    -------
    Frustration
        0 for a balanced network and without ties.
    """
    neighbours: Neighbours = {}
    for a, b, sign in zip(ties.source, ties.target, ties.sign, strict=True):
        neighbours.setdefault(int(a), {})[int(b)] = int(sign)
        neighbours.setdefault(int(b), {})[int(a)] = int(sign)
    index, exact = _solve(neighbours, rng, starts)
    return Frustration(index, index / len(ties.sign) if len(ties.sign) else math.nan, exact)


def _solve(neighbours: Neighbours, rng: np.random.Generator, starts: int) -> tuple[int, bool]:
    cost = _reduce(neighbours)
    blocks = _blocks(neighbours)
    if len(blocks) == 1:
        weights = _matrix(neighbours)
        if len(weights) <= _EXACT_LIMIT:
            return cost + _enumerate(weights), True
        bound = _descend(weights, rng, starts)
        return cost + bound, bound == 0
    exact = True
    for block in blocks:
        inside = {a: {b: w for b, w in neighbours[a].items() if b in block} for a in block}
        part, part_exact = _solve(inside, rng, starts)
        cost, exact = cost + part, exact and part_exact
    return cost, exact


def _reduce(neighbours: Neighbours) -> int:
    """Remove persons with at most two ties in place; return the frustration that this settles.

    A person between a and b sides with the heavier of the two ties, which acts as one tie of the
    product of the signs and of the lighter weight. Added to an opposite tie of a and b, the
    lighter of both is frustrated in any case.
    """
    cost = 0
    waiting = [person for person, others in neighbours.items() if len(others) <= _SERIES]
    while waiting:
        person = waiting.pop()
        if person not in neighbours or len(neighbours[person]) > _SERIES:
            continue
        others = neighbours.pop(person)
        for other in others:
            del neighbours[other][person]
        if len(others) == _SERIES:
            (a, first), (b, second) = others.items()
            sign = 1 if (first > 0) == (second > 0) else -1
            tie, old = sign * min(abs(first), abs(second)), neighbours[a].get(b, 0)
            if old * tie < 0:
                cost += min(abs(old), abs(tie))
            for one, two in ((a, b), (b, a)):
                neighbours[one][two] = old + tie
                if old + tie == 0:
                    del neighbours[one][two]
        waiting += [other for other in others if len(neighbours[other]) <= _SERIES]
    return cost


def _blocks(neighbours: Neighbours) -> list[set[int]]:
    """Return the persons of each biconnected part."""
    import igraph as ig

    persons = sorted(neighbours)
    position = {person: i for i, person in enumerate(persons)}
    edges = [(position[a], position[b]) for a in persons for b in neighbours[a] if a < b]
    parts = ig.Graph(n=len(persons), edges=edges).biconnected_components()
    return [{persons[i] for i in part} for part in parts]


def _matrix(neighbours: Neighbours) -> np.ndarray:
    persons = sorted(neighbours)
    position = {person: i for i, person in enumerate(persons)}
    weights = np.zeros((len(persons), len(persons)), dtype=np.int64)
    for a, others in neighbours.items():
        for b, weight in others.items():
            weights[position[a], position[b]] = weight
    return weights


def _enumerate(weights: np.ndarray) -> int:
    """Return the exact minimum over all divisions; the first person's camp is fixed.

    ``agreement`` holds, for every division of the persons so far, the sum of weights times the
    product of the camps (1 or -1) of both ends; each new person doubles the list.
    """
    agreement = np.zeros(1, dtype=np.int64)
    for new in range(1, len(weights)):
        pull = weights[new, :1]
        for earlier in range(1, new):
            pull = np.concatenate([pull + weights[new, earlier], pull - weights[new, earlier]])
        agreement = np.concatenate([agreement + pull, agreement - pull])
    return int(np.abs(weights).sum() // 2 - agreement.max()) // 2


def _descend(weights: np.ndarray, rng: np.random.Generator, starts: int) -> int:
    """Return the least frustration found by moving one person at a time."""
    divisions = rng.choice(np.array([-1, 1]), size=(starts, len(weights)))
    total = int(np.abs(weights).sum())
    least = total
    for camps in (_tree_camps(weights), *divisions):
        pull = weights @ camps
        while (gain := -camps * pull).max() > 0:
            mover = int(gain.argmax())
            camps[mover] *= -1
            pull += 2 * camps[mover] * weights[:, mover]
        least = min(least, (total - int(camps @ pull)) // 4)
    return least


def _tree_camps(weights: np.ndarray) -> np.ndarray:
    """Return camps that satisfy every tie of a spanning tree, and all ties of a balanced block."""
    camps = np.zeros(len(weights), dtype=np.int64)
    camps[0] = 1
    reached = [0]
    for person in reached:
        fresh = np.flatnonzero((weights[person] != 0) & (camps == 0))
        camps[fresh] = camps[person] * np.sign(weights[person, fresh])
        reached += fresh.tolist()
    return camps
