"""Figure: patrons and clients over the whole period, with their fates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from innercircle.data.dates import year_of
from innercircle.data.study import with_status
from innercircle.output.drawing import Drawing, listed
from innercircle.output.labels import place_labels
from innercircle.output.network_layout import force_layout
from innercircle.output.style import (
    BLUE,
    ORANGE,
    PAGE_WIDTH,
    RED,
    figure_style,
    settle,
    surname,
    words,
)
from innercircle.panel.risk import suicide_counts_as

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material
    from innercircle.output.network_layout import Position

_LABELLED = 45
# Fate: marker, fill, edge, what the legend says. Later ones are drawn over earlier ones.
_LOOK = {
    "none": ("o", "white", "0.35", "no such end recorded"),
    "died": ("D", "0.65", "0.25", "died otherwise"),
    "lesser": ("^", ORANGE, "0.2", "fell by a wider definition only"),
    "fell": ("s", RED, "black", "fell"),
    "leader": ("*", BLUE, "black", "leader"),
}


def patronage_network(material: Material) -> Drawing:
    """Draw the figure of a study: every patronage tie of its years."""
    edges = material.layer("edges", "patronage")
    ties = edges.groupby(["source", "target"], as_index=False)["year"].nunique()
    ties = ties[ties["source"] != ties["target"]].reset_index(drop=True)
    persons = sorted({*ties["source"], *ties["target"]})
    fates = pd.Series("none", index=persons) if not persons else person_fates(material, persons)
    leader_ties = ties["source"].eq(material.leader) | ties["target"].eq(material.leader)
    facts = {
        "n_persons": len(persons),
        "n_ties": len(ties),
        "n_leader_ties": int(leader_ties.sum()),
        "labelled": _LABELLED,
        **{f"n_{name}": int((fates == name).sum()) for name in _LOOK if name != "leader"},
        "relations": listed(
            words(name) for name in material.config["layers"]["patronage"]["relations"]
        ),
    }
    figure = draw_patronage(ties, fates, material.names(), material.config["seed"])
    return Drawing(figure, facts)


def person_fates(material: Material, persons: list[str]) -> pd.Series[str]:
    """Return what became of each person within the study's years, the gravest that applies.

    ``fell`` is the first outcome of the configuration, ``lesser`` any other of its outcomes of
    fates, ``died`` another end, ``none`` neither. A fate without a date counts. Suicide is what
    the configuration says, and an end otherwise.
    """
    found = pd.Series("none", index=persons, dtype=object)
    fates = material.study.get("fates")
    if fates is not None:
        fates = with_status(fates, material.config["status"])
        years = fates["date"].map(lambda date: year_of(date) if date else np.nan)
        span = material.config["years"]
        ends = [*material.config.get("competing_ends", []), "suicide"]
        purge = ["suicide"] if suicide_counts_as(material.config) == "purge" else []
        fates = fates[years.isna() | years.between(span["first"], span["last"])]
        found[found.index.isin(_who(fates, ends, []))] = "died"
        outcomes = list(material.config.get("outcomes", {}).values())
        for kind, rules in (("lesser", outcomes[1:]), ("fell", outcomes[:1])):
            for rule in rules:
                if "fates" not in rule:
                    continue
                who = _who(fates, [*rule["fates"], *purge], rule.get("punitive", []))
                found[found.index.isin(who)] = kind
    if material.leader in found.index:
        found[material.leader] = "leader"
    return found


def _who(fates: pd.DataFrame, always: list[str], punitive: list[str]) -> set[str]:
    counts = fates["outcome"].isin(always)
    if punitive:
        counts |= fates["outcome"].isin(punitive) & fates["punitive"].fillna(value=False).astype(
            bool
        )
    return set(fates.loc[counts, "person_id"])


def draw_patronage(
    ties: pd.DataFrame, fates: pd.Series[str], names: dict[str, str], seed: int
) -> Figure:
    """Draw arrows from patrons to clients.

    Parameters
    ----------
    ties : DataFrame
        source (patron), target (client), year (number of years in which the tie holds).
    fates : Series
        ``fell``, ``lesser``, ``died``, ``none`` or ``leader`` by person_id.
    names : dict
        Printed name by person_id.
    seed : int
        Of the layout.
    """
    persons = list(fates.index)
    degree = (
        pd.concat([ties["source"], ties["target"]]).value_counts().reindex(persons, fill_value=0)
    )
    area = (9.0 + 9.0 * degree) * np.where(fates == "leader", 1.8, 1.0)
    positions = force_layout(
        persons, ties["source"], ties["target"], np.ones(len(ties)), seed, gap=0.032
    )
    with figure_style():
        figure, panel = plt.subplots(figsize=(PAGE_WIDTH, 6.2), layout="constrained")
        panel.axis("off")
        panel.set(xlim=(-0.04, 1.04), ylim=(-0.03, 1.03))
        present = [kind for kind in _LOOK if (fates == kind).any()]
        figure.legend(handles=_legend(present), loc="outside lower center", ncol=len(present) + 1)
        settle(figure)
        _arrows(panel, ties, positions, area)
        for order, kind in enumerate(present):
            marker, face, edge, _ = _LOOK[kind]
            who = [p for p in persons if fates[p] == kind]
            panel.scatter(
                [positions[p][0] for p in who], [positions[p][1] for p in who],
                s=[area[p] for p in who], marker=marker, facecolor=face, edgecolor=edge,
                linewidth=0.6, zorder=2 + order / 10,
            )  # fmt: skip
        by_size = degree.sort_values(ascending=False, kind="stable").index[:_LABELLED]
        first = sorted(by_size, key=lambda p: fates[p] != "leader")
        place_labels(
            panel,
            [positions[p] for p in first],
            [surname(p, names) for p in first],
            radii=[math.sqrt(area[p]) * 0.6 for p in first],
            nodes=list(positions.values()),
            node_radii=[math.sqrt(area[p]) / 2 for p in positions],
        )
    return figure


def _arrows(panel: Axes, ties: pd.DataFrame, positions: Position, area: pd.Series[float]) -> None:
    for row in ties.itertuples():
        panel.annotate(
            "",
            xy=positions[row.target],
            xytext=positions[row.source],
            arrowprops={
                "arrowstyle": "-|>,head_length=0.28,head_width=0.13",
                "color": "0.45",
                "alpha": 0.75,
                "linewidth": 0.35 + 0.12 * math.sqrt(row.year),
                "shrinkA": math.sqrt(area[row.source]) / 2,
                "shrinkB": math.sqrt(area[row.target]) / 2 + 0.5,
                "connectionstyle": "arc3,rad=0.06",
            },
            zorder=1,
        )


def _legend(present: list[str]) -> list[Line2D]:
    items = [
        Line2D([], [], ls="", marker=_LOOK[kind][0], mfc=_LOOK[kind][1], mec=_LOOK[kind][2],
               mew=0.6, ms=8 if kind == "leader" else 5, label=_LOOK[kind][3])
        for kind in reversed(present)
    ]  # fmt: skip
    arrow = Line2D(
        [], [], color="0.45", lw=0.8, marker=">", ms=3, markevery=[1], label="patron to client"
    )
    return [*items, arrow]
