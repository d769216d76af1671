"""Figure: access and centrality in the years before a fall, against matched survivors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from innercircle.inference.mechanisms.cooling import cooling_curves
from innercircle.output.drawing import Drawing
from innercircle.output.style import (
    BLUE,
    PAGE_WIDTH,
    RED,
    SMALLEST,
    figure_style,
    letter,
    words,
)
from innercircle.output.tables import MINUS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

_COLUMNS = {
    "minutes_share": ("Access", "share of time with the leader"),
    "attendance__strength__without": (
        "Strength in the attendance network",
        "standard deviations\nfrom the year's mean",
    ),
}
_GROUPS = {"fallen": ("fallen", RED, "s", -0.06), "survivors": ("survivors", BLUE, "o", 0.06)}


def event_study(material: Material) -> Drawing:
    """Draw the figure of a study: its first outcome and population."""
    panel = material.tables["panel"]
    columns = [name for name in _COLUMNS if name in panel and panel[name].notna().any()]
    draws = 10 * int(material.config["null_draws"])
    curves = cooling_curves(
        panel,
        np.random.default_rng(material.config["seed"]),
        draws,
        outcome=material.outcome,
        columns=columns,
        population=material.population,
    )
    facts = {
        "population": words(str(material.population)),
        "draws": draws,
        "n_fallen": int(curves["n_fallen"].max()) if len(curves) else 0,
        "least_fallen": int(curves["n_fallen"].min()) if len(curves) else 0,
        "n_survivors": int(curves["n_survivors"].max()) if len(curves) else 0,
    }
    return Drawing(draw_event_study(curves, columns), facts)


def draw_event_study(curves: pd.DataFrame, columns: list[str]) -> Figure:
    """Draw levels above and their difference below, one column of panels a measure.

    Parameters
    ----------
    curves : DataFrame
        As from :func:`innercircle.inference.mechanisms.cooling.cooling_curves`.
    columns : list of str
        Measures, in the order of the panels.
    """
    shown = max(len(columns), 1)
    with figure_style():
        figure, axes = plt.subplots(
            2,
            shown,
            figsize=(PAGE_WIDTH * min(1, 0.5 * shown), 3.3),
            layout="constrained",
            sharex=True,
            squeeze=False,
            height_ratios=[3, 2],
        )
        for k, column in enumerate(columns):
            title, unit = _COLUMNS.get(column, (words(column), "value"))
            mine = curves[curves["column"] == column]
            levels, gap = axes[0, k], axes[1, k]
            for group, (label, color, marker, dx) in _GROUPS.items():
                _points(levels, mine[mine["group"] == group], label, color, marker, dx)
            gap.axhline(0, color="0.4", lw=0.7)
            gaps = mine[mine["group"] == "gap"]
            _points(gap, gaps, "", "0.15", "D", 0.0)
            for row in gaps.itertuples():
                gap.annotate(f"n={row.n_fallen}", (-row.lag, 0), xycoords=("data", "axes fraction"),
                             xytext=(0, 1.5), textcoords="offset points", ha="center",
                             fontsize=SMALLEST)  # fmt: skip
            letter(levels, "ac"[k % 2], title)
            letter(gap, "bd"[k % 2], "Difference, fallen less survivors")
            levels.set_ylabel(unit)
            gap.set_ylabel("difference")
            low, high = gap.get_ylim()
            gap.set_ylim(low - 0.22 * (high - low), high)
            lags = sorted(mine["lag"].unique(), reverse=True)
            gap.set_xticks([-lag for lag in lags], [_year(lag) for lag in lags])
            gap.set_xlabel("years before the fall")
            gap.set_xlim(-max(lags, default=1) - 0.35, 0.35)
        axes[0, 0].legend(loc="best")
    return figure


def _year(lag: int) -> str:
    return f"{MINUS}{lag}" if lag else "0 (fall)"


def _points(
    panel: Axes, rows: pd.DataFrame, label: str, color: object, marker: str, dx: float
) -> None:
    rows = rows.sort_values("lag", ascending=False)
    errors = np.vstack([rows["value"] - rows["lo"], rows["hi"] - rows["value"]]).clip(0)
    panel.errorbar(
        -rows["lag"] + dx,
        rows["value"],
        yerr=np.nan_to_num(errors),
        color=color,
        marker=marker,
        ms=4,
        lw=1,
        elinewidth=0.9,
        capsize=1.5,
        label=label or None,
    )
