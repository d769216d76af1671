"""Wide tables for readers, from the long tables of the measures."""

from __future__ import annotations

import pandas as pd

_TOP = 5
# Share of resamples in which the person is among the first one, three, five.
_CHANCES = ["p_top1", "p_top3", "p_top5"]


def top_persons(
    centrality: pd.DataFrame,
    names: dict[str, str],
    layer: str = "attendance",
    measure: str = "strength",
) -> pd.DataFrame:
    """Return the most central persons of each year; ties at the last place are all listed.

    ``names`` gives the name to print by person_id. Where a year's network was measured with and
    without the leader, it is the one without.
    """
    rows = centrality[(centrality["layer"] == layer) & (centrality["measure"] == measure)]
    fewest = rows.groupby("year")["leader_included"].transform("min")
    rows = rows[rows["leader_included"] == fewest]
    rank = rows.groupby("year")["value"].rank(method="min", ascending=False).astype(int)
    top = rows.assign(rank=rank)[rank <= _TOP]
    top = top.assign(person=top["person_id"].map(names))
    columns = ["year", "rank", "person", "person_id", "value", "lo", "hi", *_CHANCES]
    return top[columns].sort_values(["year", "rank", "person_id"], ignore_index=True)


def participation_by_year(multiplex: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return one row a person and year, with and without the leader, the most tied first."""
    if not len(multiplex):  # a study of one layer
        return pd.DataFrame(columns=["year", "leader_included", "person", "person_id"])
    key = ["year", "leader_included", "person_id"]
    wide = multiplex.pivot(index=key, columns="measure", values=["value", "lo", "hi", "rank"])
    columns = {
        "layers_tied": ("value", "layers_tied"),
        "overlapping_degree": ("value", "overlapping_degree"),
        "rank": ("rank", "overlapping_degree"),
        "participation": ("value", "participation"),
        "lo": ("lo", "participation"),
        "hi": ("hi", "participation"),
        "participation_weighted": ("value", "participation_weighted"),
    }
    table = pd.DataFrame({name: wide[place] for name, place in columns.items()})
    counts = ["layers_tied", "overlapping_degree", "rank"]
    table[counts] = table[counts].astype("int64")
    table = table.sort_values(["year", "leader_included", "rank", "person_id"]).reset_index()
    table.insert(2, "person", table["person_id"].map(names))
    return table
