"""Tests of statements on who belonged to a body at a date.

A body whose members the source lists in full (``complete_rosters`` in the configuration) is counted
as it is. For any other, those known to belong are a lower bound, and someone not listed may have
belonged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innercircle.claims import verdicts
from innercircle.claims.registry import Verdict, claim_test
from innercircle.claims.spans import all_of, span

if TYPE_CHECKING:
    from innercircle.claims.evidence import ClaimData
    from innercircle.claims.spans import Span

_LOWER_BOUND = "members as told, a lower bound"


def _belongs(
    data: ClaimData, person: str, body: str, date: Span, roles: tuple[str, ...]
) -> bool | None:
    sure, maybe = data.members(body, date, roles)
    if person in sure:
        return True
    if data.complete(body, date):
        return False
    spells = data.spells
    told = spells[(spells["person_id"] == person) & (spells["body_id"] == body)]
    # Someone whose only spells are told to lie elsewhere in time did not belong at the date.
    return False if len(told) and person not in maybe and not roles else None


def _answer(answer: bool | None, n: int, name: str, note: str = "") -> Verdict:
    value = float("nan") if answer is None else float(answer)
    return Verdict(value, name, verdicts.from_answer(answer), n=n, note=note)


@claim_test("body_size")
def body_size(
    data: ClaimData,
    body: str,
    date: Span,
    stated: str,
    roles: tuple[str, ...] = (),
    reading: str = "exact",
) -> Verdict:
    """Test how many members a body had."""
    members = data.members(body, date, roles)[0]
    complete = data.complete(body, date)
    verdict = verdicts.of_count(len(members), stated, reading, complete=complete)
    note = "" if complete else _LOWER_BOUND
    return Verdict(len(members), "members", verdict, n=len(members), note=note)


@claim_test("joint_membership")
def joint_membership(
    data: ClaimData, persons: tuple[str, ...], body: str, date: Span, roles: tuple[str, ...] = ()
) -> Verdict:
    """Test whether all of the persons belonged to a body at a date."""
    answers = [_belongs(data, person, body, date, roles) for person in persons]
    return _answer(all_of(answers), len(persons), "all were members")


@claim_test("not_member")
def not_member(
    data: ClaimData, persons: tuple[str, ...], body: str, date: Span, roles: tuple[str, ...] = ()
) -> Verdict:
    """Test whether none of the persons belonged to a body at a date."""
    answers = [_belongs(data, person, body, date, roles) for person in persons]
    outside = [None if answer is None else not answer for answer in answers]
    return _answer(all_of(outside), len(persons), "none was a member")


@claim_test("members_among")
def members_among(
    data: ClaimData, persons: tuple[str, ...], body: str, date: Span, quantifier: str
) -> Verdict:
    """Test how many of the persons (most, all ...) belonged to a body at a date."""
    answers = [_belongs(data, person, body, date, ()) for person in persons]
    inside, outside = answers.count(True), answers.count(False)
    verdict = verdicts.of_share(inside, outside, len(persons), quantifier)
    return Verdict(inside, "of them members", verdict, n=len(persons))


def _compare_dates(
    data: ClaimData,
    body: str,
    start: Span,
    stop: Span,
    roles: tuple[str, ...],
    later_roles: tuple[str, ...] = (),
) -> tuple[set[str], set[str], bool]:
    before = data.members(body, start, roles)[0]
    after = data.members(body, stop, later_roles)[0]
    return before, after, data.complete(body, start) and data.complete(body, stop)


def _compared(count: int, stated: str, reading: str, complete: bool, name: str) -> Verdict:
    # A member not told of at one of the dates can make the count too high as well as too low.
    verdict = verdicts.of_count(count, stated, reading, complete=True)
    if not complete:
        return Verdict(count, name, verdicts.INCONCLUSIVE, n=count, note=_LOWER_BOUND)
    return Verdict(count, name, verdict, n=count)


@claim_test("members_kept")
def members_kept(
    data: ClaimData,
    body: str,
    start: Span,
    stop: Span,
    stated: str,
    roles: tuple[str, ...] = (),
    reading: str = "exact",
) -> Verdict:
    """Test how many members at one date (in these roles) were members, in any role, at another."""
    before, after, complete = _compare_dates(data, body, start, stop, roles)
    return _compared(len(before & after), stated, reading, complete, f"kept of {len(before)}")


@claim_test("members_lost")
def members_lost(
    data: ClaimData,
    body: str,
    start: Span,
    stop: Span,
    stated: str,
    roles: tuple[str, ...] = (),
    reading: str = "exact",
) -> Verdict:
    """Test how many members at one date (in these roles) were not members at another."""
    before, after, complete = _compare_dates(data, body, start, stop, roles)
    return _compared(len(before - after), stated, reading, complete, f"lost of {len(before)}")


@claim_test("members_new")
def members_new(
    data: ClaimData,
    body: str,
    start: Span,
    stop: Span,
    stated: str,
    roles: tuple[str, ...] = (),
    reading: str = "exact",
) -> Verdict:
    """Test how many members at the later date (in these roles) had not been members before."""
    before, after, complete = _compare_dates(data, body, start, stop, (), roles)
    return _compared(len(after - before), stated, reading, complete, f"new of {len(after)}")


def _overlap(
    data: ClaimData,
    body: str,
    bodies: tuple[str, ...],
    date: Span,
    roles: tuple[str, ...],
    other_roles: tuple[str, ...],
) -> tuple[set[str], set[str], bool]:
    """Return a body's members, those of them in the other bodies, and if all lists are complete."""
    members = data.members(body, date, roles)[0]
    elsewhere = {p for other in bodies for p in data.members(other, date, other_roles)[0]}
    complete = all(data.complete(name, date) for name in (body, *bodies))
    return members, members & elsewhere, complete


@claim_test("body_overlap")
def body_overlap(
    data: ClaimData,
    body: str,
    bodies: tuple[str, ...],
    date: Span,
    stated: str = "",
    quantifier: str = "",
    roles: tuple[str, ...] = (),
    other_roles: tuple[str, ...] = (),
    reading: str = "exact",
) -> Verdict:
    """Test how many (or what part) of a body's members also sat in any of the other bodies."""
    members, both, complete = _overlap(data, body, bodies, date, roles, other_roles)
    if stated:
        verdict = verdicts.of_count(len(both), stated, reading, complete=complete)
    else:
        outside = len(members) - len(both) if complete else 0
        verdict = verdicts.of_share(len(both), outside, len(members), quantifier or "all")
    note = "" if complete else _LOWER_BOUND
    return Verdict(len(both), f"in both, of {len(members)}", verdict, n=len(members), note=note)


@claim_test("members_outside")
def members_outside(
    data: ClaimData,
    body: str,
    bodies: tuple[str, ...],
    date: Span,
    stated: str,
    roles: tuple[str, ...] = (),
) -> Verdict:
    """Test how many of a body's members sat in none of the other bodies.

    Where the lists of the others are lower bounds, the count is an upper bound.
    """
    members, both, complete = _overlap(data, body, bodies, date, roles, ())
    outside = len(members) - len(both)
    verdict = verdicts.of_number(outside, outside, stated)
    if verdict == verdicts.CONTRADICTED and not complete and outside > float(stated):
        verdict = verdicts.INCONCLUSIVE
    note = "" if complete else "the other bodies' members are told in part: an upper bound"
    return Verdict(outside, f"outside, of {len(members)}", verdict, n=len(members), note=note)


@claim_test("members_outside_event")
def members_outside_event(
    data: ClaimData,
    body: str,
    event: str,
    stated: str,
    roles: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
) -> Verdict:
    """Test how many members of a body at the time, some left aside, took no part in an event."""
    found = data.events[data.events["event_id"] == event]
    if found.empty:
        note = "the event is told in the claim's own passage only"
        return Verdict(float("nan"), "members outside", verdicts.INCONCLUSIVE, note=note)
    date = span(found["start"].iloc[0])
    members = data.members(body, date, roles)[0] - set(without)
    rows = data.attendances
    outside = members - set(rows.loc[rows["event_id"] == event, "person_id"])
    complete = data.complete(body, date) and found["roster"].iloc[0] == "complete"
    return _compared(len(outside), stated, "exact", complete, f"outside, of {len(members)}")
