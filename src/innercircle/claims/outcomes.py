"""Tests of statements on what became of persons: who fell, when, in what order, how many.

An outcome is in a period only if every day that its date allows is. What the source does not tell
of is no evidence that it did not happen, except for members of a body that it lists in full.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from innercircle.claims import verdicts
from innercircle.claims.registry import Verdict, claim_test, from_estimate
from innercircle.claims.spans import ANY_DAY, DAYS, FUTURE, PAST, Span, all_of
from innercircle.claims.statistics import rate_ratio

if TYPE_CHECKING:
    import pandas as pd

    from innercircle.claims.evidence import ClaimData

_NAN = float("nan")
# Happen once: a date outside the period rules out one within.
_ONCE = {"died", "killed", "executed", "suicide"}
_TOLD = "outcomes as told, a lower bound"


def _fates(data: ClaimData, outcomes: tuple[str, ...], body: str = "") -> pd.DataFrame:
    fates = data.fates[data.fates["outcome"].isin(outcomes)]
    return fates[fates["body_id"] == body] if body else fates


def _happened(fates: pd.DataFrame, person: str, period: Span) -> bool | None:
    """Tell whether one of the outcomes befell a person in a period."""
    own = fates[fates["person_id"] == person]
    answers = [period.covers(when) for when in own["when"]]
    if True in answers:
        return True
    ruled_out = answers and None not in answers and set(own["outcome"]) <= _ONCE
    return False if ruled_out else None


def _within(fates: pd.DataFrame, period: Span) -> pd.DataFrame:
    return fates[[period.covers(when) is True for when in fates["when"]]]


def _answered(answer: bool | None, name: str, n: int, note: str = "") -> Verdict:
    value = _NAN if answer is None else float(answer)
    return Verdict(value, name, verdicts.from_answer(answer), n=n, note=note)


@claim_test("had_outcome")
def had_outcome(
    data: ClaimData,
    persons: tuple[str, ...],
    outcomes: tuple[str, ...],
    period: Span = ANY_DAY,
    body: str = "",
) -> Verdict:
    """Test whether one of the outcomes befell each of the persons in a period."""
    fates = _fates(data, outcomes, body)
    answers = [_happened(fates, person, period) for person in persons]
    return _answered(all_of(answers), "all had the outcome", len(persons))


@claim_test("no_outcome")
def no_outcome(
    data: ClaimData, persons: tuple[str, ...], outcomes: tuple[str, ...], period: Span
) -> Verdict:
    """Test whether none of the outcomes befell any of the persons; silence proves nothing."""
    found = _within(_fates(data, outcomes), period)
    hit = sorted(set(found["person_id"]) & set(persons))
    note = f"told of {', '.join(hit)}" if hit else "none told; silence proves nothing"
    verdict = verdicts.CONTRADICTED if hit else verdicts.INCONCLUSIVE
    return Verdict(len(hit), "persons with the outcome", verdict, n=len(persons), note=note)


@claim_test("outcome_count")
def outcome_count(
    data: ClaimData,
    persons: tuple[str, ...],
    outcomes: tuple[str, ...],
    period: Span,
    stated: str,
    reading: str = "exact",
) -> Verdict:
    """Test to how many of the persons one of the outcomes happened in a period."""
    found = _within(_fates(data, outcomes), period)
    count = len(set(found["person_id"]) & set(persons))
    verdict = verdicts.of_count(count, stated, reading, complete=False)
    return Verdict(count, "persons with the outcome", verdict, n=len(persons), note=_TOLD)


@claim_test("times_of_outcome")
def times_of_outcome(
    data: ClaimData,
    person: str,
    outcomes: tuple[str, ...],
    period: Span,
    stated: str,
    reading: str = "at_least",
) -> Verdict:
    """Test how often the outcomes happened to one person in a period."""
    found = _within(_fates(data, outcomes), period)
    count = int((found["person_id"] == person).sum())
    verdict = verdicts.of_count(count, stated, reading, complete=False)
    return Verdict(count, "outcomes", verdict, n=count, note=_TOLD)


@claim_test("members_with_outcome")
def members_with_outcome(
    data: ClaimData,
    body: str,
    date: Span,
    outcomes: tuple[str, ...],
    period: Span,
    stated: str,
    reading: str = "exact",
) -> Verdict:
    """Test to how many members of a body at a date one of the outcomes happened in a period.

    The source follows the members of a body that it lists in full to their ends, so that counts
    for such a body are complete; outcomes that only perhaps fall in the period leave bounds.
    """
    members = data.members(body, date)[0]
    fates = _fates(data, outcomes)
    fates = fates[fates["person_id"].isin(members)]
    sure = set(_within(fates, period)["person_id"])
    maybe = {
        p for p, w in zip(fates["person_id"], fates["when"], strict=True) if w.overlaps(period)
    }
    name = f"members with the outcome, of {len(members)}"
    if data.complete(body, date):
        verdict = verdicts.of_number(len(sure), len(maybe), stated, reading)
        return Verdict(len(sure), name, verdict, n=len(members), lo=len(sure), hi=len(maybe))
    verdict = verdicts.of_count(len(sure), stated, reading, complete=False)
    return Verdict(len(sure), name, verdict, n=len(members), note=_TOLD)


@claim_test("outcome_total")
def outcome_total(
    data: ClaimData,
    outcomes: tuple[str, ...],
    period: Span,
    stated: str,
    reading: str = "at_least",
) -> Verdict:
    """Test how many coded persons met one of the outcomes in a period."""
    count = _within(_fates(data, outcomes), period)["person_id"].nunique()
    verdict = verdicts.of_count(count, stated, reading, complete=False)
    return Verdict(count, "persons with the outcome", verdict, n=count, note=_TOLD)


def _first_dates(
    data: ClaimData,
    persons: tuple[str, ...],
    outcomes: tuple[str, ...],
    body: str,
    period: Span | None = None,
) -> list[Span | None]:
    fates = _fates(data, outcomes, body)
    fates = fates if period is None else _within(fates, period)
    found: list[Span | None] = []
    for person in persons:
        own = fates.loc[fates["person_id"] == person, "when"].tolist()
        found.append(min(own, key=lambda when: when.last) if own else None)
    return found


@claim_test("outcome_order")
def outcome_order(
    data: ClaimData,
    persons: tuple[str, ...],
    outcomes: tuple[str, ...],
    others: tuple[str, ...],
    other_outcomes: tuple[str, ...],
    body: str = "",
    other_body: str = "",
    period: Span | None = None,
) -> Verdict:
    """Test whether each person's first outcome (in a period) came before each of the others'."""
    first = _first_dates(data, persons, outcomes, body, period)
    second = _first_dates(data, others, other_outcomes, other_body, period)
    answers = [a.before(b) if a and b else None for a in first for b in second]
    in_order = sum(answer is True for answer in answers)
    name = f"pairs in order, of {len(answers)}"
    return Verdict(in_order, name, verdicts.from_answer(all_of(answers)), n=len(answers))


@claim_test("outcome_steps")
def outcome_steps(data: ClaimData, person: str, outcomes: tuple[str, ...], period: Span) -> Verdict:
    """Test whether a person met these outcomes one after the other within a period."""
    fates = _within(_fates(data, outcomes), period)
    own = fates[fates["person_id"] == person]
    dates = []
    for outcome in outcomes:
        when = own.loc[own["outcome"] == outcome, "when"].tolist()
        dates.append(min(when, key=lambda span: span.last) if when else None)
    pairs = pairwise(dates)
    answers = [a.before(b) if a and b else None for a, b in pairs]
    known = sum(date is not None for date in dates)
    return Verdict(known, "steps found", verdicts.from_answer(all_of(answers)), n=len(outcomes))


@claim_test("time_between")
def time_between(
    data: ClaimData,
    person: str,
    outcomes: tuple[str, ...],
    other: str,
    other_outcomes: tuple[str, ...],
    stated: str,
    unit: str,
    reading: str = "exact",
    body: str = "",
    other_body: str = "",
) -> Verdict:
    """Test how long after one person's outcome another's (or his own next) came."""
    (first,) = _first_dates(data, (person,), outcomes, body)
    (second,) = _first_dates(data, (other,), other_outcomes, other_body)
    return _elapsed(first, second, stated, unit, reading)


@claim_test("time_since")
def time_since(
    data: ClaimData,
    since: Span,
    person: str,
    outcomes: tuple[str, ...],
    stated: str,
    unit: str,
    reading: str = "exact",
    body: str = "",
) -> Verdict:
    """Test how long after a date an outcome came."""
    (second,) = _first_dates(data, (person,), outcomes, body)
    return _elapsed(since, second, stated, unit, reading)


def _elapsed(
    first: Span | None, second: Span | None, stated: str, unit: str, reading: str
) -> Verdict:
    if first is None or second is None or PAST in first + second or FUTURE in first + second:
        return Verdict(_NAN, unit, verdicts.INCONCLUSIVE, note="one of the two is not dated")
    lo, hi = ((second.first - first.last) / DAYS[unit], (second.last - first.first) / DAYS[unit])
    verdict = verdicts.of_number(lo, hi, stated, reading)
    return Verdict((lo + hi) / 2, unit, verdict, n=2, lo=lo, hi=hi)


@claim_test("outcome_rate_change")
def outcome_rate_change(
    data: ClaimData, outcomes: tuple[str, ...], earlier: Span, later: Span, direction: str
) -> Verdict:
    """Test whether outcomes of coded persons became more (less) frequent."""
    fates = _fates(data, outcomes)
    counts = [_within(fates, period)["person_id"].nunique() for period in (earlier, later)]
    found = rate_ratio(counts[0], earlier.days, counts[1], later.days)
    note = f"{counts[0]} and {counts[1]} persons told of"
    return from_estimate(found, direction, "ratio of rates", sum(counts), note, null=1.0)


def _associates(data: ClaimData, chiefs: set[str], relations: tuple[str, ...]) -> set[str]:
    ties = data.ties[data.ties["relation"].isin(relations)]
    below = set(ties.loc[ties["source_id"].isin(chiefs), "target_id"])
    return below - chiefs


@claim_test("associates_fell")
def associates_fell(
    data: ClaimData,
    person: str,
    relations: tuple[str, ...],
    outcomes: tuple[str, ...],
    period: Span,
    stated: str,
    reading: str = "at_least",
) -> Verdict:
    """Test how many of a person's clients, aides or subordinates met an outcome in a period."""
    below = _associates(data, {person}, relations)
    fallen = set(_within(_fates(data, outcomes), period)["person_id"]) & below
    verdict = verdicts.of_count(len(fallen), stated, reading, complete=False)
    note = f"{', '.join(sorted(fallen)) or 'none'} of {len(below)} coded"
    return Verdict(len(fallen), "associates with the outcome", verdict, n=len(below), note=note)


@claim_test("associates_rate_change")
def associates_rate_change(
    data: ClaimData,
    body: str,
    relations: tuple[str, ...],
    outcomes: tuple[str, ...],
    earlier: Span,
    later: Span,
    direction: str,
) -> Verdict:
    """Test whether associates of a body's members met outcomes more (less) often."""
    throughout = Span(earlier.first, later.last)
    below = _associates(data, data.members(body, throughout)[0], relations)
    fates = _fates(data, outcomes)
    fates = fates[fates["person_id"].isin(below)]
    counts = [_within(fates, period)["person_id"].nunique() for period in (earlier, later)]
    found = rate_ratio(counts[0], earlier.days, counts[1], later.days)
    note = f"{counts[0]} and {counts[1]} of {len(below)} coded associates"
    return from_estimate(found, direction, "ratio of rates", sum(counts), note, null=1.0)
