"""Tests of statements on ties between persons: who supported, opposed, protected or wrote to whom.

A tie that is not told of may have been there. Acts (a letter, a denunciation) are placed by their
first possible day; relations hold over the span that the source gives them.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from innercircle.claims import verdicts
from innercircle.claims.registry import Verdict, claim_test, from_estimate
from innercircle.claims.spans import ANY_DAY, Span, all_of
from innercircle.claims.statistics import rate_ratio, share, share_difference

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from innercircle.claims.evidence import ClaimData

_TOLD = "told ties, a lower bound"
_UNDIRECTED = ("friend", "kin")


def _ties(
    data: ClaimData,
    relations: tuple[str, ...],
    sources: Collection[str] | None = None,
    targets: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the ties from some persons to some; None is anyone, and no persons have no ties."""
    ties = data.ties[data.ties["relation"].isin(relations)]
    if sources is not None:
        ties = ties[ties["source_id"].isin(sources)]
    return ties if targets is None else ties[ties["target_id"].isin(targets)]


def _started(ties: pd.DataFrame, period: Span) -> pd.DataFrame:
    if period == ANY_DAY:
        return ties
    return ties[ties["day"].between(period.first, period.last).fillna(value=False)]


def _holds(
    data: ClaimData, source: str, target: str, relations: tuple[str, ...], period: Span
) -> bool | None:
    """Tell whether a tie runs from source to target in a period; True or not told."""
    ties = _ties(data, relations, (source,), (target,))
    mutual = tuple(name for name in relations if name in _UNDIRECTED)
    spans = [*ties["held"], *_ties(data, mutual, (target,), (source,))["held"]]
    if period == ANY_DAY:
        return True if spans else None
    return True if any(held and held.overlaps(period) for held in spans) else None


@claim_test("tie_exists")
def tie_exists(
    data: ClaimData,
    persons: tuple[str, ...],
    others: tuple[str, ...],
    relations: tuple[str, ...],
    period: Span = ANY_DAY,
) -> Verdict:
    """Test whether each of the persons has a tie to at least one of the others."""
    found = [
        any(_holds(data, person, other, relations, period) for other in others)
        for person in persons
    ]
    answer = all_of([True if each else None for each in found])
    verdict = verdicts.from_answer(answer)
    return Verdict(sum(found), "persons with a tie", verdict, n=len(persons), note=_TOLD)


@claim_test("ties_to_each")
def ties_to_each(
    data: ClaimData,
    person: str,
    others: tuple[str, ...],
    relations: tuple[str, ...],
    period: Span = ANY_DAY,
) -> Verdict:
    """Test whether a person has a tie to each of the others."""
    found = [_holds(data, person, other, relations, period) for other in others]
    verdict = verdicts.from_answer(all_of(found))
    return Verdict(sum(each is True for each in found), "ties", verdict, n=len(others), note=_TOLD)


@claim_test("tie_pairs")
def tie_pairs(
    data: ClaimData,
    persons: tuple[str, ...],
    others: tuple[str, ...],
    relations: tuple[str, ...],
    period: Span = ANY_DAY,
) -> Verdict:
    """Test whether the first person is tied to the first of the others, the second to the second.

    Either direction will do.
    """
    found = [
        _holds(data, a, b, relations, period) or _holds(data, b, a, relations, period)
        for a, b in zip(persons, others, strict=True)
    ]
    verdict = verdicts.from_answer(all_of(found))
    return Verdict(
        sum(each is True for each in found), "pairs tied", verdict, n=len(found), note=_TOLD
    )


@claim_test("reciprocal")
def reciprocal(
    data: ClaimData, person: str, other: str, relations: tuple[str, ...], period: Span = ANY_DAY
) -> Verdict:
    """Test whether a relation runs both ways between two persons."""
    both = [_holds(data, a, b, relations, period) for a, b in ((person, other), (other, person))]
    verdict = verdicts.from_answer(all_of(both))
    return Verdict(sum(each is True for each in both), "directions", verdict, n=2, note=_TOLD)


@claim_test("tie_count")
def tie_count(
    data: ClaimData,
    persons: tuple[str, ...],
    others: tuple[str, ...],
    relations: tuple[str, ...],
    stated: str,
    period: Span = ANY_DAY,
    reading: str = "at_least",
) -> Verdict:
    """Test how many ties run from the persons to the others."""
    count = len(_started(_ties(data, relations, persons, others), period))
    verdict = verdicts.of_count(count, stated, reading, complete=False)
    return Verdict(count, "ties", verdict, n=count, note=_TOLD)


@claim_test("tie_sources")
def tie_sources(
    data: ClaimData,
    relations: tuple[str, ...],
    period: Span,
    stated: str,
    body: str = "",
    persons: tuple[str, ...] = (),
    others: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    reading: str = "at_least",
) -> Verdict:
    """Test how many persons, or members of a body, have such a tie (to any of the others)."""
    asked = data.members(body, period)[0] if body else persons or None
    ties = _started(_ties(data, relations, asked, others or None), period)
    ties = ties[~ties["source_id"].isin(without)]
    sources = sorted(set(ties["source_id"]))
    verdict = verdicts.of_count(len(sources), stated, reading, complete=False)
    note = ", ".join(sources) or "none told"
    return Verdict(len(sources), "persons with such a tie", verdict, n=len(ties), note=note)


@claim_test("tie_only")
def tie_only(
    data: ClaimData,
    person: str,
    others: tuple[str, ...],
    relations: tuple[str, ...],
    body: str,
    period: Span,
) -> Verdict:
    """Test whether a person is the only member of a body with a tie to the others.

    Ties of other members contradict it. That none is told of does not prove that there was none.
    """
    ties = _started(_ties(data, relations, data.members(body, period)[0], others), period)
    ties = ties[~ties["source_id"].isin(others)]
    further = sorted(set(ties["source_id"]) - {person})
    own = int((ties["source_id"] == person).sum())
    verdict = verdicts.CONTRADICTED if further else verdicts.INCONCLUSIVE
    note = f"also {', '.join(further)}" if further else "no other told; silence proves nothing"
    return Verdict(
        len(further), "other members with a tie", verdict, n=len(ties), note=f"{own} own; {note}"
    )


@claim_test("no_tie")
def no_tie(
    data: ClaimData, others: tuple[str, ...], relations: tuple[str, ...], body: str, period: Span
) -> Verdict:
    """Test whether no member of a body has a tie to the others; silence proves nothing."""
    ties = _started(_ties(data, relations, data.members(body, period)[0], others), period)
    sources = sorted(set(ties["source_id"]))
    verdict = verdicts.CONTRADICTED if sources else verdicts.INCONCLUSIVE
    note = f"told of {', '.join(sources)}" if sources else "none told; silence proves nothing"
    return Verdict(len(ties), "ties", verdict, n=len(ties), note=note)


@claim_test("ties_more")
def ties_more(
    data: ClaimData,
    persons: tuple[str, ...],
    others: tuple[str, ...],
    relations: tuple[str, ...],
    end: str,
    period: Span = ANY_DAY,
) -> Verdict:
    """Test whether persons have more ties, per head, at an end (source, target) than others."""
    ties = _started(_ties(data, relations), period)
    own, theirs = (int(ties[f"{end}_id"].isin(group).sum()) for group in (persons, others))
    found = rate_ratio(theirs, len(others), own, len(persons))
    note = f"{own} and {theirs} told ties"
    return from_estimate(found, "more", "ratio of ties a head", own + theirs, note, null=1.0)


@claim_test("tie_rank")
def tie_rank(
    data: ClaimData,
    person: str,
    relations: tuple[str, ...],
    end: str,
    period: Span = ANY_DAY,
) -> Verdict:
    """Test whether a person has the most ties at an end, against the next by number of ties."""
    ties = _started(_ties(data, relations), period)
    counts = ties[f"{end}_id"].value_counts()
    own = int(counts.get(person, 0))
    rest = counts.drop(index=person, errors="ignore")
    following = int(rest.max()) if len(rest) else 0
    found = rate_ratio(following, 1, own, 1)
    note = f"{own} told ties, the next person {following}"
    return from_estimate(found, "more", "ratio to the next person", len(ties), note, null=1.0)


@claim_test("tie_rate_change")
def tie_rate_change(
    data: ClaimData,
    relations: tuple[str, ...],
    earlier: Span,
    later: Span,
    direction: str,
    persons: tuple[str, ...] = (),
    others: tuple[str, ...] = (),
    body: str = "",
) -> Verdict:
    """Test whether such ties became more (less) frequent; ``body`` asks it of its members only."""
    counts = []
    for period in (earlier, later):
        ties = _started(_ties(data, relations, persons or None, others or None), period)
        if body:
            inside = data.members(body, period)[0]
            ties = ties[ties["source_id"].isin(inside) & ties["target_id"].isin(inside)]
        counts.append(len(ties))
    found = rate_ratio(counts[0], earlier.days, counts[1], later.days)
    note = f"{counts[0]} and {counts[1]} told ties"
    return from_estimate(found, direction, "ratio of rates", sum(counts), note, null=1.0)


@claim_test("tie_mix_change")
def tie_mix_change(
    data: ClaimData,
    person: str,
    relations: tuple[str, ...],
    among_relations: tuple[str, ...],
    earlier: Span,
    later: Span,
    direction: str,
) -> Verdict:
    """Test whether the share of some relations among a person's outgoing ties rose (fell)."""
    ties = _ties(data, among_relations, (person,))
    periods = [_started(ties, period) for period in (earlier, later)]
    hits = [int(rows["relation"].isin(relations).sum()) for rows in periods]
    totals = [len(rows) for rows in periods]
    found = share_difference(hits[0], totals[0], hits[1], totals[1])
    note = f"{hits[0]} of {totals[0]} and {hits[1]} of {totals[1]} told ties"
    return from_estimate(found, direction, "difference of shares", sum(totals), note)


@claim_test("tie_basis")
def tie_basis(
    data: ClaimData,
    relations: tuple[str, ...],
    basis: str,
    body: str,
    period: Span,
    quantifier: str = "most",
) -> Verdict:
    """Test whether most (nearly all) such ties between a body's members rest on one basis."""
    inside = data.members(body, period)[0]
    ties = _started(_ties(data, relations, inside, inside), period)
    found = share(int((ties["basis"] == basis).sum()), len(ties), verdicts.QUANTIFIERS[quantifier])
    note = f"{quantifier}; readers agreed least on basis"
    return from_estimate(
        found,
        "more",
        f"share on basis {basis}",
        len(ties),
        note,
        null=verdicts.QUANTIFIERS[quantifier],
    )


@claim_test("ties_across")
def ties_across(
    data: ClaimData,
    persons: tuple[str, ...],
    others: tuple[str, ...],
    relations: tuple[str, ...],
    period: Span,
    direction: str,
) -> Verdict:
    """Test whether ties run across two groups more (less) often than pairs of persons do.

    Of all pairs in the two groups together, some are across; the share of ties that are is held
    against that. Conflicts of real factions run across more often.
    """
    everyone = persons + others
    ties = _started(_ties(data, relations, everyone, everyone), period)
    across = ties["source_id"].isin(persons) != ties["target_id"].isin(persons)
    pairs = list(combinations(everyone, 2))
    expected = len(persons) * len(others) / len(pairs)
    found = share(int(across.sum()), len(ties), expected)
    note = f"{expected:.2f} of all pairs are across"
    return from_estimate(found, direction, "share of ties across", len(ties), note, null=expected)
