"""What a figure is handed on with: its caption, a template filled with numbers that it counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from innercircle.output.tables import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.figure import Figure

DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Drawing:
    """A figure and what its caption states.

    Attributes
    ----------
    figure : matplotlib Figure
    facts : mapping
        Values of the names in the caption's template.
    """

    figure: Figure
    facts: Mapping[str, object]


def render_caption(template: str, facts: Mapping[str, object]) -> str:
    """Return the caption, ending with the note and the source that the facts name.

    Parameters
    ----------
    template : str
        Jinja2; names are those of ``facts``.
    facts : mapping
        With ``source``, and ``note`` if the configuration adds one.

    Raises
    ------
    jinja2.UndefinedError
        If the template asks for a fact that the figure did not state.
    """
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - not HTML
    text = environment.from_string(template).render(facts)
    parts = (text, str(facts.get("note", "")), f"Source: {str(facts['source']).rstrip('.')}.")
    return " ".join(" ".join(parts).split())


def p_text(p: float) -> str:
    """Return a p-value as journals print it: two digits, three below 0.01, and never zero."""
    if p < 0.001:  # noqa: PLR2004 - the convention
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.01 else f"p = {p:.2f}"  # noqa: PLR2004


def between(lo: float, hi: float, decimals: int = 2) -> str:
    """Return an interval in words, so that a minus sign is never taken for a dash."""
    return f"{number(lo, decimals)} to {number(hi, decimals)}"


def listed(items: Iterable[str]) -> str:
    """Return items as a list in a sentence."""
    *head, last = list(items) or ["none"]
    return f"{', '.join(head)} and {last}" if head else last
