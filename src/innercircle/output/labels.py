"""Labels that do not overlap: the most important first, each in the first free place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

# Offsets in points with the alignment that goes with them, nearest first.
_PLACES = [
    ((0, 4), "center", "bottom"),
    ((0, -4), "center", "top"),
    ((4, 0), "left", "center"),
    ((-4, 0), "right", "center"),
    ((4, 4), "left", "bottom"),
    ((-4, 4), "right", "bottom"),
    ((4, -4), "left", "top"),
    ((-4, -4), "right", "top"),
    ((0, 10), "center", "bottom"),
    ((0, -10), "center", "top"),
    ((12, 0), "left", "center"),
    ((-12, 0), "right", "center"),
]


def place_labels(
    panel: Axes,
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    *,
    size: float = 6,
) -> list[Annotation]:
    """Write labels in order of importance; one that fits nowhere is left out.

    Parameters
    ----------
    panel : Axes
        Its limits and size must be final: overlap is computed from bounding boxes in pixels.
    points, texts : sequence
        Data coordinates and label of each point, the most important first.
    size : float
        Font size in points.

    Returns
    -------
    list of Annotation
        The labels that were written.
    """
    figure = panel.get_figure()
    if figure is None:
        return []
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    frame = panel.get_window_extent(renderer)
    taken: list[Bbox] = []
    written = []
    for point, text in zip(points, texts, strict=True):
        for offset, horizontal, vertical in _PLACES:
            label = panel.annotate(
                text,
                point,
                xytext=offset,
                textcoords="offset points",
                ha=horizontal,
                va=vertical,
                fontsize=size,
                zorder=4,
            )
            box = label.get_window_extent(renderer)
            inside = box.x0 >= frame.x0 and box.x1 <= frame.x1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                written.append(label)
                break
            label.remove()
    return written
