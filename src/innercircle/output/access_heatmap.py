"""Figure: hours with the leader, person by year, with entry, exit and fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

from innercircle.data.labels import labels
from innercircle.output.drawing import Drawing
from innercircle.output.style import BLUE, GREEN, PAGE_WIDTH, RED, figure_style, surname
from innercircle.panel.marks import career_marks

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

# Markers drawn over the cells: marker, dx within the cell.
_MARKS = {"entry": (">", -0.36), "exit": ("<", 0.36), "fall": ("X", -0.25)}


def access_heatmap(material: Material) -> Drawing:
    """Draw the figure of a study."""
    access = material.tables["access"]
    marks = career_marks(material.study, material.config, material.outcome or None)
    facts = {"n_persons": int(access["person_id"].nunique()), "n_cells": len(access)}
    figure = draw_access_heatmap(access, marks, material.names(), labels(material.config))
    return Drawing(figure, facts)


def draw_access_heatmap(
    access: pd.DataFrame, marks: pd.DataFrame, names: dict[str, str], legend: dict[str, str]
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
    legend : dict
        What the legend says of each kind of mark.
    """
    hours = access.pivot(index="person_id", columns="year", values="minutes") / 60
    order = hours.sum(axis=1).sort_values(ascending=False).index
    hours = hours.loc[order]
    with figure_style():
        figure, axes = plt.subplots(
            figsize=(PAGE_WIDTH, 0.215 * len(hours) + 0.7), layout="constrained"
        )
        sns.heatmap(
            np.sqrt(hours),
            ax=axes,
            cmap=sns.light_palette(BLUE, as_cmap=True),
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
            axes.scatter(
                [columns[y] + 0.5 + dx for y in rows["year"]],
                [positions[p] + 0.5 for p in rows["person_id"]],
                marker=marker,
                s=16 if kind != "fall" else 20,
                color={"entry": GREEN, "exit": RED, "fall": "black"}[kind],
                edgecolor="white",
                linewidth=0.4,
                label=legend[kind],
                zorder=3,
                clip_on=False,
            )
        axes.set(xlabel="", ylabel="")
        axes.set_yticklabels([surname(p, names) for p in hours.index], rotation=0)
        axes.set_xticklabels([f"{y}" for y in hours.columns], rotation=0)
        axes.tick_params(length=0)
        if len(marks):
            figure.legend(loc="outside lower center", ncol=3, handletextpad=0.2)
    return figure
