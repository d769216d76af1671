"""What the coding holds and what no yearly analysis can use, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study

_DATED = {"memberships": ("start", "end"), "ties": ("start", "end"), "fates": ("date",)}


def data_quality(study: Study, config: Config) -> pd.DataFrame:
    """Return one row a table: its rows, their certainty and status, and rows without a date.

    Returns
    -------
    DataFrame
        Columns table, rows, inferred, by status (asserted, reported, disputed, rejected),
        used (rows whose status the configuration accepts), undated (rows that cannot be placed in
        a year; missing for tables without dates).
    """
    rows = []
    for name, table in study.tables.items():
        row: dict[str, object] = {"table": name, "rows": len(table)}
        if "status" in table:
            row["inferred"] = int((table["certainty"] == "inferred").sum())
            for status in ("asserted", "reported", "disputed", "rejected"):
                row[status] = int((table["status"] == status).sum())
            row["used"] = int(table["status"].isin(config["status"]).sum())
        if name in _DATED:
            empty = (table[list(_DATED[name])] == "").all(axis=1)
            row["undated"] = int(empty.sum())
        rows.append(row)
    counts = pd.DataFrame(rows)
    numbers = counts.columns.drop("table")
    return counts.astype(dict.fromkeys(numbers, "Int64"))
