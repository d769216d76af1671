"""Backbones: which pairs share more or fewer events than their attendances alone would give.

Two null models keep how often each person attended and how large each event was. The stochastic
degree sequence model (SDSM) keeps them in expectation and has p-values without sampling; the fixed
degree sequence model (FDSM) keeps them exactly and is sampled.

The SDSM is fast but not calibrated for few persons. It lets attendances vary that are known, so
that its counts vary too much: by (1 + d) / (1 - d) in variance if all attend a share d of events.
That makes its p-values too large. And it expects too much: over all pairs together, half the sum of
p (1 - p) over the matrix, while the FDSM's expectations add up to what was observed. Where events
far outnumber persons the second fault wins, and pairs seem to avoid each other.

References
----------
Neal, Z. P. 2014. The backbone of bipartite projections: inferring relationships from
co-authorship, co-sponsorship, co-attendance and other co-behaviors. Social Networks 39: 84-97.
Neal, Z. P., R. Domagalski, and B. Sagan. 2021. Comparing alternatives to the fixed degree sequence
model for extracting the backbone of bipartite projections. Scientific Reports 11: 23929.
Zweig, K. A., and M. Kaufmann. 2011. A systematic approach to the one-mode projection of bipartite
graphs. Social Network Analysis and Mining 1: 187-218.
Phipson, B., and G. K. Smyth. 2010. Permutation p-values should never be zero. Statistical
Applications in Genetics and Molecular Biology 9: 39.
Benjamini, Y., and Y. Hochberg. 1995. Controlling the false discovery rate. Journal of the Royal
Statistical Society B 57: 289-300.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.errors import did_you_mean
from innercircle.networks.configuration_model import configuration_probabilities
from innercircle.networks.curveball import draw_matrices
from innercircle.networks.poisson_binomial import pair_tails

if TYPE_CHECKING:
    from innercircle.networks.bipartite import TwoMode

METHODS = {
    "sdsm": "sums of rows and columns kept in expectation (Neal 2014)",
    "fdsm": "sums of rows and columns kept exactly (Zweig & Kaufmann 2011)",
}
_CELLS_AT_ONCE = 1 << 24  # of the draws' projections


def backbone(
    two_mode: TwoMode,
    method: str = "sdsm",
    level: float = 0.05,
    rng: np.random.Generator | None = None,
    draws: int = 1000,
    corrected: bool = True,
) -> pd.DataFrame:
    """Test each pair's shared events against a null model of who attends what.

    Parameters
    ----------
    two_mode : TwoMode
        Persons by events of one year.
    method : {'sdsm', 'fdsm'}
        The null model, one of :data:`METHODS`.
    level : float
        Pairs at or below it have a sign.
    rng : Generator, optional
        Source of the draws; needed for 'fdsm', unused for 'sdsm'.
    draws : int
        Number of matrices drawn for 'fdsm'. The smallest possible p is 2 / (1 + draws), so that
        after correction a lone pair of n can only have a sign if draws >= 2 n / level - 1.
    corrected : bool
        Whether the sign goes by q, or else by p, as in most published backbones.

    Returns
    -------
    DataFrame
        One row for each pair, those that never met included, in the order of `two_mode.persons`:

        - person_a, person_b;
        - observed: number of events shared, expected: its mean under the null model (for 'fdsm'
          the mean of the draws);
        - p_more, p_fewer: probability of sharing as many or more, as many or fewer; for 'fdsm'
          (1 + count) / (1 + draws);
        - p: two-sided, twice the smaller one, at most 1;
        - q: p corrected for the number of pairs (Benjamini & Hochberg 1995);
        - sign: 1 more than expected, -1 fewer, 0 neither at the level.

        Without a pair the table is empty. A pair whose count the sums leave no choice in has p = 1:
        all if there are no events, or if everyone attended everything. So has a pair with somebody
        who attended everything, since their count is the other one's attendance: fixed in 'fdsm',
        in 'sdsm' its own mean and median. An event of everybody adds one to observed and expected
        of all and changes no p of 'sdsm'.

    Raises
    ------
    ValueError
        If the method is unknown, the level not between 0 and 1, `draws` below 1, the matrix not of
        zeros and ones, or a generator missing for 'fdsm'.
    """
    if method not in METHODS:
        raise ValueError(f"No null model {method!r}{did_you_mean(method, METHODS)}.")
    if not 0 < level < 1:
        raise ValueError(f"The level must lie between 0 and 1, not {level}.")
    attended = two_mode.incidence.toarray()
    if not np.isin(attended, (0, 1)).all():
        raise ValueError("The person-by-event matrix may hold zeros and ones only.")
    attended = attended.astype(bool)
    i, j = np.triu_indices(len(attended), k=1)
    shared = _projection(attended)[i, j]
    if method == "sdsm":
        expected, more, fewer = _stochastic(attended, i, j, shared)
    else:
        if rng is None:
            raise ValueError("The fixed degree sequence model draws at random: pass rng.")
        if draws < 1:
            raise ValueError(f"At least one draw is needed, not {draws}.")
        expected, more, fewer = _fixed(attended, i, j, shared, draws, rng)
    p = np.minimum(2 * np.minimum(more, fewer), 1)
    q = _benjamini_hochberg(p)
    direction = np.where(more < fewer, 1, -1)
    persons = np.asarray(two_mode.persons, dtype=object)
    return pd.DataFrame(
        {
            "person_a": persons[i],
            "person_b": persons[j],
            "observed": shared,
            "expected": expected,
            "p_more": more,
            "p_fewer": fewer,
            "p": p,
            "q": q,
            "sign": np.where((q if corrected else p) <= level, direction, 0),
        }
    )


def _projection(attended: np.ndarray) -> np.ndarray:
    # Counts are exact in single precision up to 2**24, and only floats have a fast product.
    matrix = attended.astype(np.float32)
    return (matrix @ np.swapaxes(matrix, -1, -2)).astype(np.int64)


def _stochastic(
    attended: np.ndarray, i: np.ndarray, j: np.ndarray, shared: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return expected counts and both tails under the bipartite configuration model."""
    row_sums = attended.sum(axis=1)
    probabilities = configuration_probabilities(row_sums, attended.sum(axis=0))
    _, example, person_class = np.unique(row_sums, return_index=True, return_inverse=True)
    more, fewer = pair_tails(probabilities[example], person_class, i, j, shared)
    return (probabilities @ probabilities.T)[i, j], more, fewer


def _fixed(
    attended: np.ndarray,
    i: np.ndarray,
    j: np.ndarray,
    shared: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean counts and both tails over matrices with the same margins."""
    total, as_many, as_few = (np.zeros(len(i), dtype=np.int64) for _ in range(3))
    at_once = max(1, _CELLS_AT_ONCE // max(1, len(attended) * max(attended.shape)))
    for batch in draw_matrices(attended, draws, rng):
        for start in range(0, batch.shape[2], at_once):
            drawn = _projection(np.moveaxis(batch[:, :, start : start + at_once], 2, 0))[:, i, j]
            total += drawn.sum(axis=0)
            as_many += (drawn >= shared).sum(axis=0)
            as_few += (drawn <= shared).sum(axis=0)
    return total / draws, (1 + as_many) / (1 + draws), (1 + as_few) / (1 + draws)


def _benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(p, method="bh")) if len(p) else p
