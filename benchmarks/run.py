"""Runs every benchmark and writes benchmarks/results/benchmarks.csv and .png.

`python -m benchmarks.run --quick` tries them out on small sizes, once each, and writes to
benchmarks/results/quick instead.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from benchmarks import backbone, permutation, projection, resampling
from benchmarks.timing import QUICK, SETTINGS
from innercircle.output.style import BLUE, GREEN, ORANGE, PAGE_WIDTH, RED, figure_style, save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Each has run(), which yields rows as benchmarks.projection.row makes them.
MODULES = (backbone, resampling, permutation, projection)
FOLDER = Path(__file__).parent / "results"
_PANELS_A_ROW = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, once each")
    quick = parser.parse_args().quick
    if quick:
        SETTINGS.repeats, SETTINGS.shrink = QUICK.repeats, QUICK.shrink
    rows = []
    for module in MODULES:
        for measured in module.run():
            print(
                {k: round(v, 4) if isinstance(v, float) else v for k, v in measured.items()},
                flush=True,
            )
            rows.append(measured)
    table = with_growth(pd.DataFrame(rows)).assign(
        repeats=SETTINGS.repeats,
        cores=os.cpu_count(),
        threads=os.environ.get("OMP_NUM_THREADS", "not set"),
    )
    folder = FOLDER / "quick" if quick else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "benchmarks.csv", index=False, lineterminator="\n")
    save_figure(draw(table), folder / "benchmarks")


def with_growth(table: pd.DataFrame) -> pd.DataFrame:
    """Add size and time of each row as multiples of those at the tool's smallest size."""
    smallest = table.loc[table.groupby(["task", "tool"])["size"].idxmin()]
    first = table[["task", "tool"]].merge(smallest, on=["task", "tool"], validate="many_to_one")
    return table.assign(
        times_the_size=table["size"] / first["size"],
        times_the_seconds=table["seconds"] / first["seconds"],
    )


def draw(table: pd.DataFrame) -> Figure:
    import matplotlib.pyplot as plt

    tasks = list(dict.fromkeys(table["task"]))
    rows = -(-len(tasks) // _PANELS_A_ROW)
    with figure_style():
        figure, axes = plt.subplots(
            rows, _PANELS_A_ROW, figsize=(PAGE_WIDTH, 2.5 * rows), layout="constrained"
        )
        for panel in axes.flat[len(tasks) :]:
            panel.remove()
        for panel, task in zip(axes.flat, tasks, strict=False):
            of_task = table[table["task"] == task]
            colors = [BLUE, ORANGE, GREEN, RED, "0.4"]
            for k, (tool, measured) in enumerate(of_task.groupby("tool", sort=False)):
                ordered = measured.sort_values("size")
                panel.loglog(
                    ordered["size"],
                    ordered["seconds"],
                    "o-",
                    label=tool,
                    color=colors[k % len(colors)],
                )
            panel.set(title=task, xlabel=of_task["unit"].iloc[0], ylabel="seconds")
            panel.legend(loc="lower right")
        median = f"Median of {table['repeats'].iloc[0]}, {table['cores'].iloc[0]} cores, 1 thread"
        figure.supxlabel(median, fontsize="small")
    return figure


if __name__ == "__main__":
    main()
