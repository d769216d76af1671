"""The numbers of the full simulation as the page on inference quotes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from innercircle.inference.simulation import RECOMMENDED, RECOMMENDED_TEST
from innercircle.output.tables import number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_RECOMMENDED = (RECOMMENDED, RECOMMENDED_TEST)
BEGIN, END = "<!-- numbers: begin -->", "<!-- numbers: end -->"
# What the page quotes, by name of the table: the stored copies of the full run.
STORED = {
    "simulation": "simulation_full.csv",
    "smallest_effects": "smallest_effects_full.csv",
}


def update_page(page: Path, results: Path) -> None:
    """Store the tables of a full run beside the page, and write its numbers anew.

    Parameters
    ----------
    page : Path
        A text with the two marks between which the numbers stand.
    results : Path
        Folder of the full run.

    Raises
    ------
    FileNotFoundError
        If there has been no full run.
    """
    for table, name in STORED.items():
        (page.parent / name).write_bytes((results / f"{table}.csv").read_bytes())
    text = page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    numbers = quoted_numbers(page.parent)
    page.write_text(f"{before}{BEGIN}\n{numbers}{END}{after}", encoding="utf-8")


def quoted_numbers(folder: Path) -> str:
    """Return the tables of the page, made from the stored copies in a folder."""
    tables = {table: pd.read_csv(folder / name) for table, name in STORED.items()}
    return _effects(tables["simulation"]) + "\n" + _smallest(tables["smallest_effects"])


def _effects(table: pd.DataFrame) -> str:
    intervals = list(dict.fromkeys(table.loc[table["coverage"].notna(), "estimator"]))
    every = list(dict.fromkeys(table["estimator"]))
    return (
        f"{int(table['draws'].iloc[0]):,} panels for each effect. Coverage of 95 % intervals:\n\n"
        + _pivot(table, intervals, lambda row: _share(row, "coverage"))
        + "\nShare of p up to 0.05: the size of the test at odds ratio 1, else its power.\n\n"
        + _pivot(table, every, lambda row: _share(row, "rejected"))
        + "\nBias of log odds, mean and median; mean width of intervals; share of none:\n\n"
        + _pivot(table, intervals, _errors)
    )


def _pivot(
    table: pd.DataFrame, estimators: list[str], cell: Callable[[dict[str, Any]], str]
) -> str:
    titles = [f"**{name}**" if name in _RECOMMENDED else name for name in estimators]
    lines = [_line(["population", "odds ratio", *titles])]
    lines.append(_line(["---", *["---:"] * (1 + len(estimators))]))
    for (population, ratio), rows in table.groupby(["population", "odds_ratio"], sort=False):
        found = {row["estimator"]: cell(row) for row in rows.to_dict("records")}
        cells = [found[name] for name in estimators]
        lines.append(_line([population.replace("_", " "), f"{ratio:g}", *cells]))
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _share(row: dict[str, Any], column: str) -> str:
    """Return a share, with limits for what is recommended."""
    text = number(row[column], 3)
    if row["estimator"] not in _RECOMMENDED:
        return text
    lo, hi = number(row[f"{column}_lo"], 3), number(row[f"{column}_hi"], 3)
    return f"{text} ({lo} to {hi})"


def _errors(row: dict[str, Any]) -> str:
    bias = f"{number(row['bias'])}, {number(row['bias_median'])}"
    return f"{bias}; {number(row['width'])}; {number(row['no_estimate'], 3)}"


def _smallest(table: pd.DataFrame) -> str:
    lines = [
        _line(["population", "position", "power 0.8 from odds ratio", "limits"]),
        _line(["---", "---", "---:", "---:"]),
    ]
    for row in table.to_dict("records"):
        who, what = row["population"].replace("_", " "), f"{row['direction']} the odds"
        if pd.isna(row["odds_ratio"]):
            lines.append(_line([who, what, "not within the grid", ""]))
            continue
        ends = [row["odds_ratio_near"], row["odds_ratio_far"]]
        limits = " to ".join("beyond the grid" if pd.isna(x) else number(x) for x in ends)
        lines.append(_line([who, what, number(row["odds_ratio"]), limits]))
    return "\n".join(lines) + "\n"
