"""Tests of statements on entries into a body, exits from it, and time spent there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from innercircle.claims import verdicts
from innercircle.claims.registry import Verdict, claim_test
from innercircle.claims.spans import DAYS, FUTURE, PAST, Span, all_of

if TYPE_CHECKING:
    from innercircle.claims.evidence import ClaimData

_NAN = float("nan")


def _moves(data: ClaimData, body: str, roles: tuple[str, ...], *, into: bool) -> pd.DataFrame:
    """Return entries or exits: person_id and ``when``, a span.

    A change of role is neither, unless roles are named.
    """
    spells = data.spells[data.spells["body_id"] == body]
    if roles:
        spells = spells[spells["role"].isin(roles)]
    rows = []
    for person, own in spells.groupby("person_id", sort=True):
        begins, ends = own["maybe_from"].to_numpy(), own["maybe_to"].to_numpy()
        for when in own["start"] if into else own["end"]:
            if when.first == PAST or when.last >= FUTURE:
                continue
            if into:
                joined = (begins < when.first) & (ends >= when.first - 1)
            else:
                joined = (ends > when.last) & (begins <= when.last + 1)
            if not joined.any():  # else it is a change of role
                rows.append((person, when))
    return pd.DataFrame(rows, columns=["person_id", "when"])


def _movers(moves: pd.DataFrame, period: Span) -> tuple[set[str], set[str]]:
    """Return who surely, and who at least perhaps, moved in a period."""
    sure, maybe = (
        [period.covers(when) in answers for when in moves["when"]]
        for answers in ((True,), (True, None))
    )
    return set(moves.loc[sure, "person_id"]), set(moves.loc[maybe, "person_id"])


def _of_movers(
    sure: set[str], maybe: set[str], stated: str, reading: str, *, complete: bool
) -> str:
    if complete:
        return verdicts.of_number(len(sure), len(maybe), stated, reading)
    return verdicts.of_count(len(sure), stated, reading, complete=False)


def _last_exit(exits: pd.DataFrame, person: str) -> Span | None:
    own = exits.loc[exits["person_id"] == person, "when"].tolist()
    return max(own, key=lambda when: when.last) if own else None


def _stayed(data: ClaimData, person: str, body: str) -> bool:
    """Tell whether a person is known to belong when the source stops looking."""
    spells = data.spells
    own = spells[(spells["person_id"] == person) & (spells["body_id"] == body)]
    return bool(((own["maybe_to"] == FUTURE) & (own["sure_to"] > own["sure_from"])).any())


@claim_test("entered")
def entered(
    data: ClaimData,
    body: str,
    period: Span,
    stated: str,
    roles: tuple[str, ...] = (),
    reading: str = "exact",
) -> Verdict:
    """Test how many persons entered a body (these roles of it) in a period."""
    sure, maybe = _movers(_moves(data, body, roles, into=True), period)
    verdict = _of_movers(sure, maybe, stated, reading, complete=data.complete(body, period))
    return Verdict(len(sure), "entered", verdict, n=len(sure))


@claim_test("left_body")
def left_body(
    data: ClaimData,
    body: str,
    period: Span,
    stated: str,
    persons: tuple[str, ...] = (),
    reading: str = "exact",
) -> Verdict:
    """Test how many (of these persons, if any are named) left a body in a period."""
    exits = _moves(data, body, (), into=False)
    if persons:
        exits = exits[exits["person_id"].isin(persons)]
    sure, maybe = _movers(exits, period)
    verdict = _of_movers(sure, maybe, stated, reading, complete=data.complete(body, period))
    return Verdict(len(sure), "left", verdict, n=len(persons) or len(sure))


@claim_test("moved")
def moved(
    data: ClaimData, persons: tuple[str, ...], body: str, period: Span, roles: tuple[str, ...] = ()
) -> Verdict:
    """Test whether each of the persons entered or left a body (these roles of it) in a period."""
    moves = pd.concat([_moves(data, body, roles, into=into) for into in (True, False)])
    sure, maybe = _movers(moves[moves["person_id"].isin(persons)], period)
    missing = len(persons) - len(maybe) if data.complete(body, period) else 0
    verdict = verdicts.of_share(len(sure), missing, len(persons), "all")
    return Verdict(len(sure), "entered or left", verdict, n=len(persons))


@claim_test("entered_on")
def entered_on(
    data: ClaimData, persons: tuple[str, ...], body: str, date: Span, roles: tuple[str, ...] = ()
) -> Verdict:
    """Test whether each of the persons entered a body (these roles of it) at a date."""
    entries = _moves(data, body, roles, into=True)
    answers = []
    for person in persons:
        own = [date.covers(w) for w in entries.loc[entries["person_id"] == person, "when"]]
        fallback = False if data.complete(body, date) else None
        answers.append(True if True in own else (None if None in own else fallback))
    answer = all_of(answers)
    value = _NAN if answer is None else float(answer)
    return Verdict(value, "all entered then", verdicts.from_answer(answer), n=len(persons))


@claim_test("exit_order")
def exit_order(
    data: ClaimData, persons: tuple[str, ...], body: str, then: tuple[str, ...] = ()
) -> Verdict:
    """Test whether persons left a body one after another, and before each of those in ``then``."""
    told = _moves(data, body, (), into=False)
    exits = {person: _last_exit(told, person) for person in (*persons, *then)}
    pairs = list(pairwise(persons))
    pairs += [(persons[-1], person) for person in then]
    answers: list[bool | None] = []
    for first, second in pairs:
        earlier, later = exits[first], exits[second]
        if earlier is not None and later is None:
            answers.append(True if _stayed(data, second, body) else None)
        elif earlier is None or later is None:
            answers.append(False if earlier is None and _stayed(data, first, body) else None)
        else:
            answers.append(earlier.before(later))
    answer = all_of(answers)
    value = sum(each is True for each in answers)
    return Verdict(
        value, f"pairs in order, of {len(pairs)}", verdicts.from_answer(answer), n=len(exits)
    )


@claim_test("seats_followed")
def seats_followed(
    data: ClaimData, persons: tuple[str, ...], others: tuple[str, ...], body: str
) -> Verdict:
    """Test whether each of the others entered a body when or after the person beside him left."""
    entries = _moves(data, body, (), into=True)
    exits = _moves(data, body, (), into=False)
    answers: list[bool | None] = []
    for person, successor in zip(persons, others, strict=True):
        left = _last_exit(exits, person)
        came = entries.loc[entries["person_id"] == successor, "when"]
        after = [_not_before(when, left) for when in came if left is not None]
        answers.append(True if True in after else (False if after and None not in after else None))
    answer = all_of(answers)
    value = sum(each is True for each in answers)
    return Verdict(value, "successions in order", verdicts.from_answer(answer), n=len(persons))


def _not_before(when: Span, other: Span) -> bool | None:
    if when.first >= other.last:
        return True
    return False if when.last < other.first else None


@claim_test("turnover")
def turnover(data: ClaimData, body: str, earlier: Span, later: Span, direction: str) -> Verdict:
    """Test whether entries and exits a year became more (less) frequent."""
    moves = pd.concat([_moves(data, body, (), into=into) for into in (True, False)])
    answers = [[period.covers(when) for when in moves["when"]] for period in (earlier, later)]
    counts = [within.count(True) for within in answers]
    rates = [n / (p.days / DAYS["years"]) for n, p in zip(counts, (earlier, later), strict=True)]
    verdict = verdicts.of_comparison(rates[1] - rates[0], direction)
    known = all(data.complete(body, period) for period in (earlier, later))
    if not known or any(None in within for within in answers):
        verdict = verdicts.INCONCLUSIVE
    note = f"{rates[0]:.2f} and {rates[1]:.2f} entries and exits a year"
    return Verdict(rates[1] - rates[0], "change a year", verdict, n=sum(counts), note=note)


def _of_length(lo: int, hi: int, stated: str, unit: str, reading: str, n: int = 1) -> Verdict:
    shortest, longest = max(lo, 0) / DAYS[unit], max(hi, 0) / DAYS[unit]
    verdict = verdicts.of_number(shortest, longest, stated, reading)
    middle = (shortest + longest) / 2
    return Verdict(middle, unit, verdict, n=n, lo=shortest, hi=longest)


@claim_test("tenure")
def tenure(
    data: ClaimData,
    person: str,
    body: str,
    stated: str,
    unit: str,
    roles: tuple[str, ...] = (),
    date: Span | None = None,
    reading: str = "exact",
) -> Verdict:
    """Test how long a person had been in a body: at a date, or in the longest spell."""
    spells = data.spells
    own = spells[(spells["person_id"] == person) & (spells["body_id"] == body)]
    if roles:
        own = own[own["role"].isin(roles)]
    if date is not None:
        own = own[(own["maybe_from"] <= date.last) & (own["maybe_to"] >= date.first)]
    bounds = []
    for spell in own.itertuples():
        end = spell.end if date is None else date
        if spell.start.first > PAST and end.last < FUTURE and spell.start.first <= end.last:
            bounds.append((end.first - spell.start.last, end.last - spell.start.first))
    if not bounds:
        return Verdict(_NAN, unit, verdicts.INCONCLUSIVE, note="no spell with both dates")
    return _of_length(*max(bounds, key=sum), stated, unit, reading)


@claim_test("time_to_exit")
def time_to_exit(
    data: ClaimData,
    person: str,
    body: str,
    since: Span,
    stated: str,
    unit: str,
    reading: str = "exact",
) -> Verdict:
    """Test how long after a date a person left a body."""
    left = _last_exit(_moves(data, body, (), into=False), person)
    if left is None:
        return Verdict(_NAN, unit, verdicts.INCONCLUSIVE, note="no dated exit")
    return _of_length(left.first - since.last, left.last - since.first, stated, unit, reading)


@claim_test("posts_apart")
def posts_apart(
    data: ClaimData, body: str, other_body: str, period: Span, roles: tuple[str, ...] = ()
) -> Verdict:
    """Test whether nobody held a post in one body and a seat in another at the same time.

    Spells that only perhaps overlap, because a date is not exact, leave the question open.
    """
    spells = data.spells
    held = spells[spells["body_id"] == body]
    if roles:
        held = held[held["role"].isin(roles)]
    pairs = held.merge(spells[spells["body_id"] == other_body], on="person_id")
    sure = _overlap(pairs, "sure", period)
    maybe = _overlap(pairs, "maybe", period)
    complete = data.complete(other_body, period) and len(held) > 0
    answer = False if sure else (True if complete and not maybe else None)
    note = f"both at once: {', '.join(sorted(sure))}" if sure else ""
    return Verdict(
        len(sure), "persons with both", verdicts.from_answer(answer), n=len(pairs), note=note
    )


def _overlap(pairs: pd.DataFrame, sense: str, period: Span) -> set[str]:
    """Return who held both in a period for longer than the day of a hand-over."""
    begin = pairs[[f"{sense}_from_x", f"{sense}_from_y"]].max(axis=1).clip(lower=period.first)
    finish = pairs[[f"{sense}_to_x", f"{sense}_to_y"]].min(axis=1).clip(upper=period.last)
    return set(pairs.loc[begin < finish, "person_id"])
