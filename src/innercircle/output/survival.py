"""Figure: survival in the inner circle by position, descriptive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from innercircle.inference.rows import measure_column
from innercircle.inference.survival_curves import GROUPS, grouped_person_years, survival_curves
from innercircle.output.drawing import Drawing, between
from innercircle.output.style import (
    BLUE,
    COLUMN_WIDTH,
    RED,
    SMALLEST,
    figure_style,
    words,
)
from innercircle.output.tables import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

_MEASURE = "strength"
_LOOK = {"above": (BLUE, "-", "o"), "below": (RED, (0, (4, 1.5)), "s")}


def survival(material: Material) -> Drawing:
    """Draw the figure of a study: outcome, population and layer of its first model."""
    spec = material.config["models"][0]
    measure = _MEASURE if _MEASURE in spec["measures"] else spec["measures"][0]
    rows = grouped_person_years(
        material.tables["panel"],
        outcome=spec["outcome"],
        population=spec["population"],
        column=measure_column(spec, measure),
    )
    curves = survival_curves(rows)
    by_group = rows.groupby("group")
    size, events = by_group.size(), by_group["event"].sum()
    ends = {group: _end(curves, group) for group in GROUPS}
    facts = {
        "measure": words(measure),
        "layer": spec["layer"],
        "leader_in": "with" if spec.get("leader_included", True) else "without",
        "population": words(spec["population"]),
        "n_persons": int(rows["person_id"].nunique()),
        "n_years": len(rows),
        "n_events": int(rows["event"].sum()),
        **{f"n_{group}": int(size.get(group, 0)) for group in GROUPS},
        **{f"events_{group}": int(events.get(group, 0)) for group in GROUPS},
        **{f"end_{group}": text for group, text in ends.items()},
    }
    return Drawing(draw_survival(curves, f"{words(measure)} in the year"), facts)


def _end(curves: pd.DataFrame, group: str) -> str:
    """Say how many survive to the end of a curve, with limits."""
    mine = curves[curves["group"] == group]
    if mine.empty:
        return "undefined"
    last = mine.iloc[-1]
    text = f"{number(float(last['survival']))} after {int(last['time'])} years"
    if last["lo"] == last["lo"]:
        text += f" (95 % interval {between(float(last['lo']), float(last['hi']))})"
    return text


def draw_survival(curves: pd.DataFrame, measure: str) -> Figure:
    """Draw a curve for each group, with limits and numbers at risk.

    Parameters
    ----------
    curves : DataFrame
        As from :func:`innercircle.inference.survival_curves.survival_curves`.
    measure : str
        What the groups are above or below the median of.
    """
    with figure_style():
        figure, (panel, table) = plt.subplots(
            2,
            1,
            figsize=(COLUMN_WIDTH, 3.1),
            layout="constrained",
            height_ratios=[5, 1],
            sharex=True,
        )
        for group, (color, line, marker) in _LOOK.items():
            rows = curves[curves["group"] == group]
            side = "above the median" if group == "above" else "at or below the median"
            _curve(panel, rows, side, (color, line, marker))
        panel.set_ylim(0, 1.03)
        panel.set_ylabel("share who have not fallen")
        panel.legend(title=f"{measure}:", loc="lower left", alignment="left", title_fontsize=6.5)
        panel.tick_params(labelbottom=True)
        last = int(curves["time"].max()) if len(curves) else 1
        step = max(1, round(last / 7))
        panel.set_xticks(range(0, last + 1, step))
        panel.set_xlim(-0.3, last + 0.3)
        panel.set_xlabel("years since first at risk")
        _numbers(table, curves, range(0, last, step))
    return figure


def _curve(panel: Axes, rows: pd.DataFrame, label: str, look: tuple[object, object, str]) -> None:
    color, line, marker = look
    time, value = rows["time"].to_numpy(float), rows["survival"].to_numpy(float)
    panel.step(time, value, where="post", color=color, ls=line, label=label)
    lo = rows["lo"].where(rows["lo"].notna(), rows["survival"])
    hi = rows["hi"].where(rows["hi"].notna(), rows["survival"])
    panel.fill_between(time, lo, hi, step="post", color=color, alpha=0.13, lw=0)
    for limit in (lo, hi):
        panel.step(time, limit, where="post", color=color, ls=line, lw=0.5)
    fell = rows["events"].to_numpy() > 0
    panel.plot(time[fell], value[fell], ls="", marker=marker, ms=3, color=color)


def _numbers(panel: Axes, curves: pd.DataFrame, times: range) -> None:
    """Print persons at risk in the year that begins at each time."""
    panel.set_ylim(-0.5, len(GROUPS) - 0.5)
    panel.invert_yaxis()
    for spine in panel.spines.values():
        spine.set_visible(False)
    panel.set_title("At risk in the year that follows", fontsize=6.5, pad=1)
    for y, group in enumerate(GROUPS):
        risk = curves[curves["group"] == group].set_index("time")["at_risk"]
        for time in times:
            n = int(risk.get(time + 1, 0))
            panel.text(time, y, str(n), ha="center", va="center", fontsize=SMALLEST)
    panel.set_yticks(range(len(GROUPS)), GROUPS, fontsize=SMALLEST)
    panel.tick_params(length=0, labelbottom=False)
