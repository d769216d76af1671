"""Figure: hours with the leader, person by year, with entry, exit and fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

from innercircle.output.style import PAGE_WIDTH, figure_style, surname

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# Markers drawn over the cells: marker, dx within the cell.
_MARKS = {"entry": (">", -0.36), "exit": ("<", 0.36), "fall": ("X", 0.0)}


def draw_access_heatmap(
    access: pd.DataFrame, marks: pd.DataFrame, names: dict[str, str], labels: dict[str, str]
) -> Figure:
    """Draw hours with the leader.

    Parameters
    ----------
    access : DataFrame
        Columns year, person_id, minutes; a missing row is a person who could not visit (a dash in
        the source) and stays blank, a zero is printed.
    marks : DataFrame
        Columns person_id, year, kind: ``entry``, ``exit`` or ``fall``.
    names : dict
        Printed name by person_id.
    labels : dict
        What the legend says of each kind of mark.
    """
    hours = access.pivot(index="person_id", columns="year", values="minutes") / 60
    order = hours.sum(axis=1).sort_values(ascending=False).index
    hours = hours.loc[order]
    with figure_style():
        figure, axes = plt.subplots(figsize=(PAGE_WIDTH, 0.235 * len(hours) + 1.1))
        sns.heatmap(
            np.sqrt(hours),
            ax=axes,
            cmap=sns.light_palette("#0a4d8c", as_cmap=True),
            annot=hours.round().astype("Int64").astype(object).where(hours.notna(), ""),
            fmt="",
            annot_kws={"size": 6.5},
            linewidths=0.5,
            cbar=False,
        )
        positions = {person: i for i, person in enumerate(hours.index)}
        columns = {year: j for j, year in enumerate(hours.columns)}
        for kind, (marker, dx) in _MARKS.items():
            rows = marks[
                (marks["kind"] == kind)
                & marks["person_id"].isin(positions)
                & marks["year"].isin(columns)
            ]
            dy = 0.3 if kind == "fall" else 0.0
            axes.scatter(
                [columns[y] + 0.5 + dx for y in rows["year"]],
                [positions[p] + 0.5 + dy for p in rows["person_id"]],
                marker=marker,
                s=16 if kind != "fall" else 20,
                color={"entry": "#1b7f4b", "exit": "#b35900", "fall": "black"}[kind],
                edgecolor="white",
                linewidth=0.4,
                label=labels[kind],
                zorder=3,
                clip_on=False,
            )
        axes.set(xlabel="", ylabel="")
        axes.set_yticklabels([surname(p, names) for p in hours.index], rotation=0)
        axes.set_xticklabels([f"{y}" for y in hours.columns], rotation=0)
        axes.tick_params(length=0)
        if len(marks):
            axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.04), ncol=3, handletextpad=0.2)
    return figure
