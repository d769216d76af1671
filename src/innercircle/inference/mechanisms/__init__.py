"""Mechanisms of purges: one test a module, each a pure function of data frames.

Every function returns a list of :class:`Mechanism`, takes its randomness from the Generator it is
given, and answers degenerate data with an estimate of NaN and a note that says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innercircle.inference.mechanisms.contagion import close_links, contagion, patron_links
from innercircle.inference.mechanisms.cooling import cooling
from innercircle.inference.mechanisms.encircling import encircling
from innercircle.inference.mechanisms.factions import factions
from innercircle.inference.mechanisms.falls import first_falls
from innercircle.inference.mechanisms.institutions import institutional_conflict
from innercircle.inference.mechanisms.oligarchy import oligarchy
from innercircle.inference.mechanisms.result import Mechanism, mechanism_table

if TYPE_CHECKING:
    from collections.abc import Callable

MECHANISMS: dict[str, Callable[..., list[Mechanism]]] = {
    "encircling": encircling,
    "contagion": contagion,
    "cooling": cooling,
    "factions": factions,
    "oligarchy": oligarchy,
    "institutional_conflict": institutional_conflict,
}

__all__ = [
    "MECHANISMS",
    "Mechanism",
    "close_links",
    "contagion",
    "cooling",
    "encircling",
    "factions",
    "first_falls",
    "institutional_conflict",
    "mechanism_table",
    "oligarchy",
    "patron_links",
]
