"""Figure: yearly attendance networks as small multiples, everyone in the same place in each."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import igraph as ig
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from innercircle.output.labels import place_labels
from innercircle.output.style import BLUE, PAGE_WIDTH, RED, figure_style, surname

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 4
_LABELLED = 8
_NARROWEST = 4.5  # inches
_RATIO = 13 / 12  # height of a panel and its title to its width
Position = dict[str, tuple[float, float]]


def fixed_layout(edges: pd.DataFrame, nodes: pd.DataFrame, seed: int) -> Position:
    """Return one position a person, from the network of all years together.

    A force-directed drawing sets the order along each axis; the room along it goes by the number
    of years in which a person is present, so that the core, drawn in every panel, is not one blot.

    Parameters
    ----------
    edges, nodes : DataFrame
        All years of one layer.

    Returns
    -------
    dict
        Coordinates in [0, 1], the same on every run.
    """
    total = edges.groupby(["source", "target"], as_index=False)["weight"].sum()
    persons = sorted({*total["source"], *total["target"]})
    index = {person: i for i, person in enumerate(persons)}
    graph = ig.Graph(
        n=len(persons),
        edges=[(index[a], index[b]) for a, b in zip(total["source"], total["target"], strict=True)],
    )
    ig.set_random_number_generator(random.Random(seed))  # noqa: S311 - a drawing, not a secret
    layout = graph.layout_fruchterman_reingold(
        weights=np.sqrt(total["weight"]).tolist(),
        niter=2000,
        seed=graph.layout_circle().coords,
        grid="nogrid",
    )
    years = nodes.groupby("person_id")["year"].nunique().reindex(persons).to_numpy(float)
    room = years**1.5
    spread = [_by_room(axis, room) for axis in np.array(layout.coords).T]
    return {p: (float(x), float(y)) for p, x, y in zip(persons, *spread, strict=True)}


def _by_room(values: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return the middle of each value's share of [0, 1], in the order of the values."""
    order = values.argsort(kind="stable")
    ends = room[order].cumsum()
    middle = np.empty(len(values))
    middle[order] = (ends - room[order] / 2) / ends[-1]
    return middle


def draw_yearly_networks(
    edges: pd.DataFrame,
    nodes: pd.DataFrame,
    centrality: pd.DataFrame,
    falls: pd.DataFrame | None,
    names: dict[str, str],
    seed: int,
) -> Figure:
    """Draw one panel a year.

    Parameters
    ----------
    edges, nodes : DataFrame
        The attendance layer.
    centrality : DataFrame
        Columns year, person_id, value: sizes the nodes.
    falls : DataFrame or None
        Columns person_id, year: the fallen, ringed in the year of the fall and the year before;
        ``None`` where falls are not known.
    names : dict
        Printed name by person_id.
    """
    positions = fixed_layout(edges, nodes, seed)
    years = sorted(edges["year"].unique())
    columns = min(_COLUMNS, len(years))
    rows = math.ceil(len(years) / columns)
    width = max(PAGE_WIDTH * columns / _COLUMNS, _NARROWEST)
    sizes = centrality.set_index(["year", "person_id"])["value"]
    with figure_style():
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(width, rows * width / columns * _RATIO),
            squeeze=False,
            gridspec_kw={"wspace": 0.04, "hspace": 0.14},
        )
        for panel in axes.flat:
            panel.axis("off")
        for panel, year in zip(axes.flat, years, strict=False):
            falling = set()
            if falls is not None:
                falling = set(falls.loc[falls["year"].isin([year, year + 1]), "person_id"])
            present = [p for p in nodes.loc[nodes["year"] == year, "person_id"] if p in positions]
            panel.set(xlim=(-0.1, 1.1), ylim=(-0.1, 1.1))
            _draw_ties(panel, edges[edges["year"] == year], positions)
            _draw_people(
                panel, positions, present, sizes.get(year, pd.Series(dtype=float)), falling, names
            )
            panel.set_title(f"{year}  ({len(present)} persons)", pad=2)
        taking_part = Line2D([], [], marker="o", ls="", color=BLUE, label="took part that year")
        falling_then = Line2D([], [], marker="o", ls="", mfc="white", mec=RED, mew=1.4)
        falling_then.set_label("falls that year or the next")
        handles = [taking_part] if falls is None else [taking_part, falling_then]
        figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.1), ncol=2)
    return figure


def _draw_ties(panel: Axes, edges: pd.DataFrame, positions: Position) -> None:
    segments = [
        (positions[a], positions[b]) for a, b in zip(edges["source"], edges["target"], strict=True)
    ]
    weights = edges["weight_discounted"].to_numpy(float)
    widths = 0.25 + 1.3 * np.sqrt(weights / max(weights.max(initial=0), 1e-9))
    panel.add_collection(LineCollection(segments, linewidths=widths, colors="#00000030", zorder=1))


def _draw_people(
    panel: Axes,
    positions: Position,
    present: list[str],
    sizes: pd.Series[float],
    falling: set[str],
    names: dict[str, str],
) -> None:
    value = sizes.reindex(present).fillna(0.0)
    points = np.array([positions[p] for p in present])
    fallen = np.array([p in falling for p in present], dtype=bool)
    panel.scatter(
        points[:, 0],
        points[:, 1],
        s=4 + 45 * value / max(value.max(), 1e-9),
        c=["white" if f else BLUE for f in fallen],
        edgecolors=[RED if f else "white" for f in fallen],
        linewidths=np.where(fallen, 1.3, 0.4).tolist(),
        zorder=2,
    )
    first = value.sort_values(ascending=False, kind="stable").index[:_LABELLED]
    place_labels(panel, [positions[p] for p in first], [surname(p, names) for p in first])
