"""A plain-text copy of the source, split into the passages that locators point to.

The text itself never enters a project; a study only describes how its source is laid out
(``source_text`` in the configuration): the heading of each part, and where the endnotes start. A
passage is the text that a superscript note number closes, together with that endnote; each titled
section of a part is a passage too.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from pathlib import Path

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTE_MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
# A section title stands alone on its line, in capitals.
_TITLE = re.compile(r"[A-Z][^a-z|]{10,90}")
_HYPHENATED = re.compile(r"(?<=[a-z])-\n+(?=[a-z])")


@dataclass(frozen=True)
class Source:
    """The passages of a source.

    Attributes
    ----------
    passages : dict of str to str
        Normalised text by locator.
    sections : dict of str to str
        Locator of the section (``6:s2``) that each note's passage lies in; a section is its own.
    titles : dict of str to str
        Title of each section as printed, for the coverage table.
    """

    passages: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def text(self, locators: list[str]) -> str:
        """Return the text of several passages together; unknown locators add nothing."""
        return "\n".join(self.passages.get(locator, "") for locator in locators)


def normalise(text: str) -> str:
    """Return text in lower case without accents, as names are compared."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return plain.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()


def read_source(path: Path, layout: dict[str, Any]) -> Source:
    """Split a plain-text copy of a source.

    Parameters
    ----------
    path : Path
        UTF-8 text; endnote marks are superscript numbers that restart in each part.
    layout : dict
        ``source_text`` of the configuration: ``parts`` (id and heading line of each), ``notes``
        (heading line of the endnotes, and how the heading of each part's notes begins), ``end``
        (heading line after which nothing is read).

    Raises
    ------
    StudyError
        If the text is not UTF-8, or a heading of the layout is not a line of it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
        starts = _starts(lines, layout)
    except ValueError as error:
        raise StudyError([Problem(str(path), 0, "", "", str(error))]) from error
    source = Source()
    for (part, first), (_, last) in itertools.pairwise(starts):
        if part == "notes":
            _read_notes(source, lines[first + 1 : last], layout["notes"]["parts"])
        else:
            _read_part(source, part, lines[first + 1 : last])
    return Source(
        {locator: normalise(text) for locator, text in source.passages.items()},
        source.sections,
        source.titles,
    )


def _starts(lines: list[str], layout: dict[str, Any]) -> list[tuple[str, int]]:
    headings = [(part["id"], part["heading"]) for part in layout["parts"]]
    headings += [("notes", layout["notes"]["heading"]), ("end", layout["end"])]
    starts = []
    after = 0
    for part, heading in headings:
        if heading not in lines[after:]:
            raise ValueError(f"the text has no line {heading!r}, the heading of part {part}")
        after = lines.index(heading, after)
        starts.append((part, after))
    return starts


def _read_part(source: Source, part: str, lines: list[str]) -> None:
    number, buffer = 0, [""]
    title = ""
    for line in [*lines, None]:
        is_title = line is not None and _TITLE.fullmatch(line) and not part.startswith("app")
        if line is None or is_title:
            _read_section(source, part, number, title, "\n".join(buffer))
            number, title, buffer = number + 1, line or "", []
        else:
            buffer.append(line)


def _read_section(source: Source, part: str, number: int, title: str, text: str) -> None:
    text = re.sub(r"\n+", "\n", _HYPHENATED.sub("", text))
    section = part if part.startswith("app") else f"{part}:s{number}"
    source.passages[section] = f"{title}\n{text}"
    source.sections[section] = section
    source.titles[section] = title
    position = 0
    for mark in _NOTE_MARK.finditer(text):
        locator = f"{part}:{mark.group().translate(_SUPERSCRIPTS)}"
        source.passages[locator] = source.passages.get(locator, "") + text[position : mark.start()]
        source.sections.setdefault(locator, section)
        position = mark.end()


def _read_notes(source: Source, lines: list[str], headings: dict[str, str]) -> None:
    part, locator = "", ""
    for line in lines:
        found = [key for key, heading in headings.items() if line.startswith(heading)]
        if found:
            part, locator = found[0], ""
        numbered = re.match(r"(\d+)\. ", line)
        if numbered and part:
            locator = f"{part}:{numbered.group(1)}"
        if locator in source.passages:
            source.passages[locator] += f"\n{line}"
