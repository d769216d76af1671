"""The look of every figure, and how it is written to disk."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import seaborn as sns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMN_WIDTH = 89 / 25.4  # inches, one journal column
PAGE_WIDTH = 183 / 25.4  # inches, both columns
SMALLEST = 6.0  # points, at print size

# Wong's palette (Nature Methods 8: 441, 2011) in seaborn's order: safe for the colour-blind.
BLUE, ORANGE, GREEN, RED, PURPLE, BROWN, PINK, GREY, YELLOW, SKY = sns.color_palette("colorblind")
Colour = tuple[float, float, float]
# Colour never stands alone: the k-th thing has the k-th colour and the k-th marker.
SERIES: list[tuple[Colour, str]] = [
    (BLUE, "o"),
    (RED, "s"),
    (GREEN, "^"),
    (PURPLE, "D"),
    (BROWN, "v"),
    (GREY, "P"),
]
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw with the project's style whatever the caller's own settings are."""
    style = Path(__file__).with_name("innercircle.mplstyle")
    with mpl.rc_context():
        mpl.rcdefaults()
        plt.style.use(style)
        yield


def save_figure(figure: Figure, stem: Path) -> None:
    """Write ``stem.pdf`` and ``stem.png`` without dates or versions, so that bytes repeat."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    with figure_style():
        figure.savefig(
            stem.with_suffix(".pdf"),
            metadata={"CreationDate": None, "Producer": None, "Creator": None},
        )
        figure.savefig(stem.with_suffix(".png"), metadata={"Software": None})
    plt.close(figure)


def settle(figure: Figure) -> None:
    """Lay the figure out and keep it so: whatever is placed by its size comes afterwards."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def surname(person_id: str, persons: dict[str, str]) -> str:
    """Return the name to print for a person; the id if he is not in the table."""
    return persons.get(person_id, person_id)


def words(name: str) -> str:
    """Return a column's or a measure's name as one reads it."""
    return name.replace("_", " ")


def roman(number: int) -> str:
    """Return the Roman numeral of a small number, from 1; the number itself beyond 12."""
    return _ROMAN[number - 1] if number <= len(_ROMAN) else str(number)


def shade_periods(panel: Axes, periods: Sequence[dict[str, Any]], *, number: bool = True) -> None:
    """Shade every other period behind a panel of years, and number them along its top.

    A period runs from half a year before its first year to half a year after its last.
    """
    for k, period in enumerate(periods, start=1):
        start, end = period["first"] - 0.5, period["last"] + 0.5
        if k % 2:
            panel.axvspan(start, end, color="0.93", lw=0, zorder=0)
        if number:
            panel.text(
                (start + end) / 2,
                1.0,
                roman(k),
                transform=panel.get_xaxis_transform(),
                ha="center",
                va="bottom",
                fontsize=SMALLEST,
                color="0.35",
            )


def letter(panel: Axes, text: str, title: str) -> None:
    """Give a panel its letter and title."""
    panel.set_title(f"({text}) {title}", pad=9)
