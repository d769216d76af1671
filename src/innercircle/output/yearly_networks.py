"""Figure: yearly attendance networks as small multiples, everyone in the same place in each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from innercircle.networks.backbone import METHODS
from innercircle.output.drawing import Drawing
from innercircle.output.labels import place_labels
from innercircle.output.network_layout import force_layout
from innercircle.output.style import (
    BLUE,
    COLUMN_WIDTH,
    ORANGE,
    PAGE_WIDTH,
    RED,
    figure_style,
    settle,
    surname,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material
    from innercircle.output.network_layout import Position

_COLUMNS = 4
_LABELLED = 7  # in a small panel; in a large one
_LABELLED_LARGE = 20
_LEVEL = 0.05
_GAP = 0.065  # of a panel's width
Ties = list[tuple[str, str]]


def yearly_networks(material: Material) -> Drawing:
    """Draw the figure of a study: attendance, everyone sized by strength, the leader too."""
    edges, nodes = material.layer("edges", "attendance"), material.layer("nodes", "attendance")
    centrality = material.layer("centrality", "attendance")
    strength = centrality[(centrality["measure"] == "strength") & centrality["leader_included"]]
    backbone = material.tables.get("backbone")
    if backbone is None:
        backbone = pd.DataFrame(columns=["year", "person_a", "person_b", "p_more", "sign"])
    falls = material.falls()
    figure = draw_yearly_networks(
        edges,
        nodes,
        strength,
        backbone,
        falls,
        material.names(),
        material.config["seed"],
    )
    present = nodes[["person_id", "year"]]
    soon = pd.concat([falls, falls.assign(year=falls["year"] - 1)])
    marked = present.merge(soon.drop_duplicates().astype({"year": "int64"}))
    met = backbone.merge(
        edges[["year", "source", "target"]].rename(
            columns={"source": "person_a", "target": "person_b"}
        )
    )
    return Drawing(
        figure,
        {
            "n_persons": int(nodes["person_id"].nunique()),
            "n_years": int(nodes["year"].nunique()),
            "n_ties": len(edges),
            "n_backbone": int((met["sign"] == 1).sum()),
            "n_nominal": int((met["p_more"] <= _LEVEL).sum()),
            "n_tested": len(backbone),
            "n_marked": len(marked),
            "null_model": METHODS[material.config.get("backbone", {}).get("method", "fdsm")],
            "labelled": _labelled(nodes),
        },
    )


def draw_yearly_networks(
    edges: pd.DataFrame,
    nodes: pd.DataFrame,
    centrality: pd.DataFrame,
    backbone: pd.DataFrame,
    falls: pd.DataFrame,
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
    backbone : DataFrame
        Columns year, person_a, person_b, p_more, sign: ties with sign 1 are drawn heavy, those
        with ``p_more`` of at most 0.05 before correction darker than the rest.
    falls : DataFrame
        Columns person_id, year: the fallen, marked in the year before the fall and in that of it.
    names : dict
        Printed name by person_id.
    seed : int
        Of the layout.
    """
    positions = _positions(edges, nodes, seed)
    years = sorted(edges["year"].unique())
    columns = min(_COLUMNS, max(len(years), 1))
    rows = math.ceil(len(years) / columns)
    width = PAGE_WIDTH if columns > 1 else COLUMN_WIDTH
    sizes = centrality.set_index(["year", "person_id"])["value"]
    with figure_style():
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(width, rows * 1.07 * width / columns + 0.3),
            squeeze=False,
            layout="constrained",
        )
        for panel in axes.flat:
            panel.axis("off")
        handles = _legend(fallen=len(falls) > 0, tested=len(backbone) > 0)
        in_row = 3 if len(handles) > 4 else len(handles)  # noqa: PLR2004 - what fits the page
        figure.legend(
            handles=handles, loc="outside lower center", ncol=in_row if columns > 1 else 1
        )
        for panel, year in zip(axes.flat, years, strict=False):
            panel.set(xlim=(-0.08, 1.08), ylim=(-0.08, 1.12))
            present = [p for p in nodes.loc[nodes["year"] == year, "person_id"] if p in positions]
            panel.set_title(f"{year}  ({len(present)} persons)", pad=2)
        settle(figure)
        for panel, year in zip(axes.flat, years, strict=False):
            present = [p for p in nodes.loc[nodes["year"] == year, "person_id"] if p in positions]
            of_year = backbone[backbone["year"] == year]
            _draw_ties(panel, edges[edges["year"] == year], of_year, positions)
            value = sizes.get(year, pd.Series(dtype=float)).reindex(present).fillna(0.0)
            falling = {
                when: set(falls.loc[falls["year"] == year + when, "person_id"]) for when in (0, 1)
            }
            _draw_people(panel, positions, value, falling, names, _labelled(nodes))
    return figure


def _labelled(nodes: pd.DataFrame) -> int:
    return _LABELLED if nodes["year"].nunique() > 2 else _LABELLED_LARGE  # noqa: PLR2004 - panels


def _positions(edges: pd.DataFrame, nodes: pd.DataFrame, seed: int) -> Position:
    """Place everyone once for all years, apart from all with whom they share a panel."""
    total = edges.groupby(["source", "target"], as_index=False)["weight"].sum()
    persons = sorted({*total["source"], *total["target"]})
    present = pd.crosstab(nodes["person_id"], nodes["year"]).reindex(persons).fillna(0).to_numpy()
    return force_layout(
        persons,
        total["source"],
        total["target"],
        np.sqrt(total["weight"].to_numpy(float)),
        seed,
        gap=_GAP,
        together=(present @ present.T) > 0,
        # The core, drawn in every panel, needs more room than who is seen once.
        room=present.sum(axis=1) ** 1.3,
    )


def _draw_ties(
    panel: Axes, edges: pd.DataFrame, backbone: pd.DataFrame, positions: Position
) -> None:
    pairs = list(zip(backbone["person_a"], backbone["person_b"], strict=True))
    strong = {frozenset(p) for p, s in zip(pairs, backbone["sign"], strict=True) if s == 1}
    likely = {
        frozenset(p) for p, q in zip(pairs, backbone["p_more"], strict=True) if q <= _LEVEL
    } - strong
    weight = edges["weight_discounted"].to_numpy(float)
    width = 0.25 + 0.9 * np.sqrt(weight / max(weight.max(initial=0), 1e-9))
    kinds: dict[str, list[tuple[tuple[float, float], tuple[float, float], float]]] = {
        "plain": [],
        "likely": [],
        "strong": [],
    }
    for a, b, w in zip(edges["source"], edges["target"], width, strict=True):
        pair = frozenset((a, b))
        kind = "strong" if pair in strong else "likely" if pair in likely else "plain"
        kinds[kind].append((positions[a], positions[b], float(w)))
    for order, (kind, (color, more)) in enumerate(_TIES.items(), start=1):
        panel.add_collection(
            LineCollection(
                [(a, b) for a, b, _ in kinds[kind]],
                linewidths=[w + more for *_, w in kinds[kind]],
                colors=color,
                zorder=1 + 0.1 * order,
            )
        )


# Colour of each kind of tie, and points by which it is wider.
_TIES = {"plain": ("#00000028", 0.0), "likely": ("#000000b0", 0.2), "strong": ("black", 1.2)}


def _draw_people(
    panel: Axes,
    positions: Position,
    value: pd.Series[float],
    falling: dict[int, set[str]],
    names: dict[str, str],
    labelled: int,
) -> None:
    area = 5 + 45 * value / max(value.max(), 1e-9)
    fallen = area.index.isin(falling[0] | falling[1])
    area = area.where(~fallen, np.maximum(area, 22.0))
    points = np.array([positions[p] for p in value.index])
    now = np.array([p in falling[0] for p in value.index], dtype=bool)
    next_year = np.array([p in falling[1] for p in value.index], dtype=bool) & ~now
    for chosen, style in ((~now & ~next_year, _STAYS), (next_year, _NEXT), (now, _NOW)):
        panel.scatter(
            points[chosen, 0], points[chosen, 1], s=area[chosen],
            marker=style["marker"], facecolor=style["face"], edgecolor=style["edge"],
            linewidth=style["line"], zorder=2.5,
        )  # fmt: skip
    order = value.sort_values(ascending=False, kind="stable").index
    first = [p for p in order if p in falling[0] | falling[1]][:3]
    first = [*order[:labelled], *[p for p in first if p not in order[:labelled]]]
    place_labels(
        panel,
        [positions[p] for p in first],
        [surname(p, names) for p in first],
        radii=[math.sqrt(area[p]) / 2 for p in first],
        nodes=points.tolist(),
        node_radii=np.sqrt(area).to_numpy() / 2,
    )


_STAYS = {"marker": "o", "face": BLUE, "edge": "white", "line": 0.4}
_NEXT = {"marker": "o", "face": "white", "edge": RED, "line": 1.2}
_NOW = {"marker": "X", "face": ORANGE, "edge": "black", "line": 0.5}


def _legend(*, fallen: bool, tested: bool) -> list[Line2D]:
    """Return handles, nodes above lines in each column; only of what the study can show."""
    nodes = (
        (_STAYS, "took part that year"),
        (_NEXT, "falls the year after"),
        (_NOW, "falls that year"),
    )
    marks = [
        Line2D([], [], ls="", marker=str(style["marker"]), mfc=style["face"], mec=style["edge"],
               mew=float(str(style["line"])), ms=5, label=text)
        for style, text in nodes
    ]  # fmt: skip
    ties = (
        ("plain", "took part in the same occasion"),
        ("likely", "more often than attendance gives (uncorrected)"),
        ("strong", "backbone (corrected for all pairs)"),
    )
    lines = [
        Line2D([], [], color=_TIES[kind][0], lw=0.8 + _TIES[kind][1], label=text)
        for kind, text in ties
    ]
    if fallen and tested:
        return [item for pair in zip(marks, lines, strict=True) for item in pair]
    return [*marks[: 3 if fallen else 1], *lines[: 3 if tested else 1]]
