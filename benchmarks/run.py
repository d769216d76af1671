"""Runs every benchmark and writes benchmarks/results/benchmarks.csv and .png."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks import backbone, permutation, projection, resampling
from innercircle.output.style import BLUE, GREEN, ORANGE, PAGE_WIDTH, RED, figure_style, save_figure

FOLDER = Path(__file__).parent / "results"


def main() -> None:
    rows = []
    for module in (backbone, resampling, permutation, projection):
        for measured in module.run():
            print(
                {k: round(v, 4) if isinstance(v, float) else v for k, v in measured.items()},
                flush=True,
            )
            rows.append(measured)
    table = pd.DataFrame(rows)
    FOLDER.mkdir(exist_ok=True)
    table.to_csv(FOLDER / "benchmarks.csv", index=False)
    save_figure(draw(table), FOLDER / "benchmarks")


def draw(table: pd.DataFrame):
    import matplotlib.pyplot as plt

    tasks = list(dict.fromkeys(table["task"]))
    colors = dict(zip(dict.fromkeys(table["tool"]), [BLUE, ORANGE, GREEN, RED], strict=False))
    with figure_style():
        figure, axes = plt.subplots(1, len(tasks), figsize=(PAGE_WIDTH, 2.6), layout="constrained")
        for panel, task in zip(axes, tasks, strict=True):
            for tool, rows in table[table["task"] == task].groupby("tool", sort=False):
                panel.loglog(
                    rows["size"], rows["seconds"], "o-", label=tool, color=colors.get(tool, "k")
                )
            panel.set(title=task, xlabel="size (attendances or draws)", ylabel="seconds")
            panel.legend()
    return figure


if __name__ == "__main__":
    main()
