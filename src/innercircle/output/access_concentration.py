"""Figure: how concentrated access to the leader was, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from innercircle.output.drawing import Drawing, listed
from innercircle.output.style import BLUE, ORANGE, PAGE_WIDTH, figure_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

_PANELS = (
    ("effective_number", "(a) Effective number of visitors", "persons (1 / HHI)"),
    ("top1_share", "(b) The top visitor", "share of access"),
    ("top5_share", "(c) The top five", "share of access"),
)
_GOODS = {"minutes": ("time", BLUE, "o"), "visits": ("visits", ORANGE, "s")}


def access_concentration(material: Material) -> Drawing:
    """Draw the figure of a study."""
    cohesion, partial = material.tables["cohesion"], material.partial_years()
    years = cohesion.loc[cohesion["layer"] == "access", "year"]
    facts = {
        "n_years": int(years.nunique()),
        "partial": listed(map(str, partial)),
        "resamples": int(material.config["resamples"]),
    }
    return Drawing(draw_concentration(cohesion, partial), facts)


def draw_concentration(cohesion: pd.DataFrame, partial_years: list[int]) -> Figure:
    """Draw the concentration of visits and of time.

    Parameters
    ----------
    cohesion : DataFrame
        The cohesion table; its access layer is drawn, with intervals where ``lo`` and ``hi`` are
        given.
    partial_years : list of int
        Years that the source covers in part; drawn hollow.
    """
    access = cohesion[cohesion["layer"] == "access"]
    with figure_style():
        figure, axes = plt.subplots(1, 3, figsize=(PAGE_WIDTH, 2.2), layout="constrained")
        for panel, (measure, title, unit) in zip(axes, _PANELS, strict=True):
            for good, (label, color, marker) in _GOODS.items():
                rows = access[access["measure"] == f"{good}_{measure}"].sort_values("year")
                _draw_series(panel, rows, label, color, marker, partial_years)
            panel.set_title(title)
            panel.set_ylabel(unit)
            panel.set_ylim(bottom=0)
            panel.set_xticks(sorted(access["year"].unique())[::2])
        axes[2].set_ylim(0, 1)
        axes[0].legend(loc="lower left")
    return figure


def _draw_series(
    panel: Axes,
    rows: pd.DataFrame,
    label: str,
    color: tuple[float, float, float],
    marker: str,
    partial_years: list[int],
) -> None:
    panel.plot(rows["year"], rows["value"], color=color, label=label, marker=marker)
    partial = rows[rows["year"].isin(partial_years)]
    panel.plot(partial["year"], partial["value"], ls="", marker=marker, mfc="white", mec=color)
    if rows["lo"].notna().any():
        panel.fill_between(rows["year"], rows["lo"], rows["hi"], color=color, alpha=0.2, lw=0)
