"""What went wrong, said to a researcher: file, row, column, value, expectation, remedy."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Enough to see a pattern in the terminal; the count of the rest is always said.
SHOWN_PER_REPORT = 200


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in an input file.

    Attributes
    ----------
    file : str
        Path as the user knows it.
    row : int
        Line of the file, the header being line 1; 0 when the fault is the file's.
    column : str
        Column or key; empty when the fault is the row's or the file's.
    value : str
        What stands there.
    expected : str
        What should stand there, and what to do.
    """

    file: str
    row: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        where = self.file
        if self.row:
            where += f", row {self.row}"
        if self.column:
            what = "key" if self.file.endswith((".yaml", ".json")) else "column"
            where += f", {what} {self.column}"
        found = f": found {self.value!r}" if self.value else ""
        return f"{where}{found}: {self.expected}"


class StudyError(Exception):
    """The input cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        shown = [f"  {problem}" for problem in self.problems[:SHOWN_PER_REPORT]]
        hidden = len(self.problems) - len(shown)
        if hidden:
            shown.append(f"  ... and {hidden} more")
        noun = "problem" if len(self.problems) == 1 else "problems"
        super().__init__("\n".join([f"{len(self.problems)} {noun} found:", *shown]))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the nearest known word, or an empty string."""
    near = difflib.get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
