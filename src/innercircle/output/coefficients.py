"""Figure: coefficients of position across measures, estimators and models."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from innercircle.data.labels import model_title
from innercircle.output.drawing import Drawing
from innercircle.output.style import PAGE_WIDTH, SERIES, figure_style, words

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

_MOST = 12  # models that fit on a page
_COLUMNS = 3
_LIMIT = 10.0  # ratios beyond which an interval is cut, with an arrow
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)


def coefficients(material: Material) -> Drawing:
    """Draw the figure of a study: its models in the order of the configuration."""
    table = material.tables["models"]
    if "explains" in table:  # competing ends have coefficients of their own
        table = table[table["explains"] == "outcome"]
    estimated = table[table["estimate"].notna()]
    known = [m for m in material.config["models"] if (estimated["model"] == m["name"]).any()]
    titles = {
        spec["name"]: f"{model_title(material.config, spec['name'])}\n{_position(spec)}"
        for spec in known[:_MOST]
    }
    shown = estimated[estimated["model"].isin(titles)]
    clear = shown[(shown["lo"] > 0) | (shown["hi"] < 0)]
    facts = {
        "n_models": len(titles),
        "n_all_models": len(known),
        "n_coefficients": len(shown),
        "n_clear": len(clear),
        "n_missing": int(table["model"].isin(titles).sum()) - len(shown),
        "least_n": int(shown["n"].min()) if len(shown) else 0,
        "most_n": int(shown["n"].max()) if len(shown) else 0,
        "least_events": int(shown["events"].min()) if len(shown) else 0,
        "most_events": int(shown["events"].max()) if len(shown) else 0,
        "limit": f"{_LIMIT:g}",
    }
    return Drawing(draw_coefficients(shown, titles), facts)


def _position(spec: dict[str, Any]) -> str:
    n = len(spec.get("controls", []))
    return f"{spec['layer']}, {n or 'no'} control{'' if n == 1 else 's'}"


def draw_coefficients(table: pd.DataFrame, titles: dict[str, str]) -> Figure:
    """Draw one panel a model, one row a measure, one mark an estimator.

    Parameters
    ----------
    table : DataFrame
        model, measure, estimator, estimate, lo, hi (log odds or log hazards), n, events.
    titles : dict
        Title by model, in the order of the panels.
    """
    measures = list(dict.fromkeys(table["measure"]))
    estimators = list(dict.fromkeys(table["estimator"]))
    rows = math.ceil(max(len(titles), 1) / _COLUMNS)
    side_by_side = int(table.groupby("model")["estimator"].nunique().max()) if len(table) else 1
    height = 0.66 + 0.078 * len(measures) * max(side_by_side, 2)
    with figure_style():
        figure, axes = plt.subplots(
            rows,
            min(_COLUMNS, max(len(titles), 1)),
            figsize=(PAGE_WIDTH, height * rows + 0.45),
            layout="constrained",
            sharey=True,
            squeeze=False,
        )
        for panel in axes.flat[len(titles) :]:
            panel.axis("off")
        for panel, (model, title) in zip(axes.flat, titles.items(), strict=False):
            mine = table[table["model"] == model]
            _forest(panel, mine, measures, estimators)
            size = f"N = {_range(mine['n'])}, {_range(mine['events'])} falls"
            panel.set_title(f"{title}\n{size}", fontsize=7)
        axes[0, 0].set_yticks(range(len(measures)), [words(name) for name in measures])
        axes[0, 0].set_ylim(len(measures) - 0.5, -0.5)
        used = zip(estimators, SERIES, strict=False)
        handles = [
            Line2D([], [], color=color, marker=marker, ms=3.5, lw=0.9, label=words(name))
            for name, (color, marker) in used
        ]
        figure.legend(
            handles=handles,
            title=_unit(estimators),
            title_fontsize=7,
            loc="outside lower center",
            ncol=len(handles),
        )
    return figure


def _range(counts: pd.Series[int]) -> str:
    low, high = counts.min(), counts.max()
    return f"{high}" if low == high else f"{low} to {high}"


def _unit(estimators: list[str]) -> str:
    """Return the label of the axis: what the exponential of each estimator's coefficient is."""
    odds = [name for name in estimators if name in {"logit", "firth"}]
    kind = "Odds ratio"
    if not odds:
        kind = "Hazard ratio"
    elif len(odds) < len(estimators):
        others = [words(name) for name in estimators if name not in odds]
        kind = f"Odds ratio (hazard ratio: {', '.join(others)})"
    return f"{kind} of one standard deviation, log scale"


def _forest(panel: Axes, rows: pd.DataFrame, measures: list[str], estimators: list[str]) -> None:
    panel.axvline(1, color="0.4", lw=0.7, zorder=1)
    for k in range(0, len(measures), 2):
        panel.axhspan(k - 0.5, k + 0.5, color="0.95", lw=0, zorder=0)
    used = [name for name in estimators if name in set(rows["estimator"])]
    step = 0.76 / max(len(used), 1)
    for estimator, (color, marker) in zip(estimators, SERIES, strict=False):
        if estimator not in used:
            continue
        j = used.index(estimator)
        mine = rows[rows["estimator"] == estimator]
        y = mine["measure"].map({name: i for i, name in enumerate(measures)}).to_numpy(float)
        y += (j - (len(used) - 1) / 2) * step
        ratio, lo, hi = (np.exp(mine[c].clip(-20, 20)) for c in ("estimate", "lo", "hi"))
        panel.hlines(
            y, lo.clip(1 / _LIMIT, _LIMIT), hi.clip(1 / _LIMIT, _LIMIT), color=color, lw=0.9
        )
        inside = ratio.between(1 / _LIMIT, _LIMIT).to_numpy()
        panel.plot(ratio[inside], y[inside], ls="", marker=marker, ms=3, color=color)
        for cut, edge, arrow in ((lo < 1 / _LIMIT, 1 / _LIMIT, "<"), (hi > _LIMIT, _LIMIT, ">")):
            where = cut.to_numpy()
            if not where.any():  # an empty unclipped line would count in the layout
                continue
            panel.plot(np.full(where.sum(), edge), y[where], ls="", marker=arrow, ms=3.5,
                       color=color, clip_on=False)  # fmt: skip
    panel.set_xscale("log")
    panel.set_xlim(1 / _LIMIT, _LIMIT)
    panel.xaxis.set_major_locator(FixedLocator(_TICKS))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    panel.tick_params(axis="y", length=0)
