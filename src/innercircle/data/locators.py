"""Locators: where in the source a coded fact stands.

A locator is ``CHAPTER:NOTE`` (the endnote that closes the passage), ``CHAPTER:sN`` (the N-th
titled section of a chapter) or a bare part such as ``app2``; several are joined by ``;``.
"""

from __future__ import annotations

import re

_LOCATOR = re.compile(r"(?P<chapter>[a-z0-9]+)(?::(?P<place>s?\d+))?")


def split_locators(text: str) -> list[str]:
    """Return the single locators in a cell."""
    return [part.strip() for part in text.split(";") if part.strip()]


def is_locator(text: str) -> bool:
    """Tell whether one locator is well formed."""
    return _LOCATOR.fullmatch(text) is not None


def chapters_of(text: str) -> list[str]:
    """Return the chapters that a locator cell points to, each once, in order."""
    return list(dict.fromkeys(part.partition(":")[0] for part in split_locators(text)))
