"""Concentration of a good, such as time with the leader, among persons.

References
----------
Laakso, M., and R. Taagepera. 1979. Effective number of parties. Comparative Political Studies 12.
"""

from __future__ import annotations

import math
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
    values = np.sort(np.asarray(amounts, dtype=float))
    total = values.sum()
    if not total > 0:
        return dict.fromkeys(CONCENTRATION, math.nan)
    shares = values / total
    n = len(shares)
    hhi = float((shares**2).sum())
    gini = float((2 * np.arange(1, n + 1) - n - 1) @ shares / n)
    return {
        "hhi": hhi,
        "gini": gini,
        "effective_number": 1 / hhi,
        "top1_share": float(shares[-1]),
        "top5_share": float(shares[-_TOP:].sum()),
    }
