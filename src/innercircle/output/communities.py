"""Figure: communities from year to year, and whether they persist more than chance gives."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from scipy.optimize import linear_sum_assignment

from innercircle.measures.change import community_stability
from innercircle.measures.resampling import stream
from innercircle.output.drawing import Drawing
from innercircle.output.style import (
    BLUE,
    BROWN,
    GREEN,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    PURPLE,
    RED,
    SERIES,
    SKY,
    SMALLEST,
    figure_style,
    letter,
    shade_periods,
)
from innercircle.output.tables import number

if TYPE_CHECKING:
    from typing import Any

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material
    from innercircle.output.style import Colour

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED, BROWN, GREY)
_ALONE = "0.85"
_WIDTH = 0.16  # of a strip, in years, to each side
_LEVEL = 0.95
_FEWEST = 3  # shared persons without whom agreement means nothing
Strips = list[tuple[int, str, list[str]]]


def communities(material: Material) -> Drawing:
    """Draw the figure of a study: strips of its first layer, agreement for every layer."""
    table = material.tables["communities"]
    layers = [layer for layer in material.config["layers"] if (table["layer"] == layer).any()]
    draws = 5 * int(material.config["null_draws"])
    agreement = agreement_by_chance(table, draws, material.config["seed"])
    strips = named_strips(table[table["layer"] == layers[0]])
    beyond = agreement[agreement["value"] > agreement["hi"]]
    facts = {
        "layer": layers[0],
        "layers": " and ".join(layers),
        "n_persons": int(table.loc[table["layer"] == layers[0], "person_id"].nunique()),
        "n_years": int(table.loc[table["layer"] == layers[0], "year"].nunique()),
        "draws": draws,
        "fewest": _FEWEST,
        "n_pairs": len(agreement),
        "n_beyond": len(beyond),
        "mean": number(float(agreement["value"].mean())) if len(agreement) else "undefined",
    }
    figure = draw_communities(strips, agreement, layers, material.periods)
    return Drawing(figure, facts)


def agreement_by_chance(table: pd.DataFrame, draws: int, seed: int) -> pd.DataFrame:
    """Return the agreement of consecutive years' communities, and what chance gives.

    Parameters
    ----------
    table : DataFrame
        layer, year, person_id, community.
    draws : int
        Arrangements of the later year's communities among the persons of both years.
    seed : int

    Returns
    -------
    DataFrame
        layer, year (the later one), value (adjusted mutual information), lo, hi (between which 95 %
        of the arrangements lie), n (persons in both years); pairs of years with fewer than three
        persons in both, or without a defined value, are left out.
    """
    rows = []
    for layer, of_layer in table.groupby("layer", sort=False):
        years = {
            int(y): part.set_index("person_id")["community"] for y, part in of_layer.groupby("year")
        }
        for first, second in pairwise(sorted(years)):
            shared = sorted(set(years[first].index) & set(years[second].index))
            if second != first + 1 or len(shared) < _FEWEST:
                continue
            old, new = years[first][shared].to_numpy(), years[second][shared].to_numpy()
            value = community_stability(old, new, shared, shared)
            rng = stream(seed, f"{layer}:agreement", second)
            drawn = [
                community_stability(old, rng.permutation(new), shared, shared) for _ in range(draws)
            ]
            if np.isfinite(value):
                lo, hi = np.quantile(
                    drawn, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], method="inverted_cdf"
                )
                rows.append((layer, second, value, lo, hi, len(shared)))
    return pd.DataFrame(rows, columns=["layer", "year", "value", "lo", "hi", "n"])


def named_strips(table: pd.DataFrame) -> Strips:
    """Return each year's communities of two or more under a letter that follows its members.

    A community takes the letter of that of the year before (of those recorded) with which it has
    most persons in common, one to one (Hungarian method), and otherwise a letter of its own.

    Returns
    -------
    list of (year, letter, persons)
        Sorted by year and letter; all who are in no community of two have the letter "".
    """
    strips: Strips = []
    previous: dict[str, set[str]] = {}
    fresh = iter(_letters(1000))
    for year, rows in table.groupby("year", sort=True):
        groups = [sorted(part["person_id"]) for _, part in rows.groupby("community", sort=True)]
        alone = sorted(p for group in groups if len(group) == 1 for p in group)
        groups = sorted((g for g in groups if len(g) > 1), key=lambda g: (-len(g), g))
        letters = _matched(groups, previous)
        named = {found or next(fresh): set(g) for found, g in zip(letters, groups, strict=True)}
        strips += [(int(str(year)), name, sorted(named[name])) for name in sorted(named)]
        if alone:
            strips.append((int(str(year)), "", alone))
        previous = named
    return strips


def _letters(n: int) -> list[str]:
    return [chr(65 + k % 26) + (str(k // 26 + 1) if k >= 26 else "") for k in range(n)]  # noqa: PLR2004


def _matched(groups: list[list[str]], previous: dict[str, set[str]]) -> list[str]:
    names = sorted(previous)
    shared = np.array([[len(previous[n] & set(g)) for n in names] for g in groups])
    letters = [""] * len(groups)
    if shared.size:
        for i, j in zip(*linear_sum_assignment(-shared), strict=True):
            letters[i] = names[j] if shared[i, j] else ""
    return letters


def draw_communities(
    strips: Strips, agreement: pd.DataFrame, layers: list[str], periods: list[dict[str, Any]]
) -> Figure:
    """Draw strips of communities above and their agreement between years below.

    Parameters
    ----------
    strips : list
        As from :func:`named_strips`.
    agreement : DataFrame
        As from :func:`agreement_by_chance`.
    layers : list of str
        Which layers the agreement is drawn for.
    periods : list of dict
        Shaded.
    """
    with figure_style():
        figure, (above, below) = plt.subplots(
            2, 1, figsize=(PAGE_WIDTH, 4.6), layout="constrained", sharex=True, height_ratios=[2, 1]
        )
        shade_periods(above, periods)
        _strips(above, strips)
        letter(above, "a", f"Communities of the {layers[0]} network")
        shade_periods(below, periods, number=False)
        below.axhline(0, color="0.4", lw=0.7)
        for k, (layer, (color, marker)) in enumerate(zip(layers, SERIES, strict=False)):
            rows = agreement[agreement["layer"] == layer]
            x = rows["year"] - 0.5 + (k - 0.5 * (len(layers) - 1)) * 0.22
            below.vlines(x, rows["lo"], rows["hi"], color=color, lw=3.5, alpha=0.25)
            below.plot(x, rows["value"], ls="", marker=marker, ms=4, color=color, label=layer)
        below.set_ylim(-0.75, 1.1)
        below.set_ylabel("adjusted mutual\ninformation")
        below.set_title("(b) Agreement of neighbouring years (bar: 95 % of chance)", pad=4)
        below.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncol=len(layers))
        below.xaxis.set_major_locator(MaxNLocator(17, integer=True))
        years = [year for year, *_ in strips]
        below.set_xlim(min(years) - 0.5, max(years) + 0.5)
    return figure


def _strips(panel: Axes, strips: Strips) -> None:
    colour: dict[str, Colour] = {}
    for _, name, _ in strips:
        if name and name not in colour:
            colour[name] = _COLOURS[len(colour) % len(_COLOURS)]
    place: dict[int, dict[str, float]] = {}
    gap = 1.0
    top = 0.0
    for year in sorted({year for year, *_ in strips}):
        low = 0.0
        place[year] = {}
        for _, name, persons in [s for s in strips if s[0] == year]:
            height = len(persons)
            panel.bar(year, height, 2 * _WIDTH, bottom=low, color=colour.get(name, _ALONE),
                      edgecolor="white", linewidth=0.4, zorder=3)  # fmt: skip
            if name and height > 1:
                panel.text(year, low + height / 2, name, ha="center", va="center",
                           fontsize=SMALLEST, color=_ink(colour[name]), zorder=4)  # fmt: skip
            for k, person in enumerate(persons):
                place[year][person] = low + k + 0.5
            low += height + gap
        panel.text(year, low - gap + 0.5, str(len(place[year])), ha="center", va="bottom",
                   fontsize=SMALLEST, color="0.35")  # fmt: skip
        top = max(top, low)
    names = {(year, p): name for year, name, persons in strips for p in persons}
    for first, second in pairwise(sorted(place)):
        for person in sorted(set(place[first]) & set(place[second])):
            _ribbon(panel, (first + _WIDTH, place[first][person]),
                    (second - _WIDTH, place[second][person]),
                    colour.get(names[first, person], "0.6"))  # fmt: skip
    panel.set_ylim(0, top + 2)
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)
    panel.set_ylabel("persons (number above)")
    panel.tick_params(labelbottom=True)


def _ink(background: tuple[float, float, float]) -> str:
    """Return the colour of text that stands out on a background."""
    red, green, blue = background
    return "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.45 else "white"  # noqa: PLR2004


def _ribbon(
    panel: Axes, start: tuple[float, float], end: tuple[float, float], color: object
) -> None:
    middle = (start[0] + end[0]) / 2
    path = Path(
        [start, (middle, start[1]), (middle, end[1]), end],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    panel.add_patch(PathPatch(path, facecolor="none", edgecolor=color, lw=1.1, alpha=0.6, zorder=2))
