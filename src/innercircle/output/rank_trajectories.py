"""Figure: ranks of the most central persons by year, with their uncertainty."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from innercircle.measures.rank_intervals import rank_intervals
from innercircle.networks.units import unit_networks
from innercircle.output.drawing import Drawing
from innercircle.output.style import (
    BLUE,
    ORANGE,
    PAGE_WIDTH,
    figure_style,
    shade_periods,
    surname,
)

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

_LAYER = "attendance"
_PERSONS = 12
_COLUMNS = 4
_FEWEST = 5  # persons without whom a year's ranks mean little
_LOWEST = 20


def rank_trajectories(material: Material) -> Drawing:
    """Draw the figure of a study: strength in the attendance layer, the leader left out."""
    config = {**material.config, "layers": {_LAYER: material.config["layers"][_LAYER]}}
    ranks = rank_intervals(
        unit_networks(material.study, config),
        material.leader,
        material.config["resamples"],
        material.config["seed"],
    )
    ranks = ranks[ranks["n_persons"] >= _FEWEST]
    top = top_persons(ranks, _PERSONS)
    shown = ranks[ranks["person_id"].isin(top)]
    width = (shown["hi"] - shown["lo"]).median()
    facts = {
        "n_persons": len(top),
        "n_years": int(ranks["year"].nunique()),
        "fewest": _FEWEST,
        "lowest": _LOWEST,
        "least_events": int(ranks["n_units"].min()) if len(ranks) else 0,
        "most_events": int(ranks["n_units"].max()) if len(ranks) else 0,
        "resamples": int(material.config["resamples"]),
        "median_width": f"{width:.0f}",
    }
    figure = draw_ranks(ranks, top, material.falls(), material.periods, material.names())
    return Drawing(figure, facts)


def top_persons(ranks: pd.DataFrame, k: int) -> list[str]:
    """Return the persons with the largest mean share of a year's strength, over all years."""
    total = ranks.groupby("year")["strength"].transform("sum")
    share = (ranks["strength"] / total.where(total > 0)).fillna(0.0)
    mean = share.groupby(ranks["person_id"]).sum().sort_index()
    return list(mean.sort_values(ascending=False, kind="stable").index[:k])


def draw_ranks(
    ranks: pd.DataFrame,
    top: list[str],
    falls: pd.DataFrame,
    periods: list[dict[str, Any]],
    names: dict[str, str],
) -> Figure:
    """Draw one panel a person.

    Parameters
    ----------
    ranks : DataFrame
        As from :func:`innercircle.measures.rank_intervals.rank_intervals`, one layer.
    top : list of str
        Who gets a panel, in this order.
    falls : DataFrame
        person_id, year.
    periods : list of dict
        Shaded.
    names : dict
        Printed name by person_id.
    """
    rows = math.ceil(max(len(top), 1) / _COLUMNS)
    with figure_style():
        figure, axes = plt.subplots(
            rows,
            _COLUMNS,
            figsize=(PAGE_WIDTH, 1.3 * rows + 0.45),
            layout="constrained",
            sharex=True,
            sharey=True,
            squeeze=False,
        )
        for panel in axes.flat[len(top) :]:
            panel.axis("off")
        for panel, person in zip(axes.flat, top, strict=False):
            shade_periods(panel, periods, number=False)
            mine = ranks[ranks["person_id"] == person].sort_values("year")
            _trajectory(panel, mine)
            fell = falls.loc[falls["person_id"] == person, "year"]
            if len(fell):
                panel.axvline(fell.min(), color="black", lw=0.8, ls=(0, (2, 1.5)))
            panel.set_title(surname(person, names), pad=2)
        first = axes[0, 0]
        first.set_ylim(_LOWEST + 0.5, 0)
        first.set_yticks([1, 5, 10, 15, 20])
        first.set_xlim(ranks["year"].min() - 0.7, ranks["year"].max() + 0.7)
        first.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        figure.supylabel("Rank by strength (1 is the strongest)", fontsize=7)
        handles = [
            Line2D([], [], color=BLUE, marker="o", ms=3, label="rank, 95 % interval"),
            Line2D([], [], color=ORANGE, marker="v", ls="", ms=4, label="rank beyond the axis"),
            Line2D([], [], color="black", lw=0.8, ls=(0, (2, 1.5)), label="fall"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncol=3)
    return figure


def _trajectory(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw one person's ranks; a gap is a year in which he is not recorded."""
    every = rows.set_index("year")
    every = every.reindex(range(int(every.index.min()), int(every.index.max()) + 1))
    years = every.index.to_numpy()
    panel.plot(years, every["rank"].clip(upper=_LOWEST), color=BLUE, lw=0.8, zorder=2)
    inside = every["rank"].le(_LOWEST)
    below, above = every["rank"] - every["lo"], every["hi"] - every["rank"]
    errors = np.vstack([below.fillna(0), above.fillna(0)])
    shown = inside.to_numpy()
    panel.errorbar(
        years[shown], every["rank"].to_numpy()[shown], yerr=errors[:, shown],
        fmt="o", ms=2.5, color=BLUE, elinewidth=0.8, zorder=3,
    )  # fmt: skip
    beyond = every["rank"].gt(_LOWEST).to_numpy()
    panel.plot(years[beyond], np.full(beyond.sum(), _LOWEST), ls="", marker="v", ms=4, color=ORANGE)
