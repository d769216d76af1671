"""p-values corrected for the number of tests in a family.

References
----------
Holm, S. 1979. A simple sequentially rejective multiple test procedure. Scandinavian Journal of
Statistics 6: 65-70.
Benjamini, Y., and Y. Hochberg. 1995. Controlling the false discovery rate. Journal of the Royal
Statistical Society B 57: 289-300.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def adjust(p_values: pd.Series) -> pd.DataFrame:
    """Correct a family of p-values.

    Parameters
    ----------
    p_values : Series of float
        One a test, the family being all that are not missing. A missing p-value is a test that
        could not be done; it does not count and stays missing.

    Returns
    -------
    DataFrame
        With the index of ``p_values``: p_value, holm (controls the chance of any false finding),
        benjamini_hochberg (controls the expected share of false ones among the findings).

    Raises
    ------
    ValueError
        If a p-value lies outside 0 and 1.
    """
    from scipy.stats import false_discovery_control

    found = p_values.to_numpy(float)
    done = ~np.isnan(found)
    if ((found[done] < 0) | (found[done] > 1)).any():
        raise ValueError("p-values must lie between 0 and 1")
    table = pd.DataFrame({"p_value": found, "holm": np.nan, "benjamini_hochberg": np.nan})
    if done.any():
        table.loc[done, "holm"] = _holm(found[done])
        table.loc[done, "benjamini_hochberg"] = false_discovery_control(found[done], method="bh")
    return table.set_axis(p_values.index)


def _holm(p_values: np.ndarray) -> np.ndarray:
    order = p_values.argsort()
    adjusted = np.empty_like(p_values)
    steps = np.arange(len(p_values), 0, -1) * p_values[order]
    adjusted[order] = np.minimum(1, np.maximum.accumulate(steps))
    return adjusted
