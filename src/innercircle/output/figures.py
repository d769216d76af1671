"""Every figure by name."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, cast

from innercircle.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from innercircle.output.drawing import Drawing
    from innercircle.output.material import Material

# Each is a function of the same name in the module of the same name.
FIGURES = (
    "access_concentration",
    "access_heatmap",
    "coding_coverage",
    "coefficients",
    "cohesion_over_time",
    "communities",
    "encircling",
    "event_study",
    "patronage_network",
    "rank_trajectories",
    "signed_relations",
    "simulation",
    "specification_curve",
    "survival",
    "yearly_networks",
)


def draw(name: str, material: Material) -> Drawing:
    """Draw a figure by name.

    Returns
    -------
    Drawing
        Its facts include those of :meth:`Material.common_facts`.

    Raises
    ------
    ValueError
        If there is no figure of that name.
    """
    if name not in FIGURES:
        raise ValueError(
            f"no figure {name!r}{did_you_mean(name, FIGURES)}; there are {list(FIGURES)}"
        )
    module = import_module(f"innercircle.output.{name}")
    function = cast("Callable[[Material], Drawing]", getattr(module, name))
    drawing = function(material)
    note = str(material.config.get("captions", {}).get(name, ""))
    return replace(drawing, facts={**material.common_facts(), **drawing.facts, "note": note})
