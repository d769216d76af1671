"""Figure: what was coded from where, about which years, and how certain it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import PowerNorm
from matplotlib.ticker import MaxNLocator

from innercircle.output.drawing import Drawing
from innercircle.output.style import (
    BLUE,
    ORANGE,
    PAGE_WIDTH,
    SERIES,
    SMALLEST,
    figure_style,
    shade_periods,
    words,
)

if TYPE_CHECKING:
    from typing import Any

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.material import Material

_NOT_TABLES = ("section", "words", "rows")
_DARK = 0.55  # share of the largest count from which numbers are printed in white


def coding_coverage(material: Material) -> Drawing:
    """Draw the figure of a study."""
    coverage = material.study["coverage"]
    years = material.tables["rows_by_year"]
    quality = material.tables["data_quality"]
    quality = quality[quality["inferred"].notna() & (quality["rows"] > 0)]
    coded, inferred = int(quality["rows"].sum()), int(quality["inferred"].sum())
    facts = {
        "n_rows": coded,
        "n_tables": len(quality),
        "n_sections": len(coverage),
        "share_inferred": f"{100 * inferred / max(coded, 1):.0f}",
    }
    return Drawing(draw_coverage(coverage, years, quality, material.periods), facts)


def draw_coverage(
    coverage: pd.DataFrame,
    years: pd.DataFrame,
    quality: pd.DataFrame,
    periods: list[dict[str, Any]],
) -> Figure:
    """Draw rows by section and table, by year, and by certainty.

    Parameters
    ----------
    coverage : DataFrame
        One row a section in the source's order: section, words, rows, and a column a table.
    years : DataFrame
        year, and a column a table: rows that bear on the year.
    quality : DataFrame
        table, rows, inferred.
    periods : list of dict
        Shaded.
    """
    with figure_style():
        figure = plt.figure(
            figsize=(PAGE_WIDTH, max(4.4, 0.125 * len(coverage) + 1.3)), layout="constrained"
        )
        grid = figure.add_gridspec(2, 2, width_ratios=[1.45, 1])
        _sections(figure.add_subplot(grid[:, 0]), coverage)
        _years(figure.add_subplot(grid[0, 1]), years, periods)
        _certainty(figure.add_subplot(grid[1, 1]), quality)
    return figure


def _sections(panel: Axes, coverage: pd.DataFrame) -> None:
    tables = [name for name in coverage if name not in _NOT_TABLES]
    counts = coverage[tables].apply(pd.to_numeric, errors="coerce").fillna(0).to_numpy(float)
    kept = counts.sum(axis=0) > 0
    counts, tables = counts[:, kept], [t for t, k in zip(tables, kept, strict=True) if k]
    top = max(counts.max(initial=0), 1)
    panel.pcolormesh(
        counts,
        cmap=sns.light_palette(BLUE, as_cmap=True),
        norm=PowerNorm(0.5, 0, top),
        lw=0.3,
        ec="white",
    )
    for (i, j), count in np.ndenumerate(counts):
        dark = np.sqrt(count / top) > _DARK
        panel.text(j + 0.5, i + 0.5, f"{count:.0f}" if count else "", ha="center", va="center",
                   fontsize=SMALLEST, color="white" if dark else "black")  # fmt: skip
    panel.set_xticks(np.arange(len(tables)) + 0.5, [words(t) for t in tables], rotation=55,
                     ha="right", rotation_mode="anchor", fontsize=SMALLEST)  # fmt: skip
    panel.set_yticks(np.arange(len(coverage)) + 0.5, coverage["section"], fontsize=SMALLEST)
    panel.invert_yaxis()
    panel.tick_params(length=0)
    panel.set_ylabel("section of the source (chapter:section)")
    panel.set_title("(a) Rows coded from each section")


def _years(panel: Axes, years: pd.DataFrame, periods: list[dict[str, Any]]) -> None:
    shade_periods(panel, periods)
    for table, (color, marker) in zip(years.columns.drop("year"), SERIES, strict=False):
        panel.plot(years["year"], years[table], color=color, marker=marker, ms=3, lw=0.8,
                   label=words(table))  # fmt: skip
    panel.set_ylim(bottom=0)
    panel.set_ylabel("rows")
    panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    panel.legend(loc="upper center", bbox_to_anchor=(0.45, -0.13), ncol=3, handlelength=2)
    panel.set_title("(b) Rows that bear on each year", pad=9)


def _certainty(panel: Axes, quality: pd.DataFrame) -> None:
    y = np.arange(len(quality))
    inferred = (quality["inferred"] / quality["rows"]).to_numpy(float)
    panel.barh(y, 1 - inferred, color=BLUE, label="explicit", height=0.72)
    panel.barh(y, inferred, left=1 - inferred, color=ORANGE, hatch="////", edgecolor="white",
               lw=0, label="inferred", height=0.72)  # fmt: skip
    texts = [f"{words(r.table)} ({int(r.rows)})" for r in quality.itertuples()]
    panel.set_yticks(y, texts, fontsize=SMALLEST)
    panel.invert_yaxis()
    panel.set_xlim(0, 1)
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel("share of the table's rows")
    panel.legend(loc="upper center", bbox_to_anchor=(0.4, -0.2), ncol=2)
    panel.set_title("(c) Certainty (rows)")
