"""Tests of statements on visits to the leader: a log that is complete for those it covers.

Amounts are sums over calendar years; ``good`` is visits, minutes or hours. Changes are per recorded
day, so that a year that the log covers in part can be compared. Someone without an entry in a
year (a dash) is left out of that year; a printed zero counts as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from innercircle.claims import verdicts
from innercircle.claims.registry import Verdict, claim_test
from innercircle.claims.statistics import mean_difference

if TYPE_CHECKING:
    import pandas as pd

    from innercircle.claims.evidence import ClaimData
    from innercircle.claims.spans import Span

_HOUR = 60
_NAN = float("nan")
# "Among the most frequent" visitors means the first so many, unless a claim says how many.
_AMONG = 5


def _amounts(data: ClaimData, years: range, good: str) -> pd.Series:
    """Return each person's amount over the years; persons without an entry are left out."""
    rows = data.access[data.access["year"].isin(years)]
    column = "visits" if good == "visits" else "minutes"
    sums = rows.groupby("person_id")[column].sum(min_count=1).dropna()
    return sums / _HOUR if good == "hours" else sums


def _rates(data: ClaimData, years: range, good: str) -> pd.Series:
    """Return amounts per recorded day."""
    days = sum(data.days_recorded.get(year, 0) for year in years)
    return _amounts(data, years, good) / max(days, 1)


def _rank(amounts: pd.Series, person: str) -> float:
    return float(amounts.rank(ascending=False, method="min").get(person, _NAN))


def _nothing(name: str, persons: tuple[str, ...] = ()) -> Verdict:
    who = f" for {', '.join(persons)}" if persons else ""
    return Verdict(_NAN, name, verdicts.INCONCLUSIVE, note=f"no entry{who} in these years")


@claim_test("visits_total")
def visits_total(
    data: ClaimData, person: str, years: range, stated: str, good: str, reading: str = "exact"
) -> Verdict:
    """Test how often, or how long, a person was with the leader."""
    amounts = _amounts(data, years, good)
    if person not in amounts:
        return _nothing(good, (person,))
    value = float(amounts[person])
    verdict = verdicts.of_number(value, value, stated, reading)
    return Verdict(value, good, verdict, n=len(years))


@claim_test("visits_share")
def visits_share(
    data: ClaimData,
    persons: tuple[str, ...],
    years: range,
    stated: str,
    good: str,
    reading: str = "exact",
) -> Verdict:
    """Test what share of all visits (in per cent) fell to these persons together."""
    amounts = _amounts(data, years, good)
    if not amounts.sum():
        return _nothing(f"share of {good}, %")
    value = float(100 * amounts.reindex(persons).sum() / amounts.sum())
    verdict = verdicts.of_number(value, value, stated, reading)
    return Verdict(value, f"share of {good}, %", verdict, n=len(amounts))


@claim_test("visits_rank")
def visits_rank(data: ClaimData, person: str, years: range, stated: str, good: str) -> Verdict:
    """Test a person's place among all visitors; 1 is the most."""
    amounts = _amounts(data, years, good)
    rank = _rank(amounts, person)
    if np.isnan(rank):
        return _nothing(f"rank by {good}", (person,))
    verdict = verdicts.of_number(rank, rank, stated)
    return Verdict(rank, f"rank by {good}", verdict, n=len(amounts))


@claim_test("visits_top")
def visits_top(
    data: ClaimData, persons: tuple[str, ...], years: range, goods: tuple[str, ...]
) -> Verdict:
    """Test whether these persons, in any order, are the first visitors by every good named."""
    worst = max(_worst_rank(data, persons, years, good) for good in goods)
    name = f"lowest rank by {' and '.join(goods)}"
    if worst == np.inf:
        return _nothing(name, persons)
    verdict = verdicts.from_answer(worst <= len(persons))
    return Verdict(worst, name, verdict, n=len(persons))


def _worst_rank(data: ClaimData, persons: tuple[str, ...], years: range, good: str) -> float:
    amounts = _amounts(data, years, good)
    ranks = amounts.rank(ascending=False, method="max").reindex(persons)
    return float(ranks.fillna(np.inf).max())


@claim_test("visits_among_top")
def visits_among_top(
    data: ClaimData, persons: tuple[str, ...], years: range, good: str, k: int = _AMONG
) -> Verdict:
    """Test whether each of the persons is among the first k visitors."""
    worst = _worst_rank(data, persons, years, good)
    if worst == np.inf:
        return _nothing(f"lowest rank by {good}", persons)
    note = f"among the most frequent: the first {k}"
    verdict = verdicts.from_answer(worst <= k)
    return Verdict(worst, f"lowest rank by {good}", verdict, n=len(persons), note=note)


@claim_test("visits_more")
def visits_more(
    data: ClaimData, persons: tuple[str, ...], others: tuple[str, ...], years: range, good: str
) -> Verdict:
    """Test whether each of the persons had more than each of the others."""
    amounts = _amounts(data, years, good)
    first, second = amounts.reindex(persons), amounts.reindex(others)
    if first.isna().any() or second.isna().any():
        return _nothing(f"least difference in {good}", persons + others)
    gap = float(first.min() - second.max())
    verdict = verdicts.of_comparison(gap, "more")
    return Verdict(gap, f"least difference in {good}", verdict, n=len(persons) + len(others))


@claim_test("visits_against_median")
def visits_against_median(
    data: ClaimData, persons: tuple[str, ...], years: range, good: str, direction: str
) -> Verdict:
    """Test whether each of the persons was received more (less) than the median visitor."""
    amounts = _amounts(data, years, good)
    own = amounts.reindex(persons).dropna()
    name = f"nearest difference from the median in {good}"
    if len(own) < len(persons):
        return _nothing(name, persons)
    gaps = own - amounts.median()
    gap = float(gaps.min() if direction == "more" else gaps.max())
    verdict = verdicts.of_comparison(gap, direction)
    return Verdict(gap, name, verdict, n=len(amounts))


@claim_test("visits_change")
def visits_change(
    data: ClaimData,
    years_before: range,
    years_after: range,
    good: str,
    direction: str,
    persons: tuple[str, ...] = (),
    body: str = "",
    date: Span | None = None,
    quantifier: str = "all",
) -> Verdict:
    """Test whether these persons, or a body's members at a date, were received more (less)."""
    if body and date is not None:
        persons = tuple(sorted(data.members(body, date)[0]))
    before, after = (_rates(data, years, good) for years in (years_before, years_after))
    both = [person for person in persons if person in before and person in after]
    changes = (after.reindex(both) - before.reindex(both)).to_numpy()
    fitting = int((changes > 0).sum() if direction == "more" else (changes < 0).sum())
    verdict = verdicts.of_share(fitting, len(both) - fitting, len(both), quantifier)
    share = fitting / len(both) if both else _NAN
    name = f"share of persons with {direction} {good}"
    return Verdict(share, name, verdict, n=len(both), note=f"stated of {quantifier}")


@claim_test("visits_share_change")
def visits_share_change(
    data: ClaimData,
    persons: tuple[str, ...],
    years_before: range,
    years_after: range,
    good: str,
    direction: str,
) -> Verdict:
    """Test whether these persons' joint share of all visits rose (fell)."""
    before, after = (_amounts(data, years, good) for years in (years_before, years_after))
    if not before.sum() or not after.sum():
        return _nothing(f"change of share of {good}")
    shares = [amounts.reindex(persons).sum() / amounts.sum() for amounts in (before, after)]
    change = float(shares[1] - shares[0])
    verdict = verdicts.of_comparison(change, direction)
    return Verdict(change, f"change of share of {good}", verdict, n=len(persons))


@claim_test("visits_total_change")
def visits_total_change(
    data: ClaimData, years_before: range, years_after: range, good: str, direction: str
) -> Verdict:
    """Test whether all visits together grew (fell), per recorded day."""
    before, after = (_rates(data, years, good).sum() for years in (years_before, years_after))
    if not before or not after:
        return _nothing(f"ratio of {good} a day")
    verdict = verdicts.of_comparison(float(after - before), direction)
    n = len(years_before) + len(years_after)
    return Verdict(float(after / before), f"ratio of {good} a day", verdict, n=n)


@claim_test("visitors_above")
def visitors_above(
    data: ClaimData, years: range, good: str, threshold: int, stated: str, reading: str = "exact"
) -> Verdict:
    """Test how many persons had more than a threshold."""
    amounts = _amounts(data, years, good)
    count = int((amounts > threshold).sum())
    verdict = verdicts.of_count(count, stated, reading, complete=True)
    return Verdict(count, f"persons above {threshold} {good}", verdict, n=len(amounts))


@claim_test("visits_top_share")
def visits_top_share(
    data: ClaimData, years: range, good: str, k: int, stated: str, reading: str = "exact"
) -> Verdict:
    """Test what share of all visits (in per cent) fell to the first k visitors."""
    amounts = _amounts(data, years, good)
    if not amounts.sum():
        return _nothing(f"share of the first {k}, %")
    value = float(100 * amounts.nlargest(k).sum() / amounts.sum())
    verdict = verdicts.of_number(value, value, stated, reading)
    return Verdict(value, f"share of the first {k}, %", verdict, n=len(amounts))


@claim_test("visits_order_kept")
def visits_order_kept(
    data: ClaimData, years_before: range, years_after: range, good: str
) -> Verdict:
    """Test whether visitors kept their order: Spearman's rho is positive."""
    from scipy.stats import spearmanr

    before, after = (_amounts(data, years, good) for years in (years_before, years_after))
    both = before.index.intersection(after.index)
    found = spearmanr(before[both], after[both])
    rho, p_value = float(found.statistic), float(found.pvalue)
    verdict = verdicts.of_p_value(rho, p_value, "more")
    return Verdict(rho, "Spearman's rho", verdict, n=len(both), p_value=p_value)


@claim_test("visits_of_fallen")
def visits_of_fallen(
    data: ClaimData,
    body: str,
    date: Span,
    outcomes: tuple[str, ...],
    period: Span,
    years: range,
    good: str,
    direction: str,
) -> Verdict:
    """Test whether the members who fell had been received more (less) than those who did not.

    Who only perhaps fell in the period, as the date is not exact, is in neither group.
    """
    amounts = _amounts(data, years, good)
    fates = data.fates[data.fates["outcome"].isin(outcomes)]
    answers = [period.covers(when) for when in fates["when"]]
    fallen = set(fates.loc[[answer is True for answer in answers], "person_id"])
    unsure = set(fates.loc[[answer is None for answer in answers], "person_id"]) - fallen
    members = sorted((data.members(body, date)[0] & set(amounts.index)) - unsure)
    fell = np.array([person in fallen for person in members], dtype=bool)
    values = amounts.reindex(members).to_numpy()
    found = mean_difference(values[fell], values[~fell])
    verdict = verdicts.of_p_value(found.value, found.p_value, direction)
    name = f"mean difference in {good}, fallen minus others"
    return Verdict(found.value, name, verdict, n=len(members), p_value=found.p_value)
