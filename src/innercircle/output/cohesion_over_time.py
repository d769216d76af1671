"""Figure: concentration of access and cohesion of attendance by year, over the periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from innercircle.output.drawing import Drawing, listed
from innercircle.output.style import (
    BLUE,
    PAGE_WIDTH,
    RED,
    figure_style,
    letter,
    shade_periods,
)

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material
    from innercircle.output.style import Colour

_ACCESS = (
    ("hhi", "Herfindahl index of access", "sum of squared shares"),
    ("effective_number", "Effective number of visitors", "persons (1 / HHI)"),
    ("top1_share", "Share of the top visitor", "share of access"),
)
_ATTENDANCE = (
    ("density", "Density", "share of pairs tied"),
    ("degree_centralization", "Degree centralization", "0 (equal) to 1 (star)"),
    ("transitivity", "Transitivity", "share of two-paths closed"),
)
_ROWS = {"access": _ACCESS, "attendance": _ATTENDANCE}


def cohesion_over_time(material: Material) -> Drawing:
    """Draw the figure of a study: rows for those of the two layers that it has."""
    cohesion = material.tables["cohesion"]
    layers = [layer for layer in _ROWS if (cohesion["layer"] == layer).any()]
    rows = cohesion[cohesion["layer"].isin(layers)]
    persons = rows.loc[(rows["measure"] == "n_persons") & rows["leader_included"], "value"]
    facts = {
        "access_years": int(rows.loc[rows["layer"] == "access", "year"].nunique()),
        "least_persons": int(persons.min()) if len(persons) else 0,
        "most_persons": int(persons.max()) if len(persons) else 0,
        "resamples": int(material.config["resamples"]),
        "partial": listed(map(str, material.partial_years())),
    }
    figure = draw_cohesion(rows, layers, material.periods, material.partial_years())
    return Drawing(figure, facts)


def draw_cohesion(
    cohesion: pd.DataFrame,
    layers: list[str],
    periods: list[dict[str, Any]],
    partial_years: list[int],
) -> Figure:
    """Draw measures of the whole by year.

    Parameters
    ----------
    cohesion : DataFrame
        Contract columns.
    layers : list of str
        Rows of the figure, of ``access`` and ``attendance``.
    periods : list of dict
        name, first, last; shaded and numbered.
    partial_years : list of int
        Years of which contacts are known in part; hollow in the access row.
    """
    with figure_style():
        figure, axes = plt.subplots(
            len(layers),
            3,
            figsize=(PAGE_WIDTH, 1.85 * len(layers) + 0.15),
            layout="constrained",
            squeeze=False,
            sharex=True,
        )
        letters = iter("abcdef")
        for layer, panels in zip(layers, axes, strict=True):
            rows = cohesion[cohesion["layer"] == layer]
            for panel, (measure, title, unit) in zip(panels, _ROWS[layer], strict=True):
                shade_periods(panel, periods)
                hollow = partial_years if layer == "access" else []
                for series, label, color, marker in _series(rows, layer, measure):
                    _line(panel, series, label, color, marker, hollow)
                letter(panel, next(letters), title)
                panel.set_ylabel(unit)
                panel.set_ylim(0, None if measure == "effective_number" else _top(rows, measure))
                panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
                panel.tick_params(labelbottom=True)
        if not cohesion["leader_included"].all() or "access" in layers:
            figure.legend(handles=_legend(layers), loc="outside lower center", ncol=2)
        axes[0, 0].set_xlim(cohesion["year"].min() - 0.7, cohesion["year"].max() + 0.7)
    return figure


def _series(
    rows: pd.DataFrame, layer: str, measure: str
) -> list[tuple[pd.DataFrame, str, Colour, str]]:
    if layer == "access":
        goods = (("minutes", "time", BLUE, "o"), ("visits", "visits", RED, "s"))
        return [
            (rows[rows["measure"] == f"{good}_{measure}"], label, color, marker)
            for good, label, color, marker in goods
        ]
    chosen = rows[rows["measure"] == measure]
    sides = ((True, "with the leader", BLUE, "o"), (False, "without", RED, "s"))
    return [
        (chosen[chosen["leader_included"] == side], label, color, marker)
        for side, label, color, marker in sides
    ]


def _legend(layers: list[str]) -> list[Line2D]:
    """One entry a look: what it stands for in each row."""
    meaning = {
        "access": ("time", "visits"),
        "attendance": ("with the leader", "without the leader"),
    }
    rows = dict(zip(layers, ("a-c", "d-f"), strict=False))
    return [
        Line2D([], [], color=color, marker=marker, ms=3, lw=0.9,
               label="; ".join(f"{rows[layer]}: {meaning[layer][k]}" for layer in layers))
        for k, (color, marker) in enumerate(((BLUE, "o"), (RED, "s")))
    ]  # fmt: skip


def _top(rows: pd.DataFrame, measure: str) -> float:
    """Return the upper end of the axis: 1 for indices that come near it, else by the data."""
    highest = rows.loc[rows["measure"].str.endswith(measure), ["value", "hi"]].max().max()
    return 1.03 if highest > 0.6 else 1.3 * float(highest)  # noqa: PLR2004 - by eye


def _line(
    panel: Axes, rows: pd.DataFrame, label: str, color: Colour, marker: str, hollow: list[int]
) -> None:
    rows = rows.sort_values("year").dropna(subset="value")
    known = rows["hi"].gt(rows["lo"])
    panel.plot(rows["year"], rows["value"], color=color, lw=0.9, marker=marker, ms=3, label=label)
    spread = rows[known]
    below, above = spread["value"] - spread["lo"], spread["hi"] - spread["value"]
    errors = [below.clip(lower=0), above.clip(lower=0)]
    dx = -0.1 if marker == "o" else 0.1
    panel.errorbar(
        spread["year"] + dx, spread["value"], yerr=errors, fmt="none", ecolor=color, elinewidth=0.7
    )
    empty = rows[~known | rows["year"].isin(hollow)]
    panel.plot(empty["year"], empty["value"], ls="", marker=marker, ms=3, mfc="white", mec=color)
