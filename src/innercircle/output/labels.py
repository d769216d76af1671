"""Labels that do not overlap: the most important first, each in the first free place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.text import Text
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

# Direction from the point, and alignment of the label that goes with it.
_DIRECTIONS = [
    ((0, 1), "center", "bottom"),
    ((0, -1), "center", "top"),
    ((1, 0), "left", "center"),
    ((-1, 0), "right", "center"),
    ((0.8, 0.8), "left", "bottom"),
    ((-0.8, 0.8), "right", "bottom"),
    ((0.8, -0.8), "left", "top"),
    ((-0.8, -0.8), "right", "top"),
]
_DISTANCES = (1.0, 5.0, 9.0, 14.0, 20.0)  # points beyond the edge of the node
_GAP = 0.8  # points between labels
_NEAR = 4.0  # points beyond which a line leads from the label to its node
_SHIFT = {"center": -0.5, "left": 0.0, "bottom": 0.0, "right": -1.0, "top": -1.0}


def place_labels(
    panel: Axes,
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    *,
    size: float = 6,
    radii: Sequence[float] | None = None,
    nodes: Sequence[tuple[float, float]] = (),
    node_radii: Sequence[float] = (),
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
    radii : sequence of float, optional
        Radius of each point's marker in points; 3 if not given.
    nodes : sequence of (x, y), optional
        Centres of all markers of the panel, which labels avoid to cover where they can.
    node_radii : sequence of float, optional
        Radius of each of ``nodes`` in points; 2 if not given.

    Returns
    -------
    list of Annotation
        The labels that were written.
    """
    figure = panel.get_figure(root=True)
    if figure is None or not len(points):
        return []
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    pixel = figure.dpi / 72
    frame = panel.get_window_extent(renderer)
    centres = panel.transData.transform(np.asarray(points, dtype=float))
    around = panel.transData.transform(np.asarray(nodes if len(nodes) else points, dtype=float))
    discs = pixel * np.asarray(node_radii if len(node_radii) else [2.0] * len(around))
    sizes = [3.0] * len(points) if radii is None else list(radii)
    taken: list[Bbox] = []
    written = []
    for point, centre, text, radius in zip(points, centres, texts, sizes, strict=True):
        label = panel.annotate(
            text,
            point,
            textcoords="offset points",
            xytext=(0, 0),
            fontsize=size,
            zorder=4,
            bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.2},
        )
        extent = label.get_window_extent(renderer)
        free: list[tuple[int, int, tuple[float, float], str, str, float]] = []
        for distance in _DISTANCES:
            for (dx, dy), horizontal, vertical in _DIRECTIONS:
                offset = (dx * (radius + distance), dy * (radius + distance))
                left = centre[0] + offset[0] * pixel + _SHIFT[horizontal] * extent.width
                low = centre[1] + offset[1] * pixel + _SHIFT[vertical] * extent.height
                box = Bbox.from_bounds(left, low, extent.width, extent.height)
                padded = box.padded(_GAP * pixel)
                if _inside(box, frame) and not any(padded.overlaps(other) for other in taken):
                    hidden = _covered(box, around, discs)
                    free.append((hidden, len(free), offset, horizontal, vertical, distance))
        if not free:
            label.remove()
            continue
        _, _, offset, horizontal, vertical, distance = min(free)
        label.set(position=offset, ha=horizontal, va=vertical)
        if distance > _NEAR:
            panel.annotate("", point, xytext=offset, textcoords="offset points", zorder=1.5,
                           arrowprops={"arrowstyle": "-", "lw": 0.4, "color": "0.3",
                                       "shrinkA": 0, "shrinkB": radius})  # fmt: skip
        taken.append(Text.get_window_extent(label, renderer))
        written.append(label)
    return written


def _inside(box: Bbox, frame: Bbox) -> bool:
    return bool(
        box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1
    )


def _covered(box: Bbox, centres: np.ndarray, radii: np.ndarray) -> int:
    """Return how many markers a label would hide, even in part."""
    x, y = centres.T
    beside = np.maximum(np.maximum(box.x0 - x, x - box.x1), 0)
    beyond = np.maximum(np.maximum(box.y0 - y, y - box.y1), 0)
    # A label may touch its own node's edge.
    return int((np.hypot(beside, beyond) < 0.9 * radii).sum())
