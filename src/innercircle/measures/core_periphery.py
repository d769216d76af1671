"""Core and periphery: how far there is a centre that everyone is tied to, and who is in it.

Borgatti and Everett compare the network with an ideal one by the correlation over all pairs of
different persons (the diagonal is ignored): in the continuous model the tie of two persons is the
product of their coreness, in the discrete model it is 1 if either is in the core and 0 if neither
is. Coreness here is theirs, not the k-core of Seidman (1983).

The correlation itself cannot be maximised over coreness: it ignores a constant added to all
products, and in many networks (Zachary's club) it keeps rising as all coreness values approach one
another. Coreness is therefore fitted by least squares over the same pairs (MINRES: Comrey 1962,
Boyd et al. 2010), and the correlation is reported as the fit.

References
----------
Borgatti, S. P., and M. G. Everett. 2000. Models of core/periphery structures. Social Networks 21:
375-395.
Boyd, J. P., W. J. Fitzgerald, M. C. Mahutga, and D. A. Smith. 2010. Computing continuous
core/periphery structures for social relations data with MINRES/SVD. Social Networks 32: 125-137.
Comrey, A. L. 1962. The minimum residual method of factor analysis. Psychological Reports 11: 15-18.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from innercircle.measures.eigen import leading_vectors
from innercircle.measures.nulls import NullTest, rewirings, upper_tail

if TYPE_CHECKING:
    from innercircle.measures.arcs import Arcs

# Starts of the continuous fit that are followed to an optimum; the rest only compete for this.
_STARTS = 8
# Losses closer than this are equally good, solutions closer than that the same.
_EQUAL_LOSS = 1e-7
_SAME_CORENESS = 1e-3
_EQUAL = 1e-12
# Relative to their size, ties that vary less than this are equal.
_SAME = 1e-9
# Decimals of coreness to which a descent is exact; beyond, those who are alike differ.
_DECIMALS = 6
# Sizes from which the search for a core starts, besides the best one.
_CUTS = 4
# Up to this many persons every core is tried; 2^12 patterns take a millisecond.
_EXACT_LIMIT = 12


@dataclass(frozen=True)
class Coreness:
    """The continuous model.

    Attributes
    ----------
    values : ndarray of float, shape (n,)
        Coreness from 0 to 1; the product of two is their tie as a share of the strongest tie.
    fit : float
        Correlation of ties with products of coreness; missing (NaN) where all ties or all
        products are equal.
    """

    values: np.ndarray
    fit: float


@dataclass(frozen=True)
class Core:
    """The discrete model.

    Attributes
    ----------
    members : ndarray of bool, shape (n,)
        Who is in the core; nobody where ``fit`` is missing.
    fit : float
        Correlation of ties with the ideal pattern; missing (NaN) where all ties are equal.
    exact : bool
        True if every possible core was tried, False if a better one may have been missed.
    """

    members: np.ndarray
    fit: float
    exact: bool


def continuous_core(arcs: Arcs) -> Coreness:
    """Return the coreness of each person and the fit of the continuous model.

    Least squares over pairs of different persons, ties scaled to a largest of 1 and coreness held
    between 0 and 1 (unbounded, the centre of a star would be infinitely central). There are
    several local optima: L-BFGS descends from the best of these starts: each person's own ties,
    strength, and the leading eigenvector; no random number is used. Where several solutions are
    equally good (two pairs: either may be the core) their mean is returned.

    Parameters
    ----------
    arcs : Arcs
        Directions are dropped and the weights of both arcs added.

    Returns
    -------
    Coreness
        Without ties coreness is 0, with all pairs tied equally it is 1. Both have no fit.
    """
    matrix = arcs.undirected().matrix()
    if not len(arcs.weight):
        return Coreness(np.zeros(arcs.n), math.nan)
    scaled = matrix / matrix.max()
    found = [_descend(start, scaled) for start in _starts(scaled)]
    least = min(loss for loss, _ in found)
    equal: list[np.ndarray] = []
    for loss, values in found:
        new = all(np.abs(values - other).max() > _SAME_CORENESS for other in equal)
        if loss < least + _EQUAL_LOSS and new:
            equal.append(values)
    fits = [_correlation(matrix, np.outer(values, values)) for values in equal]
    fit = max((value for value in fits if not math.isnan(value)), default=math.nan)
    return Coreness(np.mean(equal, axis=0).round(_DECIMALS), fit)


def discrete_core(arcs: Arcs) -> Core:
    """Return the core that fits the ideal pattern best.

    Up to 12 persons all cores are tried. Beyond, persons are ordered by coreness and by strength;
    from the best cut of each order, found exactly, and from cuts at other sizes persons enter,
    leave or change places as long as the fit rises.

    Parameters
    ----------
    arcs : Arcs
        Directions are dropped and the weights of both arcs added.

    Returns
    -------
    Core
        Of equally good cores the smallest, then the first in the order of persons. Two persons,
        nobody tied and all tied equally have no core.
    """
    flat = arcs.undirected()
    matrix = flat.matrix()
    centred, norm = _centred(matrix)
    if norm == 0:
        return Core(np.zeros(flat.n, dtype=bool), math.nan, exact=True)
    if flat.n <= _EXACT_LIMIT:
        members, fit = _best_of_all(centred, norm)
        return Core(members, fit, exact=True)
    found = [
        _improved(core, centred, norm)
        for scores in (continuous_core(flat).values, matrix.sum(axis=1))
        for core in _cuts(scores, centred, norm)
    ]
    members, fit = max(found, key=lambda pair: (round(pair[1], 12), -int(pair[0].sum())))
    return Core(members, fit, exact=False)


def core_periphery_test(
    arcs: Arcs,
    rng: np.random.Generator,
    *,
    draws: int = 200,
) -> NullTest:
    """Hold the fit of the discrete model against that in degree-preserving rewirings.

    Unequal degrees alone give a good fit; the test asks for more than that. A star or any other
    network that its degrees determine has ``p_value`` 1.

    Parameters
    ----------
    arcs : Arcs
    rng : numpy.random.Generator
    draws : int
        Rewired networks, as from :func:`innercircle.measures.nulls.rewirings`, fitted by the same
        procedure.
    """
    null = [discrete_core(drawn).fit for drawn in rewirings(arcs, rng, draws)]
    return upper_tail(discrete_core(arcs).fit, null)


def _centred(matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the ties minus their mean, with a zero diagonal, and their norm (0 if all equal)."""
    n = len(matrix)
    pairs = np.where(np.eye(n, dtype=bool), 0.0, matrix)
    mean = pairs.sum() / (n * (n - 1)) if n > 1 else 0.0
    centred = np.where(np.eye(n, dtype=bool), 0.0, matrix - mean)
    norm = float(np.linalg.norm(centred))
    return centred, norm if norm > _SAME * float(np.linalg.norm(pairs)) else 0.0


def _correlation(matrix: np.ndarray, model: np.ndarray) -> float:
    """Return the correlation over pairs of different persons; NaN where either does not vary."""
    (ties, tie_norm), (products, product_norm) = _centred(matrix), _centred(model)
    if tie_norm == 0 or product_norm == 0:
        return math.nan
    return float((ties * products).sum() / (tie_norm * product_norm))


def _starts(scaled: np.ndarray) -> np.ndarray:
    """Return the most promising starts, shape (k, n), the same ones whatever the labels."""
    own = scaled + np.diag(scaled.max(axis=1))
    own = own[own.any(axis=1)]
    losses = np.array([_loss(start, scaled)[0] for start in own])
    cut = np.sort(losses)[:_STARTS][-1]
    strength = scaled.sum(axis=1)
    general = np.vstack([strength / strength.max(), leading_vectors(scaled[None])[0]])
    return np.vstack([general, own[losses <= cut + _EQUAL_LOSS]])


def _loss(values: np.ndarray, scaled: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the squared residuals over pairs, up to a constant, and their gradient."""
    along = scaled @ values
    squares = values**2
    square = squares.sum()
    loss = -2 * float(values @ along) + float(square**2 - (squares**2).sum())
    return loss, 4 * (values * (square - squares) - along)


def _descend(start: np.ndarray, scaled: np.ndarray) -> tuple[float, np.ndarray]:
    from scipy.optimize import minimize

    found = minimize(
        _loss,
        start,
        args=(scaled,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, 1)] * len(start),
        options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-8},
    )
    return float(found.fun), found.x


def _pattern_fit(within: np.ndarray, size: np.ndarray, n: int, norm: float) -> np.ndarray:
    """Return the correlation with the ideal pattern.

    It depends on the size of the periphery and on the sum of the centred ties within it only,
    since the pattern is 0 there and 1 elsewhere. -1 where the pattern is constant.
    """
    pairs, zeros = n * (n - 1), size * (size - 1)
    spread = zeros * (pairs - zeros) / pairs
    bottom = norm * np.sqrt(np.maximum(spread, _EQUAL))
    return np.where(spread > 0, -within / bottom, -1.0)


def _best_of_all(centred: np.ndarray, norm: float) -> tuple[np.ndarray, float]:
    n = len(centred)
    core = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    periphery = 1.0 - core
    within = ((periphery @ centred) * periphery).sum(axis=1)
    fits = np.round(_pattern_fit(within, periphery.sum(axis=1), n, norm), 12)
    best = np.flatnonzero(fits == fits.max())
    first = min(best, key=lambda i: (core[i].sum(), (-core[i]).tolist()))
    return core[first].astype(bool), float(fits[first])


def _cuts(scores: np.ndarray, centred: np.ndarray, norm: float) -> list[np.ndarray]:
    """Return cores of the k highest scores: the best k, and some spread over all sizes."""
    n = len(scores)
    rising = np.argsort(scores, kind="stable")
    # sum of ties within the k lowest, for every k at once
    within = np.diag(centred[np.ix_(rising, rising)].cumsum(axis=0).cumsum(axis=1))
    fits = _pattern_fit(within, np.arange(1, n + 1), n, norm)
    outside = {int(np.argmax(fits)) + 1, *np.linspace(2, n - 1, _CUTS).astype(int).tolist()}
    rank = np.argsort(rising)
    return [rank >= size for size in sorted(outside)]


def _improved(core: np.ndarray, centred: np.ndarray, norm: float) -> tuple[np.ndarray, float]:
    """Climb by the best single move or exchange until none helps."""
    n = len(core)
    out = (~core).astype(float)
    fit = -1.0
    while True:
        towards, size = centred @ out, out.sum()
        within = out @ towards
        sign = 1 - 2 * out  # +1 joins the periphery, -1 leaves it
        moves = _pattern_fit(within + 2 * sign * towards, size + sign, n, norm)
        swaps = within + 2 * (towards[None, :] - towards[:, None] - centred)
        leaves_joins = (out[:, None] > 0) & (out[None, :] == 0)
        swaps = np.where(leaves_joins, _pattern_fit(swaps, np.full(swaps.shape, size), n, norm), -1)
        fit = max(fit, float(_pattern_fit(within, size, n, norm)))
        if max(moves.max(), swaps.max()) <= fit + _EQUAL:
            return out == 0, fit
        chosen = [moves.argmax()] if moves.max() >= swaps.max() else divmod(swaps.argmax(), n)
        out[list(chosen)] = 1 - out[list(chosen)]
