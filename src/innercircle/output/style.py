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
    from collections.abc import Iterator

    from matplotlib.figure import Figure

COLUMN_WIDTH = 3.5  # inches, one journal column
PAGE_WIDTH = 7.2  # inches, both columns

# Wong's palette (Nature Methods 8: 441, 2011) in seaborn's order: safe for the colour-blind.
BLUE, ORANGE, GREEN, RED, PURPLE, BROWN, PINK, GREY, YELLOW, SKY = sns.color_palette("colorblind")


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


def surname(person_id: str, persons: dict[str, str]) -> str:
    """Return the name to print for a person; the id if he is not in the table."""
    return persons.get(person_id, person_id)
