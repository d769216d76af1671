"""Concentration of a good, such as time with the leader, among persons.

References
----------
Laakso, M., and R. Taagepera. 1979. Effective number of parties. Comparative Political Studies 12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

CONCENTRATION = {
    "hhi": "Herfindahl-Hirschman index: sum of squared shares",
    "gini": "Gini coefficient over everyone with a row that year, zeros included",
    "effective_number": "1 / HHI: how many equal shares would be as concentrated",
    "top1_share": "share of the largest",
    "top5_share": "share of the five largest together",
}
_TOP = 5


def concentration(amounts: ArrayLike) -> dict[str, float]:
    """Return how concentrated non-negative amounts are.

    Parameters
    ----------
    amounts : array_like, shape (n,)
        One amount a person, in any unit; missing amounts must be removed before.

    Returns
    -------
    dict of str to float
        Keys of :data:`CONCENTRATION`; all missing (NaN) if nobody has anything.
    """
    values = np.asarray(amounts, dtype=float)
    return {name: float(found[0]) for name, found in concentration_of_rows(values[None]).items()}


def concentration_of_rows(amounts: np.ndarray) -> dict[str, np.ndarray]:
    """Return the concentration of each row of amounts, (k, n) to a dict of (k,)."""
    ordered = np.sort(amounts, axis=1)
    total = ordered.sum(axis=1, keepdims=True)
    shares = np.divide(ordered, total, out=np.full(ordered.shape, np.nan), where=total > 0)
    n = shares.shape[1]
    if not n:
        return {name: np.full(len(amounts), np.nan) for name in CONCENTRATION}
    hhi = (shares**2).sum(axis=1)
    return {
        "hhi": hhi,
        "gini": shares @ (2 * np.arange(1, n + 1) - n - 1) / n,
        "effective_number": 1 / hhi,
        "top1_share": shares[:, -1],
        "top5_share": shares[:, -_TOP:].sum(axis=1),
    }
