"""Access layer: who was received by the leader, how often and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innercircle.data.dates import parse_date

if TYPE_CHECKING:
    import pandas as pd


def access_by_year(contacts: pd.DataFrame, leader: str) -> pd.DataFrame:
    """Return visits and minutes with the leader, with shares recomputed from the counts.

    Only rows whose period lies within one calendar year can be placed in it. Where two rows give
    the same person and year, they are two accounts of the same visits, and the one that covers the
    longer period is used.

    Parameters
    ----------
    contacts : DataFrame
        The raw table, filtered by status.
    leader : str
        Person who is visited.

    Returns
    -------
    DataFrame
        Columns year, person_id, visits, minutes, visits_share, minutes_share (fractions of the
        year's total over persons; missing where the year has none). A printed zero is 0; a dash is
        missing, and left out.
    """
    rows = contacts.loc[(contacts["other_id"] == leader) & contacts["visits"].notna()]
    bounds = [parse_date(period) for period in rows["period"]]
    rows = rows.assign(
        first=[b.earliest for b in bounds],
        last=[b.latest for b in bounds],
    ).dropna(subset=["first", "last"])
    rows = rows.assign(
        year=[day.year for day in rows["first"]],
        days=[(b - a).days for a, b in zip(rows["first"], rows["last"], strict=True)],
    )
    rows = rows.loc[[b.year == y for b, y in zip(rows["last"], rows["year"], strict=True)]]
    rows = rows.sort_values(["year", "person_id", "days"]).drop_duplicates(
        ["year", "person_id"], keep="last"
    )
    access = rows[["year", "person_id", "visits", "minutes"]].astype(
        {"visits": float, "minutes": float}
    )
    totals = access.groupby("year")[["visits", "minutes"]].transform("sum")
    totals = totals.where(totals > 0)
    return access.assign(
        visits_share=access["visits"] / totals["visits"],
        minutes_share=access["minutes"] / totals["minutes"],
    ).reset_index(drop=True)
