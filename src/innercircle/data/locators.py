"""Locators: where in the source a coded fact stands.

A locator is ``CHAPTER:NOTE`` (the endnote that closes the passage), ``CHAPTER:sN`` (the N-th
titled section of a chapter) or a bare part such as ``app2``; several are joined by ``;``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innercircle.data.study import Study


def split_locators(text: str) -> list[str]:
    """Return the single locators in a cell."""
    return [part.strip() for part in text.split(";") if part.strip()]


def chapters_of(text: str) -> list[str]:
    """Return the chapters that a locator cell points to, each once, in order."""
    return list(dict.fromkeys(part.partition(":")[0] for part in split_locators(text)))


def source_parts(study: Study) -> list[str]:
    """Return the parts of the source (chapters) that a study's rows point to, sorted."""
    located = [table["locator"] for table in study.tables.values() if "locator" in table]
    cells = {cell for column in located for cell in column}
    return sorted({part for cell in cells for part in chapters_of(cell)})
