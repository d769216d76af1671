"""Structural balance: whether the friends of friends are friends and enemies stand apart.

References
----------
Cartwright, D., and F. Harary. 1956. Structural balance: a generalization of Heider's theory.
Psychological Review 63: 277-293.
Szell, M., R. Lambiotte, and S. Thurner. 2010. Multirelational organization of large-scale social
networks in an online world. PNAS 107: 13636-13641 (the sign-shuffling null).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from innercircle.measures.nulls import NullTest, upper_tail

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

TRIADS = ("+++", "++-", "+--", "---")


@dataclass(frozen=True)
class SignedTies:
    """An undirected signed network without self-ties or parallel ties.

    Attributes
    ----------
    n : int
        Number of persons, tied or not.
    source, target : ndarray of int, shape (n_ties,)
        Ends of each tie, source < target, in lexicographic order.
    sign : ndarray of int, shape (n_ties,)
        1 or -1.
    """

    n: int
    source: np.ndarray
    target: np.ndarray
    sign: np.ndarray


def signed_ties(n: int, source: ArrayLike, target: ArrayLike, sign: ArrayLike) -> SignedTies:
    """Return directed or parallel signed ties as one tie for each pair.

    The signs of all ties of a pair, in either direction, are added: the pair is positive or
    negative as the sum is, and untied where they cancel. Ties to oneself are left out.

    Parameters
    ----------
    n : int
        Number of persons.
    source, target : array_like of int, shape (n_rows,)
    sign : array_like, shape (n_rows,)
        1 or -1 each.

    Raises
    ------
    ValueError
        If the columns differ in length, a person is not among the n or a sign is not 1 or -1.
    """
    ends = [np.asarray(column, dtype=np.int64).ravel() for column in (source, target)]
    signs = np.asarray(sign, dtype=float).ravel()
    if not len(ends[0]) == len(ends[1]) == len(signs):
        raise ValueError("source, target and sign differ in length")
    if any(((end < 0) | (end >= n)).any() for end in ends):
        raise ValueError(f"a tie has an end that is not among the {n} persons")
    if not (np.abs(signs) == 1).all():
        raise ValueError("signs must be 1 or -1")
    low, high = np.minimum(*ends), np.maximum(*ends)
    pairs, inverse = np.unique(low * n + high, return_inverse=True)
    total = np.sign(np.bincount(inverse, weights=signs, minlength=len(pairs))).astype(np.int64)
    low, high = np.divmod(pairs, max(n, 1))
    keep = (total != 0) & (low != high)
    return SignedTies(n, low[keep], high[keep], total[keep])


def triad_census(ties: SignedTies) -> dict[str, float]:
    """Count the closed triads of a signed network by their signs.

    Returns
    -------
    dict of str to float
        ``+++`` and ``+--`` (balanced), ``++-`` and ``---`` (unbalanced), ``triads`` (their sum)
        and ``balanced``, the balanced share; missing (NaN) without triads.
    """
    members = _triads(ties)
    negative = (ties.sign[members] < 0).sum(axis=1)
    counts = np.bincount(negative, minlength=len(TRIADS)).astype(float)
    return {
        **dict(zip(TRIADS, counts.tolist(), strict=True)),
        "triads": float(len(members)),
        "balanced": _balanced(ties.sign[None], members)[0],
    }


def balance_test(ties: SignedTies, rng: np.random.Generator, *, draws: int = 1000) -> NullTest:
    """Hold the balanced share of triads against shuffled signs.

    Who is tied to whom and how many ties are negative is kept; which ones are negative is drawn at
    random (Szell, Lambiotte & Thurner 2010).

    Parameters
    ----------
    ties : SignedTies
    rng : numpy.random.Generator
    draws : int

    Returns
    -------
    NullTest
        Missing (NaN) without triads; ``z`` missing and ``p_value`` 1 where all signs are equal.
    """
    members = _triads(ties)
    shuffled = rng.permuted(np.tile(ties.sign, (draws, 1)), axis=1)
    observed = float(_balanced(ties.sign[None], members)[0])
    return upper_tail(observed, _balanced(shuffled, members))


def _triads(ties: SignedTies) -> np.ndarray:
    """Return the three ties of each closed triad, shape (n_triads, 3)."""
    import igraph as ig

    edges = np.column_stack([ties.source, ties.target]).tolist()
    found = ig.Graph(n=ties.n, edges=edges).list_triangles()
    persons = np.sort(np.array(found, dtype=np.int64).reshape(-1, 3), axis=1)
    pairs = ties.source * ties.n + ties.target
    a, b, c = persons.T
    wanted = [a * ties.n + b, a * ties.n + c, b * ties.n + c]
    return np.column_stack([np.searchsorted(pairs, pair) for pair in wanted])


def _balanced(signs: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Return the balanced share for each row of signs, (k, n_ties) to (k,)."""
    if not len(members):
        return np.full(len(signs), math.nan)
    a, b, c = members.T
    return np.asarray((signs[:, a] * signs[:, b] * signs[:, c] > 0).mean(axis=1))
