"""The source's own arithmetic: every printed percentage and total, held against the counts.

Nothing is corrected; a disagreement is reported. Percentages are recomputed exactly from integers
and rounded half-up to two decimals, as a printer would; minutes are integers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.dates import year_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECK_COLUMNS = ["year", "person", "column", "printed", "recomputed", "agrees"]
_TOTAL = "total"


def round_half_up(value: Fraction, decimals: int = 2) -> float:
    """Return a non-negative fraction rounded half-up."""
    scaled = value * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return float(Fraction(whole, 10**decimals))


def check_printed(contacts: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Recompute every printed percentage and total of the contact tables.

    Parameters
    ----------
    contacts, totals : DataFrame
        The raw tables ``contacts`` and ``contact_totals``; only periods that have a total are
        checked.

    Returns
    -------
    DataFrame
        Columns :data:`CHECK_COLUMNS`, one row per printed cell. ``column`` is visits, visits_pct,
        minutes or minutes_pct; ``person`` is ``total`` for the totals, whose percentages are
        recomputed as the sum of the unrounded shares.
    """
    rows: list[tuple[int, str, str, float, float, bool]] = []
    for total in totals.itertuples(index=False):
        table = contacts[contacts["period"] == total.period]
        rows += _check_table(year_of(total.period) or 0, table, total)
    return pd.DataFrame(rows, columns=CHECK_COLUMNS)


def _check_table(
    year: int, table: pd.DataFrame, total: object
) -> Iterator[tuple[int, str, str, float, float, bool]]:
    for count in ("visits", "minutes"):
        present = table[table[count].notna()]
        summed = int(present[count].sum())
        for person, amount, printed in zip(
            present["person_id"], present[count], present[f"{count}_pct"], strict=True
        ):
            if not pd.isna(printed):
                recomputed = round_half_up(Fraction(100 * int(amount), summed or 1))
                agrees = recomputed == float(printed)
                yield year, person, f"{count}_pct", float(printed), recomputed, agrees
        stated = int(getattr(total, count))
        yield year, _TOTAL, count, float(stated), float(summed), stated == summed
        stated_pct = getattr(total, f"{count}_pct")
        if not pd.isna(stated_pct):
            whole = 100.0 if summed else 0.0
            yield year, _TOTAL, f"{count}_pct", float(stated_pct), whole, float(stated_pct) == whole
