"""Figure: power by planted effect, and coverage of the estimators' intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter, NullLocator

from innercircle.inference.simulation import LEVEL, RECOMMENDED, WANTED_POWER
from innercircle.output.drawing import Drawing, listed
from innercircle.output.style import PAGE_WIDTH, SERIES, figure_style, words
from innercircle.output.tables import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

BAND = (0.93, 0.985)
_FLOOR = 0.80  # coverage below is drawn here
_NAMES = {
    "logit": "logit, clustered",
    "logit_unclustered": "logit, not clustered",
    "cloglog": "cloglog, clustered",
    "firth": "Firth",
    "firth_years": "Firth, year intercepts",
}


def simulation(material: Material) -> Drawing:
    """Draw the figure of a study."""
    effects, power = material.tables["simulation"], material.tables["power"]
    smallest = material.tables["smallest_effects"]
    choices = material.config["simulation"]
    simulated = [m for m in material.config["models"] if m["name"] in choices["models"]]
    right = effects.loc[effects["estimator"] == RECOMMENDED, "coverage"]
    facts = {
        "draws": f"{int(effects['draws'].max()):,}",
        "layer": listed(dict.fromkeys(model["layer"] for model in simulated)),
        "measure": words(choices["measure"]),
        "recommended": "Firth's logit with an intercept for each year",
        "smallest": listed([_smallest(row) for row in smallest.to_dict("records")]),
        "least_coverage": number(float(right.min()), 3),
        "most_coverage": number(float(right.max()), 3),
        "cut": int((effects["coverage"] < _FLOOR).sum()),
        "floor": number(_FLOOR),
        "band": f"{BAND[0]:g} to {BAND[1]:g}",
        "dashed": f"{LEVEL:g} and {WANTED_POWER:g}",
    }
    return Drawing(draw_simulation(effects, power), facts)


def _smallest(row: dict[str, object]) -> str:
    who = f"in the {words(str(row['population']))}"
    raises = row["direction"] == "raises"
    ratio = float(str(row["odds_ratio"]))
    if np.isnan(ratio):
        return f"{who} no odds ratio of the grid {'above' if raises else 'below'} 1"
    return f"{who} odds ratios from {number(ratio)} {'up' if raises else 'down'}"


def draw_simulation(effects: pd.DataFrame, power: pd.DataFrame) -> Figure:
    """Draw a column a population: power above, coverage below.

    Parameters
    ----------
    effects, power : DataFrame
        As from :func:`innercircle.inference.simulation.simulate_effects` and ``power_curve``, with
        a column population.
    """
    populations = list(dict.fromkeys(effects["population"]))
    with figure_style():
        figure, axes = plt.subplots(
            2,
            len(populations),
            figsize=(PAGE_WIDTH, 4.6),
            layout="constrained",
            sharey="row",
            squeeze=False,
        )
        for (above, below), population in zip(axes.T, populations, strict=True):
            _power(above, power[power["population"] == population])
            _coverage(below, effects[effects["population"] == population])
            above.set_title(words(population))
        axes[0, 0].set_ylabel("Power")
        axes[1, 0].set_ylabel("Coverage")
        for panel in axes[1]:
            panel.set_xlabel("Planted odds ratio of one standard deviation, log scale")
        handles, labels = axes[1, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncol=min(len(labels), 3))
    return figure


def _power(panel: Axes, rows: pd.DataFrame) -> None:
    ordered = rows.sort_values("odds_ratio")
    (color, marker), x = SERIES[0], ordered["odds_ratio"].to_numpy(float)
    panel.fill_between(x, ordered["power_lo"], ordered["power_hi"], color=color, alpha=0.2, lw=0)
    panel.plot(x, ordered["power"], color=color, marker=marker, ms=3)
    for level in (LEVEL, WANTED_POWER):
        panel.axhline(level, color="0.4", lw=0.7, ls=(0, (4, 2)))
    panel.set_ylim(0, 1.02)
    _ratios(panel, x[:: max(1, len(x) // 6)])


def _coverage(panel: Axes, rows: pd.DataFrame) -> None:
    panel.axhspan(*BAND, color="0.9", lw=0, zorder=0)
    ratios = np.sort(rows["odds_ratio"].unique())
    estimators = [name for name in dict.fromkeys(rows["estimator"]) if name in _NAMES]
    shift = 0.075 * np.ptp(np.log(ratios)) / max(len(ratios) - 1, 1) if len(ratios) > 1 else 0.05
    for k, (name, (color, marker)) in enumerate(zip(estimators, SERIES, strict=False)):
        mine = rows[rows["estimator"] == name].sort_values("odds_ratio")
        x = mine["odds_ratio"] * np.exp(2 * shift * (k - (len(estimators) - 1) / 2))
        lo, hi = mine["coverage_lo"].clip(lower=_FLOOR), mine["coverage_hi"].clip(lower=_FLOOR)
        panel.vlines(x, lo, hi, color=color, lw=0.9)
        shown = mine["coverage"].clip(lower=_FLOOR)
        panel.plot(x, shown, ls="", marker=marker, ms=3.5, color=color, label=_NAMES[name])
    panel.set_ylim(_FLOOR - 0.005, 1)
    _ratios(panel, ratios)


def _ratios(panel: Axes, ticks: np.ndarray) -> None:
    panel.set_xscale("log")
    panel.set_xticks(ticks)
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.3g}"))
