"""Persons or events that may have been entered twice.

Both lists are for a reader to decide: a study keeps the pairs that it accepts as two in
``accepted_pairs.csv``, each with the reason.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from innercircle.data.dates import parse_date
from innercircle.data.passages import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_NEAR = 1  # edits between two surnames
_SHORT = 5  # below this length one edit makes another name
_OVERLAP = 0.5  # of the smaller roster
_LONG = 100  # days; vaguer dates overlap with everything


def near_names(persons: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield pairs of person ids whose surnames are equal or one edit apart (Levenshtein)."""
    names = [(row.person_id, normalise(row.surname)) for row in persons.itertuples()]
    for (a, first), (b, second) in combinations(sorted(names), 2):
        near = _NEAR if min(len(first), len(second)) >= _SHORT else 0
        if edit_distance(first, second) <= near:
            yield a, b


def edit_distance(first: str, second: str) -> int:
    """Return the least number of insertions, deletions and substitutions between two words."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(second, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


def near_events(events: pd.DataFrame, participations: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield pairs of events whose dates overlap and which share most of their members.

    Shared means at least two persons and half of the smaller roster; events dated less exactly than
    to a season are left out, since they overlap with everything.
    """
    rosters = participations.groupby("event_id")["person_id"].agg(set).to_dict()
    dated = []
    for event in events.itertuples():
        earliest, latest = parse_date(event.start)
        if earliest and latest and (latest - earliest).days <= _LONG:
            dated.append((event.event_id, earliest, latest))
    for (a, start_a, end_a), (b, start_b, end_b) in combinations(sorted(dated), 2):
        shared = rosters.get(a, set()) & rosters.get(b, set())
        smaller = min(len(rosters.get(a, ())), len(rosters.get(b, ())))
        enough = len(shared) >= 2 and len(shared) >= _OVERLAP * smaller
        if start_a <= end_b and start_b <= end_a and enough:
            yield a, b
