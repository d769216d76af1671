"""Two-mode networks: which persons took part in which events, per year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from innercircle.data.dates import parse_date, year_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike


@dataclass(frozen=True)
class TwoMode:
    """A person-by-event matrix.

    Attributes
    ----------
    persons, events : tuple of str
        Labels of the rows and of the columns, sorted.
    incidence : csr_array of shape (n_persons, n_events)
        1 where a person took part in an event.
    """

    persons: tuple[str, ...]
    events: tuple[str, ...]
    incidence: csr_array

    def without(self, person: str) -> TwoMode:
        """Return the same events as attended by everyone else."""
        keep = np.array([name != person for name in self.persons], dtype=bool)
        persons = tuple(name for name in self.persons if name != person)
        return TwoMode(persons, self.events, self.incidence[keep])


def attendances(
    events: pd.DataFrame,
    participations: pd.DataFrame,
    modes: Sequence[str],
    excluded_roles: Sequence[str],
) -> pd.DataFrame:
    """Return one row per person and event that counts as taking part.

    Parameters
    ----------
    events, participations : DataFrame
        The raw tables, already filtered by status.
    modes : sequence of str
        Modes of event that count (session, poll, ...).
    excluded_roles : sequence of str
        Roles that do not count as taking part (subject, absent, ...).

    Returns
    -------
    DataFrame
        Columns year, event_id, person_id, mode; an event that spans years counts in its first.
    """
    counted = events.loc[events["mode"].isin(modes), ["event_id", "mode", "start"]]
    counted = counted.assign(year=counted["start"].map(year_of))
    took_part = participations.loc[
        ~participations["role"].isin(excluded_roles), ["event_id", "person_id"]
    ].drop_duplicates()
    joined = took_part.merge(counted, on="event_id", validate="many_to_one")
    return joined[["year", "event_id", "person_id", "mode"]].sort_values(
        ["year", "event_id", "person_id"], ignore_index=True
    )


def two_mode(person_ids: ArrayLike, event_ids: ArrayLike) -> TwoMode:
    """Return the matrix of persons by events from parallel sequences, one entry an attendance."""
    rows, persons = pd.factorize(np.asarray(person_ids, dtype=object), sort=True)
    columns, events = pd.factorize(np.asarray(event_ids, dtype=object), sort=True)
    shape = (len(persons), len(events))
    ones = np.ones(len(rows), dtype=np.int64)
    incidence = csr_array((ones, (rows, columns)), shape=shape)
    incidence.data[:] = 1  # a person counts once at an event however often listed
    return TwoMode(tuple(persons), tuple(events), incidence)


def possible_attendance(
    matrix: TwoMode, starts: Mapping[str, str] | None, died: Mapping[str, dt.date] | None
) -> np.ndarray | None:
    """Return which persons were alive at which events; where one is coded as present, one was.

    Returns
    -------
    ndarray of bool, shape (n_persons, n_events), or None
        None if nobody present died before one of the events, so that everything was possible.
    """
    mortal = [person for person in matrix.persons if died and person in died]
    if not mortal or starts is None or died is None:
        return None
    days = [parse_date(starts[event]).earliest for event in matrix.events]
    possible = np.ones(matrix.incidence.shape, dtype=bool)
    for person in mortal:
        row = matrix.persons.index(person)
        possible[row] = [day is None or day <= died[person] for day in days]
    possible |= matrix.incidence.toarray() > 0  # the source may contradict itself
    return None if possible.all() else possible
