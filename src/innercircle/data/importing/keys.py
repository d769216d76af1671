"""Keys for what comes with names only: short, in ASCII, the same on every machine."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from innercircle.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

# Letters that do not decompose into a letter and an accent.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
)


def identifiers(
    names: Mapping[str, int], what: str, file: str, column: str = ""
) -> tuple[dict[str, str], list[Problem]]:
    """Return a key for every name: its letters and digits in lower case, joined by ``-``.

    A name in another script is numbered instead (``person-3`` is the third name).

    Parameters
    ----------
    names : mapping of str to int
        Names and the rows in which they stand first.
    what : str
        ``person`` or ``event``: begins the keys of names that cannot be spelt in ASCII.
    file, column : str
        Where the names stand, for messages.

    Returns
    -------
    keys : dict of str to str
    problems : list of Problem
        Names that differ only by case, accents or punctuation, and so would share a key: perhaps
        one name in two spellings.
    """
    spelt = {name: _spell(name, what) for name in names}
    owners: dict[str, str] = {}
    problems = []
    for name, key in spelt.items():
        if key and key in owners:
            other = owners[key]
            expected = (
                f"hardly differs from {other!r} in row {names[other]}; spell one {what} one way, "
                "or make two differ by more than case, accents and punctuation"
            )
            problems.append(Problem(file, names[name], column, name, expected))
        elif key:
            owners[key] = name
    for number, (name, key) in enumerate(spelt.items(), start=1):
        if not key:
            free = f"{what}-{number}"
            while free in owners:
                free += "-x"
            owners[free] = name
            spelt[name] = free
    return spelt, problems


def _spell(name: str, what: str) -> str:
    """Return the name as a key, or nothing if a letter of it has none in ASCII."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    if any(mark.isalnum() and not mark.isascii() for mark in plain):
        return ""
    key = "-".join(re.findall("[a-z0-9]+", plain))
    return f"p-{key}" if what == "person" and key[:1].isdigit() else key
