"""Figure: positive and negative ties, with the alleged groups marked."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from statsmodels.stats.proportion import proportion_confint

from innercircle.data.groups import group_members
from innercircle.output.drawing import Drawing, listed
from innercircle.output.labels import place_labels
from innercircle.output.network_layout import force_layout
from innercircle.output.style import (
    BLUE,
    GREEN,
    PAGE_WIDTH,
    PURPLE,
    RED,
    YELLOW,
    figure_style,
    settle,
    surname,
    words,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material
    from innercircle.output.network_layout import Position

_PERSONS = 45
_LABELLED = 30
_NODES = ((GREEN, "s"), (PURPLE, "^"), (YELLOW, "D"))  # of the groups, in their order
_LETTERS = "ABC"
_OTHERS = ("0.75", "o")
_TIES = {1: (BLUE, "-", "positive"), -1: (RED, (0, (3, 1.2)), "negative")}
Groups = dict[str, list[str]]


def signed_relations(material: Material) -> Drawing:
    """Draw the figure of a study: its first grouping, if it has any."""
    edges = material.layer("edges", "relations")
    ties = edges.groupby(["source", "target", "sign"], as_index=False)["year"].nunique()
    groupings = list(group_members(material.study, material.config).values())
    bodies = material.study.get("bodies")
    printed = {} if bodies is None else dict(zip(bodies["body_id"], bodies["name"], strict=True))
    groups = {printed.get(body, body): who for body, who in (groupings or [{}])[0].items()}
    shares = pair_shares(ties, groups)
    pairs = unordered(ties)
    shown = shown_persons(pairs, groups, material.leader)
    settings = material.config["layers"]["relations"]
    facts = {
        "positive": listed(words(name) for name in settings["positive"]),
        "negative": listed(words(name) for name in settings["negative"]),
        "n_persons": len({*ties["source"], *ties["target"]}),
        "n_shown": len(shown),
        "n_positive": int((pairs["sign"] == 1).sum()),
        "n_negative": int((pairs["sign"] == -1).sum()),
        "n_both": int(pairs.duplicated(["a", "b"]).sum()),
        "groups": "; ".join(
            f"{mark}: {name} ({len(who)} persons)"
            for mark, (name, who) in zip(_LETTERS, groups.items(), strict=False)
        ),
        "labelled": _LABELLED,
    }
    figure = draw_signed(pairs, shown, groups, shares, material)
    return Drawing(figure, facts)


def unordered(ties: pd.DataFrame) -> pd.DataFrame:
    """Return one row a pair and sign: a, b, sign, years (of either direction, the most)."""
    swapped = ties["source"] > ties["target"]
    table = pd.DataFrame(
        {
            "a": ties["target"].where(swapped, ties["source"]),
            "b": ties["source"].where(swapped, ties["target"]),
            "sign": ties["sign"].astype("int64"),
            "years": ties["year"],
        }
    )
    table = table[table["a"] != table["b"]]
    return table.groupby(["a", "b", "sign"], as_index=False)["years"].max()


def shown_persons(pairs: pd.DataFrame, groups: Groups, leader: str | None) -> list[str]:
    """Return the members of the groups who have ties, and whoever else has most."""
    degree = pd.concat([pairs["a"], pairs["b"]]).value_counts().sort_index()
    degree = degree.sort_values(ascending=False, kind="stable")
    members = {person for who in groups.values() for person in who}
    always = [p for p in degree.index if p in members or p == leader]
    rest = [p for p in degree.index if p not in always]
    return sorted([*always, *rest[: max(0, _PERSONS - len(always))]])


def pair_shares(ties: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    """Return the share of pairs with a tie, within each group and between each two.

    Returns
    -------
    DataFrame
        where (groups by letter, in their order), sign, tied, pairs, share, lo, hi: Wilson's 95 %
        limits, as if pairs were independent.
    """
    found = unordered(ties)
    signs = {s: set(zip(part["a"], part["b"], strict=True)) for s, part in found.groupby("sign")}
    lettered = list(zip(_LETTERS, groups.values(), strict=False))
    kinds = {f"within {name}": list(combinations(sorted(who), 2)) for name, who in lettered}
    for (one, first), (two, second) in combinations(lettered, 2):
        kinds[f"{one} to {two}"] = [(min(a, b), max(a, b)) for a in first for b in second]
    rows = []
    for where, pairs in kinds.items():
        for sign in (1, -1):
            tied = sum(pair in signs.get(sign, set()) for pair in pairs)
            if pairs:
                lo, hi = proportion_confint(tied, len(pairs), method="wilson")
                rows.append((where, sign, tied, len(pairs), tied / len(pairs), lo, hi))
    return pd.DataFrame(rows, columns=["where", "sign", "tied", "pairs", "share", "lo", "hi"])


def draw_signed(
    pairs: pd.DataFrame,
    shown: list[str],
    groups: Groups,
    shares: pd.DataFrame,
    material: Material,
) -> Figure:
    """Draw the network beside the shares of pairs tied within and between the groups.

    Parameters
    ----------
    pairs, shares : DataFrame
        As from :func:`unordered` and :func:`pair_shares`.
    shown : list of str
        Persons to draw.
    groups : dict
        Group to persons.
    material : Material
        For names, leader and seed.
    """
    pairs = pairs[pairs["a"].isin(shown) & pairs["b"].isin(shown)]
    degree = pd.concat([pairs["a"], pairs["b"]]).value_counts().reindex(shown).fillna(0)
    # Positive ties pull; negative ones pull little, so that opponents stand apart.
    pull = np.where(pairs["sign"] == 1, 1.0, 0.15)
    seed = material.config["seed"]
    positions = force_layout(shown, pairs["a"], pairs["b"], pull, seed, gap=0.07)
    with figure_style():
        figure, axes = plt.subplots(
            1,
            2 if len(shares) else 1,
            figsize=(PAGE_WIDTH, 4.4),
            layout="constrained",
            width_ratios=[2.5, 1] if len(shares) else [1],
            squeeze=False,
        )
        panel = axes[0, 0]
        panel.axis("off")
        panel.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))
        panel.set_title("(a) Positive and negative ties, all years")
        handles = _legend(groups, leader=material.leader in shown)
        figure.legend(handles=handles, loc="outside lower center", ncol=3)
        if len(shares):
            _shares(axes[0, 1], shares)
        settle(figure)
        _network(panel, pairs, positions, degree, groups, material)
    return figure


def _network(
    panel: Axes,
    pairs: pd.DataFrame,
    positions: Position,
    degree: pd.Series[float],
    groups: Groups,
    material: Material,
) -> None:
    both = set(zip(*pairs.loc[pairs.duplicated(["a", "b"]), ["a", "b"]].T.to_numpy(), strict=True))
    for row in pairs.itertuples():
        color, style, _ = _TIES[row.sign]
        ends = np.array([positions[row.a], positions[row.b]])
        if (row.a, row.b) in both:  # side by side, not one over the other
            along = ends[1] - ends[0]
            across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
            ends = ends + 0.004 * row.sign * across
        panel.plot(*ends.T, color=color, ls=style, lw=0.5 + 0.15 * math.sqrt(row.years),
                   alpha=0.65, zorder=1)  # fmt: skip
    look = {p: style for who, style in zip(groups.values(), _NODES, strict=False) for p in who}
    area = 12 + 4.0 * degree
    for person in degree.index:
        face, marker = look.get(person, _OTHERS)
        lead = person == material.leader
        panel.scatter(
            *positions[person], s=area[person], marker="*" if lead else marker,
            facecolor=BLUE if lead else face, edgecolor="black", linewidth=0.5, zorder=2,
        )  # fmt: skip
    order = degree.sort_values(ascending=False, kind="stable").index
    first = sorted(order[:_LABELLED], key=lambda p: p not in look)
    first += [p for p in order[_LABELLED:] if p in look]
    names = material.names()
    place_labels(
        panel,
        [positions[p] for p in first],
        [surname(p, names) for p in first],
        radii=[math.sqrt(area[p]) / 2 for p in first],
        nodes=list(positions.values()),
        node_radii=[math.sqrt(area[p]) / 2 for p in positions],
    )


def _shares(panel: Axes, shares: pd.DataFrame) -> None:
    places = {where: k for k, where in enumerate(dict.fromkeys(shares["where"]))}
    for sign, dx, marker in ((1, -0.12, "o"), (-1, 0.12, "X")):
        rows = shares[shares["sign"] == sign]
        errors = np.vstack([rows["share"] - rows["lo"], rows["hi"] - rows["share"]]).clip(0)
        x = rows["where"].map(places) + dx
        panel.errorbar(x, rows["share"], yerr=errors, fmt=marker, color=_TIES[sign][0], ms=4,
                       capsize=1.5, elinewidth=0.9, ls="")  # fmt: skip
    sizes = shares.drop_duplicates("where").set_index("where")["pairs"]
    texts = [f"{where}\n({sizes[where]} pairs)" for where in places]
    panel.set_xticks(range(len(places)), texts)
    panel.set_xlim(-0.5, len(places) - 0.5)
    panel.set_ylim(0, 1)
    panel.set_ylabel("share of pairs with such a tie")
    panel.set_title("(b) Within and between")


def _legend(groups: Groups, *, leader: bool) -> list[Line2D]:
    nodes = [
        Line2D(
            [],
            [],
            ls="",
            marker=marker,
            mfc=face,
            mec="black",
            mew=0.5,
            ms=5,
            label=f"{name}: {group}",
        )
        for name, group, (face, marker) in zip(_LETTERS, groups, _NODES, strict=False)
    ]
    others = [
        Line2D([], [], ls="", marker="o", mfc="0.75", mec="black", mew=0.5, ms=5, label="others"),
        Line2D([], [], ls="", marker="*", mfc=BLUE, mec="black", mew=0.5, ms=8, label="leader"),
    ]
    lines = [
        Line2D([], [], color=color, ls=style, lw=1, label=f"{text} tie",
               marker="o" if sign == 1 else "X", ms=3.5)
        for sign, (color, style, text) in _TIES.items()
    ]  # fmt: skip
    return [*nodes, *lines, *others[: 2 if leader else 1]]
