"""The numbers of the full simulation as the page on inference quotes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.inference.simulation import RECOMMENDED, RECOMMENDED_TEST
from innercircle.output.drawing import number

if TYPE_CHECKING:
    from pathlib import Path

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
    lines = [
        f"{int(table['draws'].iloc[0]):,} panels for each effect.",
        "",
        "| population | odds ratio | estimator | coverage | rejects | bias: mean, median "
        "| width | none |",
        "| --- | ---: | --- | --- | --- | --- | ---: | ---: |",
    ]
    for row in table.to_dict("records"):
        name = row["estimator"]
        shown = f"**{name}**" if name in (RECOMMENDED, RECOMMENDED_TEST) else name
        interval = not pd.isna(row["coverage"])
        cells = [
            row["population"].replace("_", " "),
            f"{row['odds_ratio']:g}",
            shown,
            _share(row, "coverage") if interval else "",
            _share(row, "rejected"),
            f"{number(row['bias'])}, {number(row['bias_median'])}" if interval else "",
            number(row["width"]) if interval else "",
            number(row["no_estimate"], 3),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _share(row: dict[str, float], column: str) -> str:
    lo, hi = number(row[f"{column}_lo"], 3), number(row[f"{column}_hi"], 3)
    return f"{number(row[column], 3)} ({lo} to {hi})"


def _smallest(table: pd.DataFrame) -> str:
    lines = [
        "| population | position | found four times in five from odds ratio | limits |",
        "| --- | --- | ---: | --- |",
    ]
    for row in table.to_dict("records"):
        near, far = row["odds_ratio_near"], row["odds_ratio_far"]
        limits = [f"{number(x)}" if x == x else "beyond the grid" for x in (near, far)]  # noqa: PLR0124 - not missing
        found = row["odds_ratio"]
        cells = [
            row["population"].replace("_", " "),
            f"{row['direction']} the odds",
            number(found) if found == found else "none in the grid",  # noqa: PLR0124
            " to ".join(limits),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
