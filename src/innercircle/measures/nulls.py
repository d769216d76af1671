"""Null models that keep every person's number of ties, and tests against them.

References
----------
Maslov, S., and K. Sneppen. 2002. Specificity and stability in topology of protein networks.
Science 296: 910-913.
Phipson, B., and G. K. Smyth. 2010. Permutation p-values should never be zero. Statistical
Applications in Genetics and Molecular Biology 9: 39.
"""

from __future__ import annotations

import contextlib
import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import igraph as ig
import numpy as np

from innercircle.measures.arcs import Arcs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

# Values that differ by less are equal: the same sum in another order is not more extreme.
_EQUAL = 1e-9


@dataclass(frozen=True)
class NullTest:
    """A statistic held against its distribution under a null model.

    Attributes
    ----------
    observed, null_mean, null_sd : float
        The statistic, and its mean and standard deviation over the draws.
    z : float
        (observed - mean) / sd; missing (NaN) where the draws do not vary.
    p_value : float
        (1 + draws at least as large) / (1 + draws), one-sided; missing if the statistic is.
    draws : int
    """

    observed: float
    null_mean: float
    null_sd: float
    z: float
    p_value: float
    draws: int


def upper_tail(observed: float, null: ArrayLike) -> NullTest:
    """Return how far in the upper tail of its null distribution a statistic lies.

    Parameters
    ----------
    observed : float
        May be missing (NaN); then every result but ``draws`` is.
    null : array_like of float, shape (draws,)

    Raises
    ------
    ValueError
        If there are no draws.
    """
    values = np.asarray(null, dtype=float)
    draws = len(values)
    if not draws:
        raise ValueError("a null distribution needs at least one draw")
    if math.isnan(observed):
        return NullTest(math.nan, math.nan, math.nan, math.nan, math.nan, draws)
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if draws > 1 else 0.0
    p_value = (1 + int((values >= observed - _EQUAL).sum())) / (1 + draws)
    z = (observed - mean) / sd if sd > _EQUAL else math.nan
    return NullTest(float(observed), mean, sd, z, p_value, draws)


@contextlib.contextmanager
def igraph_seeded(rng: np.random.Generator) -> Iterator[None]:
    """Let igraph draw from a generator seeded by ``rng``; afterwards it draws as by default.

    igraph has one generator for the whole process and no way to ask for it, so what is restored is
    igraph's default (Python's ``random`` module), whose state is left untouched.
    """
    generator = random.Random(int(rng.integers(2**63)))  # noqa: S311 - no secrets here
    ig.set_random_number_generator(generator)
    try:
        yield
    finally:
        ig.set_random_number_generator(random)


def rewirings(arcs: Arcs, rng: np.random.Generator, draws: int) -> Iterator[Arcs]:
    """Yield random networks in which everyone has as many ties as in the observed one.

    Each draw starts from the observed network and tries ten swaps of ends per tie (Maslov &
    Sneppen 2002); no draw has self-ties or parallel ties. Weights are dealt anew to the rewired
    ties, so that their distribution is kept but not each person's strength. Directions are
    dropped. A network that cannot be rewired (no ties, one tie, all tied, a star) comes back with
    at most its weights moved.

    Parameters
    ----------
    arcs : Arcs
    rng : numpy.random.Generator
    draws : int
    """
    flat = arcs.undirected()
    observed = flat.graph()
    for _ in range(draws):
        graph = observed.copy()
        with igraph_seeded(rng):
            graph.rewire()
        ends = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
        yield Arcs(flat.n, ends[:, 0], ends[:, 1], rng.permutation(flat.weight), directed=False)
