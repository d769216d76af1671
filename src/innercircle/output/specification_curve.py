"""Figure: the specification curve, its choices below, and the joint test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D

from innercircle.output.drawing import Drawing, p_text
from innercircle.output.style import BLUE, GREY, PAGE_WIDTH, RED, SMALLEST, figure_style, words
from innercircle.output.tables import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

_KEYS = {
    "population": "population",
    "outcome": "outcome",
    "status": "rows used",
    "layer": "layer",
    "leader_included": "leader",
    "controls": "controls",
    "estimator": "estimator",
    "strata": "intercepts",
    "measure": "measure",
}
_LEVEL = 0.05


def specification_curve(material: Material) -> Drawing:
    """Draw the figure of a study."""
    curve = material.tables["specification_curve"]
    fitted = curve[curve["estimate"].notna()].sort_values("rank", ignore_index=True)
    joint = material.tables["specification_curve_test"].set_index("statistic")
    tests = {
        f"p_{name}": p_text(float(joint.loc[name, "p_value"]))
        for name in ("median", "share_significant", "stouffer")
    }
    facts = {
        "n_specifications": len(fitted),
        "n_unfitted": len(curve) - len(fitted),
        "median": number(float(fitted["estimate"].median())),
        "expected_median": number(float(joint.loc["median", "expected"])),
        "share": f"{100 * float((fitted['p_value'] <= _LEVEL).mean()):.0f}",
        "share_tested": f"{100 * float(joint.loc['share_significant', 'observed']):.0f}",
        "expected_share": f"{100 * float(joint.loc['share_significant', 'expected']):.0f}",
        "share_positive": f"{100 * float((fitted['estimate'] > 0).mean()):.0f}",
        "least_n": int(fitted["n"].min()),
        "most_n": int(fitted["n"].max()),
        "least_events": int(fitted["events"].min()),
        "most_events": int(fitted["events"].max()),
        "draws": int(material.config["specification_curve"]["draws"]),
        **tests,
    }
    summary = (
        f"median {facts['median']} ({tests['p_median']}; {facts['expected_median']} by chance)\n"
        f"{facts['share_tested']} % significant in the direction of most "
        f"({tests['p_share_significant']}; {facts['expected_share']} % by chance)\n"
        f"Stouffer's combined z: {tests['p_stouffer']}"
    )
    return Drawing(draw_curve(fitted, summary), facts)


def draw_curve(curve: pd.DataFrame, summary: str) -> Figure:
    """Draw sorted estimates above, and below which choices each rests on.

    Parameters
    ----------
    curve : DataFrame
        Sorted by estimate: estimate, lo, hi, p_value and the choices.
    summary : str
        Printed in the upper panel: what the joint test says.
    """
    choices = _choices(curve)
    height = 0.105 * len(choices) + 0.03 * len({key for key, *_ in choices})
    with figure_style():
        figure, (above, below) = plt.subplots(
            2,
            1,
            figsize=(PAGE_WIDTH, 2.95 + height),
            layout="constrained",
            sharex=True,
            height_ratios=[2.0, height],
        )
        _estimates(above, curve)
        above.text(
            0.012,
            0.97,
            summary,
            transform=above.transAxes,
            va="top",
            fontsize=6.5,
            linespacing=1.4,
            bbox={"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 1},
        )
        above.set_title("(a) Estimates with 95 % intervals")
        below.set_title("(b) Choices that each rests on", pad=2)
        _marks(below, choices, len(curve))
        below.set_xlabel("Specifications, from the lowest estimate to the highest")
        below.set_xlim(-0.01 * len(curve), 1.01 * len(curve))
    return figure


def _choices(curve: pd.DataFrame) -> list[tuple[str, str, np.ndarray]]:
    """Return key, label and places of each value of a choice that varies."""
    found = []
    for key in _KEYS:
        if key not in curve:
            continue
        values = curve[key].astype(object).where(curve[key].notna(), "")
        if len(set(values)) > 1:
            found += [
                (key, _label(key, value), np.flatnonzero(values == value))
                for value in dict.fromkeys(sorted(values, key=str))
            ]
    return found


def _label(key: str, value: object) -> str:
    if key == "leader_included":
        return "with leader" if str(value) == "True" else "without leader"
    if key == "controls":
        return words(str(value)) if value else "none"
    if key == "strata":
        return f"by {words(str(value))}" if value else "one"
    return words(str(value))


def _estimates(panel: Axes, curve: pd.DataFrame) -> None:
    x = np.arange(len(curve))
    significant = (curve["p_value"] <= _LEVEL).to_numpy()
    lo, hi, estimate = (curve[name].to_numpy(float) for name in ("lo", "hi", "estimate"))
    for chosen, color in ((~significant, "0.8"), (significant, "#f3b48a")):
        panel.vlines(
            x[chosen], lo[chosen], hi[chosen], color=color, lw=min(0.5, 300 / len(curve)), zorder=1
        )
    panel.axhline(0, color="0.3", lw=0.7)
    panel.axhline(float(np.median(estimate)), color=BLUE, lw=0.8, ls=(0, (4, 2)))
    panel.plot(x[~significant], estimate[~significant], ls="", marker=".", ms=2, color="0.35")
    panel.plot(x[significant], estimate[significant], ls="", marker="D", ms=1.8, color=RED)
    spread = np.nanquantile(np.concatenate([lo, hi]), [0.002, 0.998])
    panel.set_ylim(*(spread + np.array([-0.15, 0.45]) * np.ptp(spread)))
    panel.set_ylabel("Log odds or log hazard ratio\nof one standard deviation")
    panel.tick_params(labelbottom=False)
    handles = [
        Line2D([], [], marker="D", ms=3, color=RED, lw=0.8, label="p ≤ 0.05"),
        Line2D([], [], marker="o", ms=2, color=GREY, lw=0.8, label="p > 0.05"),
        Line2D([], [], color=BLUE, lw=0.8, ls=(0, (4, 2)), label="median"),
    ]
    panel.legend(handles=handles, loc="lower right", ncol=3)


def _marks(panel: Axes, choices: list[tuple[str, str, np.ndarray]], n: int) -> None:
    thin = min(0.4, 350 / max(n, 1))  # so that neighbours stay apart
    y, ticks, previous = 0.0, [], ""
    for key, label, places in choices:
        if key != previous:
            y += 0.45
            panel.text(-0.135, y - 0.02, words(_KEYS[key]), transform=panel.get_yaxis_transform(),
                       ha="right", va="center", fontsize=SMALLEST, color="0.35")  # fmt: skip
        panel.vlines(places, y - 0.36, y + 0.36, color="0.15", lw=thin)
        ticks.append((y, label))
        y, previous = y + 1, key
    panel.set_yticks([t for t, _ in ticks], [label for _, label in ticks], fontsize=SMALLEST)
    panel.set_ylim(y - 0.3, -0.3)
    panel.tick_params(axis="y", length=0)
    panel.spines["left"].set_visible(False)
