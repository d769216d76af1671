"""Tests of statements on occasions: how many, who took part, who was away, how large.

A narrative tells of some occasions and not of others. Counts are of told events; comparisons of
periods carry an interval, and share the assumption that an event of one period is as likely to be
told as one of the other. Where the coding fills in a kind that the source leaves open, a test of
kinds needs ``certainty=explicit``, or it would find the coding rule again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innercircle.claims import verdicts
from innercircle.claims.registry import Verdict, claim_test, from_estimate
from innercircle.claims.spans import Span, all_of
from innercircle.claims.statistics import rate_ratio, share, share_difference

if TYPE_CHECKING:
    import pandas as pd

    from innercircle.claims.evidence import ClaimData

_NAN = float("nan")
_TOLD = "told events"


def _events(
    data: ClaimData, kinds: tuple[str, ...], period: Span, body: str = "", certainty: str = ""
) -> pd.DataFrame:
    events = data.events[data.events["day"].between(period.first, period.last).fillna(value=False)]
    if kinds:
        events = events[events["kind"].isin(kinds)]
    if certainty:
        events = events[events["certainty"] == certainty]
    return events[events["body_id"] == body] if body else events


def _attended(
    data: ClaimData,
    persons: tuple[str, ...],
    kinds: tuple[str, ...],
    period: Span,
    body: str = "",
    certainty: str = "",
) -> int:
    """Return the number of attendances of the persons together."""
    told = set(_events(data, kinds, period, body, certainty)["event_id"])
    rows = data.attendances
    return int((rows["event_id"].isin(told) & rows["person_id"].isin(persons)).sum())


@claim_test("event_count")
def event_count(
    data: ClaimData,
    kinds: tuple[str, ...],
    period: Span,
    stated: str,
    body: str = "",
    reading: str = "exact",
) -> Verdict:
    """Test how many events of these kinds there were; the told ones are a lower bound."""
    count = len(_events(data, kinds, period, body))
    verdict = verdicts.of_count(count, stated, reading, complete=False)
    return Verdict(count, "events", verdict, n=count, note=_TOLD)


@claim_test("event_rate_change")
def event_rate_change(
    data: ClaimData,
    kinds: tuple[str, ...],
    earlier: Span,
    later: Span,
    direction: str,
    body: str = "",
) -> Verdict:
    """Test whether events became more (less) frequent, by the exact comparison of Poisson rates."""
    counts = [len(_events(data, kinds, period, body)) for period in (earlier, later)]
    found = rate_ratio(counts[0], earlier.days, counts[1], later.days)
    note = f"{counts[0]} and {counts[1]} {_TOLD}"
    return from_estimate(found, direction, "ratio of rates", sum(counts), note, null=1.0)


@claim_test("event_share")
def event_share(
    data: ClaimData,
    kinds: tuple[str, ...],
    among: tuple[str, ...],
    period: Span,
    body: str = "",
    certainty: str = "",
) -> Verdict:
    """Test whether events of these kinds are most of those of a wider choice of kinds."""
    total = len(_events(data, among, period, body, certainty))
    hits = len(_events(data, tuple(set(kinds) & set(among)), period, body, certainty))
    found = share(hits, total)
    return from_estimate(found, "more", "share of events", total, _TOLD, null=0.5)


@claim_test("event_share_change")
def event_share_change(
    data: ClaimData,
    kinds: tuple[str, ...],
    among: tuple[str, ...],
    earlier: Span,
    later: Span,
    direction: str,
    body: str = "",
    certainty: str = "",
) -> Verdict:
    """Test whether the share of these kinds among a wider choice rose (fell)."""
    chosen = tuple(set(kinds) & set(among))
    totals, hits = (
        [len(_events(data, choice, period, body, certainty)) for period in (earlier, later)]
        for choice in (among, chosen)
    )
    found = share_difference(hits[0], totals[0], hits[1], totals[1])
    note = f"{hits[0]} of {totals[0]} and {hits[1]} of {totals[1]} {_TOLD}"
    return from_estimate(found, direction, "difference of shares", sum(totals), note)


def _was_there(data: ClaimData, person: str, event: str) -> bool | None:
    """Tell whether a person took part in an event; None if the source does not say."""
    rows = data.table("participations")
    own = rows[(rows["event_id"] == event) & (rows["person_id"] == person)]
    there = data.attendances
    if ((there["event_id"] == event) & (there["person_id"] == person)).any():
        return True
    events = data.events[data.events["event_id"] == event]
    complete = len(events) > 0 and events["roster"].iloc[0] == "complete"
    return False if complete or (own["role"] == "absent").any() else None


@claim_test("took_part")
def took_part(data: ClaimData, persons: tuple[str, ...], event: str) -> Verdict:
    """Test whether all of the persons took part in an event."""
    answers = [_was_there(data, person, event) for person in persons]
    there = sum(answer is True for answer in answers)
    return Verdict(there, "took part", verdicts.from_answer(all_of(answers)), n=len(persons))


@claim_test("was_absent")
def was_absent(data: ClaimData, persons: tuple[str, ...], event: str) -> Verdict:
    """Test whether none of the persons took part in an event."""
    answers = [_was_there(data, person, event) for person in persons]
    away = [None if answer is None else not answer for answer in answers]
    count = sum(answer is True for answer in away)
    return Verdict(count, "away", verdicts.from_answer(all_of(away)), n=len(persons))


@claim_test("roster_size")
def roster_size(data: ClaimData, event: str, stated: str, reading: str = "exact") -> Verdict:
    """Test how many took part in an event."""
    events = data.events[data.events["event_id"] == event]
    count = int((data.attendances["event_id"] == event).sum())
    complete = len(events) > 0 and events["roster"].iloc[0] == "complete"
    verdict = verdicts.of_count(count, stated, reading, complete=complete)
    return Verdict(count, "took part", verdict, n=count, note="" if complete else "roster in part")


@claim_test("roster_is")
def roster_is(data: ClaimData, persons: tuple[str, ...], event: str) -> Verdict:
    """Test whether exactly these persons took part in an event."""
    rows = data.attendances
    there = set(rows.loc[rows["event_id"] == event, "person_id"])
    events = data.events[data.events["event_id"] == event]
    complete = len(events) > 0 and events["roster"].iloc[0] == "complete"
    further = there - set(persons)
    answers = [_was_there(data, person, event) for person in persons]
    answer = False if further else all_of([*answers, True if complete else None])
    return Verdict(len(there), "took part", verdicts.from_answer(answer), n=len(persons))


@claim_test("met_on")
def met_on(data: ClaimData, persons: tuple[str, ...], date: Span) -> Verdict:
    """Test whether the persons took part in one event at a date; silence proves nothing."""
    told = _events(data, (), date)["event_id"]
    rows = data.attendances
    rows = rows[rows["event_id"].isin(told) & rows["person_id"].isin(persons)]
    together = int((rows.groupby("event_id")["person_id"].nunique() == len(persons)).sum())
    verdict = verdicts.of_count(together, "1", "at_least", complete=False)
    return Verdict(together, "events with all of them", verdict, n=len(persons), note=_TOLD)


@claim_test("attended_less")
def attended_less(
    data: ClaimData,
    persons: tuple[str, ...],
    others: tuple[str, ...],
    period: Span,
    kinds: tuple[str, ...] = (),
    body: str = "",
    certainty: str = "",
) -> Verdict:
    """Test whether persons took part in fewer events than others did, per head."""
    own = _attended(data, persons, kinds, period, body, certainty)
    theirs = _attended(data, others, kinds, period, body, certainty)
    found = rate_ratio(theirs, len(others), own, len(persons))
    note = f"{own} attendances of {len(persons)}, {theirs} of {len(others)} others"
    return from_estimate(found, "less", "ratio of attendances a head", own + theirs, note, null=1.0)


@claim_test("coattended_more")
def coattended_more(
    data: ClaimData, persons: tuple[str, ...], others: tuple[str, ...], period: Span
) -> Verdict:
    """Test whether the first pair took part in more events together than the second pair."""
    counts = []
    for pair in (others, persons):
        told = _events(data, (), period)["event_id"]
        rows = data.attendances
        rows = rows[rows["event_id"].isin(told) & rows["person_id"].isin(pair)]
        counts.append(int((rows.groupby("event_id")["person_id"].nunique() == len(pair)).sum()))
    found = rate_ratio(counts[0], 1, counts[1], 1)
    note = f"{counts[1]} and {counts[0]} {_TOLD}"
    return from_estimate(found, "more", "ratio of joint events", sum(counts), note, null=1.0)


@claim_test("attended_without_seat")
def attended_without_seat(
    data: ClaimData, person: str, body: str, period: Span, stated: str
) -> Verdict:
    """Test whether a person, not a member, took part in at least so many of a body's events."""
    seats = data.members(body, period)
    count = _attended(data, (person,), (), period, body)
    if person in seats[0]:
        verdict, note = verdicts.CONTRADICTED, "was a member"
    else:
        verdict, note = verdicts.of_count(count, stated, "at_least", complete=False), _TOLD
        if person in seats[1]:
            verdict, note = verdicts.INCONCLUSIVE, "may have been a member"
    return Verdict(count, "events of the body", verdict, n=count, note=note)
