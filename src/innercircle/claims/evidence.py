"""What the tests of claims look at: the accepted rows of a study, and its measures.

The same evidence can be had without the rows that stand in a claim's own passage alone. A verdict
that stays the same without them does not rest on the sentence that it judges.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING

import pandas as pd

from innercircle.claims.spans import FUTURE, PAST, Span, opening_day, span
from innercircle.data.locators import split_locators
from innercircle.data.study import Study, with_status
from innercircle.networks.access import access_by_year

if TYPE_CHECKING:
    from collections.abc import Collection

    from innercircle.data.config import Config

# Tables that say who and what there is; no claim is tested by them.
_NAMES = ("persons", "bodies", "name_variants")
# Which tables each derived one is made from.
_DERIVED = {
    "access": ["contacts"],
    "days_recorded": ["contacts"],
    "spells": ["memberships"],
    "fates": ["fates"],
    "events": ["events"],
    "attendances": ["events", "participations"],
    "ties": ["ties"],
}
# Derived by adding columns: the rows are those of the table of the same name.
_ROW_BY_ROW = ("fates", "events", "ties")


class MissingTableError(LookupError):
    """The study does not have a table that a test needs."""


@dataclass(frozen=True)
class ClaimData:
    """Evidence for the tests of claims.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Raw tables, filtered by status.
    config : dict
        The study's configuration.
    measures : dict of str to DataFrame
        ``centrality`` and ``cohesion``, the long tables of the measures; may be empty.
    """

    tables: dict[str, pd.DataFrame]
    config: Config
    measures: dict[str, pd.DataFrame] = field(default_factory=dict)

    @classmethod
    def from_study(
        cls, study: Study, config: Config, measures: dict[str, pd.DataFrame] | None = None
    ) -> ClaimData:
        """Take the rows of a study that the configuration accepts."""
        tables = {
            name: with_status(table, config["status"]) if "status" in table else table
            for name, table in study.tables.items()
        }
        return cls(tables, config, measures or {})

    def table(self, name: str) -> pd.DataFrame:
        """Return a table; :class:`MissingTableError` if the study does not have it."""
        if name in self.tables:
            return self.tables[name]
        if name in self.measures:
            return self.measures[name]
        raise MissingTableError(f"the study has no table {name}")

    @cached_property
    def _places(self) -> dict[str, list[frozenset[str]]]:
        return {
            name: [frozenset(split_locators(cell)) for cell in table["locator"]]
            for name, table in self.tables.items()
            if "locator" in table and name not in _NAMES
        }

    def without(self, locators: Collection[str]) -> ClaimData:
        """Return the evidence without rows that stand in these passages and nowhere else.

        Measures are kept: each rests on a whole year of coded rows.
        """
        own = frozenset(locators)
        tables = dict(self.tables)
        for name, places in self._places.items():
            keep = [not place <= own for place in places]
            if not all(keep):
                tables[name] = tables[name][keep]
        rest = ClaimData(tables, self.config, self.measures)
        for derived, sources in _DERIVED.items():  # what no dropped row went into stays as it is
            if derived in self.__dict__ and all(
                tables.get(name) is self.tables.get(name) for name in sources
            ):
                rest.__dict__[derived] = self.__dict__[derived]
            elif derived in self.__dict__ and derived in _ROW_BY_ROW:
                rest.__dict__[derived] = self.__dict__[derived].loc[tables[derived].index]
        return rest

    @cached_property
    def access(self) -> pd.DataFrame:
        """Visits and minutes with the leader: year, person_id, visits, minutes."""
        return access_by_year(self.table("contacts"), self.config.get("leader", ""))

    @cached_property
    def days_recorded(self) -> dict[int, int]:
        """Days of each year that the record of visits covers."""
        contacts = self.table("contacts")
        spans = [span(period) for period in contacts["period"]]
        days: dict[int, int] = {}
        for covered in spans:
            if len(covered.years) == 1:
                year = covered.years[0]
                days[year] = max(days.get(year, 0), covered.days)
        return days

    @cached_property
    def spells(self) -> pd.DataFrame:
        """Spells in bodies with the days on which they surely and perhaps held.

        Columns person_id, body_id, role, start, end (spans of the two dates), sure_from, sure_to,
        maybe_from, maybe_to. A spell without an end surely holds to the end of the year in which it
        starts, the package's rule, and perhaps for ever.
        """
        rows = [
            (
                s.person_id,
                s.body_id,
                s.role,
                span(s.start),
                _end_span(s.end),
                *_held(s.start, s.end),
            )
            for s in self.table("memberships").itertuples(index=False)
        ]
        columns = ["person_id", "body_id", "role", "start", "end", *_HELD]
        return _joined(pd.DataFrame(rows, columns=columns))

    @cached_property
    def fates(self) -> pd.DataFrame:
        """Outcomes: person_id, outcome, body_id and ``when``, the span of the date."""
        fates = self.table("fates")
        return fates.assign(when=[span(date) for date in fates["date"]])

    @cached_property
    def events(self) -> pd.DataFrame:
        """Events with ``day``, the first day that their date allows."""
        events = self.table("events")
        days = [opening_day(start) for start in events["start"]]
        return events.assign(day=pd.array(days, dtype="Int64"))

    @cached_property
    def attendances(self) -> pd.DataFrame:
        """Who took part in what: event columns, person_id, role; without absentees and subjects."""
        excluded = self.config["layers"].get("attendance", {}).get("excluded_roles", [])
        people = self.table("participations")[["event_id", "person_id", "role"]]
        joined = people[~people["role"].isin(excluded)].merge(self.events, on="event_id")
        return joined.drop_duplicates(["event_id", "person_id"])

    @cached_property
    def ties(self) -> pd.DataFrame:
        """Ties with ``day`` (first day of the start) and ``held``, the span in which they held."""
        ties = self.table("ties")
        layers = self.config["layers"]
        lasting = {name for layer in layers.values() for name in layer.get("lasting", [])}
        days = [opening_day(s, e) for s, e in zip(ties["start"], ties["end"], strict=True)]
        held = [
            _tie_span(tie.start, tie.end, lasts=tie.relation in lasting)
            for tie in ties.itertuples(index=False)
        ]
        return ties.assign(day=pd.array(days, dtype="Int64"), held=held)

    def members(
        self, body: str, when: Span, roles: Collection[str] = ()
    ) -> tuple[set[str], set[str]]:
        """Return who surely, and who at least perhaps, belonged to a body at some day of a span."""
        spells = self.spells[self.spells["body_id"] == body]
        if roles:
            spells = spells[spells["role"].isin(roles)]
        sure = spells[(spells["sure_from"] <= when.last) & (spells["sure_to"] >= when.first)]
        maybe = spells[(spells["maybe_from"] <= when.last) & (spells["maybe_to"] >= when.first)]
        known = set(sure["person_id"])
        if self.complete(body, when):
            return known, known
        return known, known | set(maybe["person_id"])

    def complete(self, body: str, when: Span) -> bool:
        """Tell whether the source lists all members of a body throughout a span."""
        return any(
            rule["body"] == body and span(f"{rule['first']}/{rule['last']}").covers(when) is True
            for rule in self.config.get("complete_rosters", [])
        )


_HELD = ["sure_from", "sure_to", "maybe_from", "maybe_to"]


def _end_span(end: str) -> Span:
    return span(end) if end else Span(FUTURE, FUTURE)


def _year_end(day: int) -> int:
    return dt.date(dt.date.fromordinal(day).year, 12, 31).toordinal()


def _held(start: str, end: str) -> tuple[int, int, int, int]:
    """Return the days on which a spell surely and perhaps held (sure days may be none)."""
    if not start and not end:
        return FUTURE, PAST, PAST, FUTURE
    begins, ends = span(start), span(end)
    sure_from = begins.last if start else ends.first
    if not start and ends.first == PAST:
        sure_from = ends.last
    sure_to = ends.first
    if not end:
        sure_to = _year_end(sure_from) if sure_from < FUTURE else PAST
    elif ends.first == PAST:  # "by then at the latest": it held at least when it began
        sure_to = sure_from if start else ends.last
    return sure_from, sure_to, begins.first, ends.last


def _joined(spells: pd.DataFrame) -> pd.DataFrame:
    """Drop a spell whose end is told less exactly than that of another of the same role.

    The other one takes over the earlier start: both are accounts of one spell.
    """
    drop = set()
    key = ["person_id", "body_id", "role"]
    begins = {name: spells[name].to_numpy().copy() for name in ("sure_from", "maybe_from")}
    ends = spells["end"].tolist()
    twice = spells[spells.duplicated(key, keep=False)]
    for rows in twice.groupby(key, sort=False).indices.values():
        labels = twice.index[rows]
        for vague, exact in permutations(labels, 2):
            inside = ends[vague].covers(ends[exact]) is True and ends[vague] != ends[exact]
            if inside and begins["maybe_from"][vague] <= begins["maybe_from"][exact]:
                drop.add(vague)
                for days in begins.values():
                    days[exact] = min(days[exact], days[vague])
    spells = spells.assign(**begins)
    return spells.drop(index=sorted(drop)).reset_index(drop=True)


def _tie_span(start: str, end: str, *, lasts: bool) -> Span | None:
    if not start and not end:
        return None
    begins, ends = span(start or end), span(end or start)
    first = begins.first if begins.first > PAST else begins.last
    last = FUTURE if lasts and not end else ends.last
    return Span(first, max(last, first))
