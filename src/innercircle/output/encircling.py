"""Figure: whether clients fall before their patrons, against permuted falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from innercircle.inference.mechanisms.encircling import fall_order
from innercircle.inference.mechanisms.study import PATRONS
from innercircle.networks.observed import counted_ties
from innercircle.output.drawing import Drawing, listed, p_text
from innercircle.output.style import (
    BLUE,
    PAGE_WIDTH,
    RED,
    figure_style,
    letter,
    surname,
    words,
)
from innercircle.output.tables import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

_LEAD = "mean lead"  # how the mechanisms table names the statistic that is drawn
_MOST = 30


def encircling(material: Material) -> Drawing:
    """Draw the figure of a study: patrons and clients other than the leader."""
    ties = counted_ties(material.study, material.config, "patronage")
    ties = ties[ties["relation"].isin(PATRONS) & (ties["source_id"] != material.leader)]
    draws = 10 * int(material.config["null_draws"])
    # The stream of the table of mechanisms, so that figure and table say the same.
    first = np.random.SeedSequence(material.config["seed"]).spawn(1)[0]
    pairs, dealt = fall_order(ties, material.falls(), np.random.default_rng(first), draws)
    null = dealt[~np.isnan(dealt)]
    table = material.tables["mechanisms"]
    row = table[
        (table["name"] == "encircling") & table["statistic_name"].str.startswith(_LEAD)
    ].iloc[0]
    clear = pairs["client_end"] <= pairs["patron_start"]
    facts = {
        "n_pairs": len(pairs),
        "n_patrons": int(pairs["patron"].nunique()),
        "n_before": int(clear.sum()),
        "n_after": int((pairs["client_start"] >= pairs["patron_end"]).sum()),
        "n_tied_pairs": len(ties[["source_id", "target_id"]].drop_duplicates()),
        "draws": len(dealt),
        "n_left_out": len(dealt) - len(null),
        "relations": listed(words(name) for name in PATRONS),
        "mean": number(float(pairs["lead"].mean()), 1) if len(pairs) else "undefined",
        "expected": number(float(null.mean()), 1) if len(null) else "undefined",
        "p": p_text(float(row["p_value"])) if row["p_value"] == row["p_value"] else "not tested",
        "shown": min(len(pairs), _MOST),
    }
    interval = (float(row["lo"]), float(row["hi"]))
    figure = draw_encircling(pairs, null, interval, material.names())
    return Drawing(figure, facts)


def draw_encircling(
    pairs: pd.DataFrame, null: np.ndarray, interval: tuple[float, float], names: dict[str, str]
) -> Figure:
    """Draw when patron and client of each pair fell, and the mean lead against chance.

    Parameters
    ----------
    pairs : DataFrame
        As from :func:`innercircle.inference.mechanisms.encircling.fall_order`; the first 30 are
        drawn.
    null : ndarray
        Mean leads of the arrangements in which a pair counts.
    interval : tuple of float
        95 % limits of the mean lead; NaN where there are none.
    names : dict
        Printed name by person_id.
    """
    drawn = pairs.iloc[:_MOST]
    with figure_style():
        figure, (left, right) = plt.subplots(
            1,
            2,
            figsize=(PAGE_WIDTH, max(2.1, 0.17 * len(drawn) + 1.2)),
            layout="constrained",
        )
        _falls(left, drawn, names)
        _null(right, pairs, null, interval)
        handles = [
            Line2D([], [], color=BLUE, marker="o", ms=4.5, lw=1.6, label="a: patron"),
            Line2D([], [], color=RED, marker="^", ms=4.5, lw=1.6, label="a: client"),
            Line2D([], [], color=RED, marker="D", ms=4.5, lw=1, label="b: observed, 95 % interval"),
            Line2D([], [], color="black", lw=0.9, ls=(0, (3, 2)), label="b: mean by chance"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncol=4)
    return figure


def _falls(panel: Axes, pairs: pd.DataFrame, names: dict[str, str]) -> None:
    letter(panel, "a", "Falls within pairs of patron and client")
    for y, row in enumerate(pairs.itertuples()):
        middle = {
            who: (getattr(row, f"{who}_start") + getattr(row, f"{who}_end")) / 2
            for who in ("patron", "client")
        }
        panel.plot([middle["patron"], middle["client"]], [y, y], color="0.75", lw=0.8, zorder=1)
        for who, color, marker, dy in (("patron", BLUE, "o", 0.08), ("client", RED, "^", -0.08)):
            stretch = [getattr(row, f"{who}_start"), getattr(row, f"{who}_end")]
            panel.plot(stretch, [y + dy, y + dy], color=color, lw=1.6, solid_capstyle="butt")
            panel.plot(middle[who], y + dy, ls="", marker=marker, color=color, ms=4.5)
    labels = [
        f"{surname(r.patron, names)} → {surname(r.client, names)}" for r in pairs.itertuples()
    ]
    panel.set_yticks(range(len(pairs)), labels)
    panel.set_ylim(-0.7, max(len(pairs) - 0.3, 0.3))
    panel.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    panel.set_xlabel("year of the fall (bar: what its date allows)")
    panel.tick_params(axis="y", length=0)


def _null(
    panel: Axes, pairs: pd.DataFrame, null: np.ndarray, interval: tuple[float, float]
) -> None:
    letter(panel, "b", "Mean lead, observed and by chance")
    panel.set_xlabel("years by which the client fell before the patron")
    panel.set_ylabel("arrangements of the falls")
    if not len(null):
        panel.text(0.5, 0.5, "no pair to compare", transform=panel.transAxes, ha="center")
        return
    # Half years, centred: falls dated to the year are whole years apart.
    edges = np.arange(np.floor(2 * null.min()) / 2 - 0.25, null.max() + 0.5, 0.5)
    panel.hist(null, bins=edges.tolist(), color="0.8", edgecolor="0.6", lw=0.3)
    panel.axvline(0, color="0.4", lw=0.7)
    observed = float(pairs["lead"].mean())
    top = panel.get_ylim()[1]
    panel.set_ylim(0, 1.25 * top)
    errors = np.nan_to_num(np.array([[observed - interval[0]], [interval[1] - observed]]).clip(0))
    panel.errorbar(
        [observed], [1.08 * top], xerr=errors, fmt="D", color=RED, ms=4.5, capsize=2, elinewidth=1
    )
    panel.axvline(float(null.mean()), color="black", lw=0.9, ls=(0, (3, 2)))
