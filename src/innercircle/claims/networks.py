"""Tests of statements on the yearly networks: cohesion, and who is central.

Values and 95 % limits are those of the measures' tables. A period's value is the mean of its years,
and years are taken as independent. ``leader`` is ``with`` or ``without`` the leader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innercircle.claims import verdicts
from innercircle.claims.registry import Verdict, claim_test, from_estimate
from innercircle.claims.statistics import average, difference_of

if TYPE_CHECKING:
    import pandas as pd

    from innercircle.claims.evidence import ClaimData

_NAN = float("nan")


def _rows(data: ClaimData, table: str, layer: str, measure: str, leader: str) -> pd.DataFrame:
    rows = data.table(table)
    rows = rows[(rows["layer"] == layer) & (rows["measure"] == measure)]
    return rows[rows["leader_included"] == (leader == "with")].dropna(subset=["value", "lo", "hi"])


def _mean(rows: pd.DataFrame, years: range) -> tuple[float, float] | None:
    chosen = rows[rows["year"].isin(years)]
    if chosen.empty:
        return None
    return average(*(chosen[column].to_numpy(float) for column in ("value", "lo", "hi")))


def _judged(
    first: tuple[float, float] | None,
    second: tuple[float, float] | None,
    direction: str,
    name: str,
    n: int,
) -> Verdict:
    if first is None or second is None:
        return Verdict(_NAN, name, verdicts.INCONCLUSIVE, note="not measured in one of the two")
    found = difference_of(first, second)
    note = f"{first[0]:.3f} and {second[0]:.3f}"
    return from_estimate(found, direction, name, n, note)


@claim_test("cohesion_change")
def cohesion_change(
    data: ClaimData,
    layer: str,
    measure: str,
    years_before: range,
    years_after: range,
    direction: str,
    leader: str = "with",
) -> Verdict:
    """Test whether a measure of a whole network rose (fell) between two periods."""
    rows = _rows(data, "cohesion", layer, measure, leader)
    periods = [_mean(rows, years) for years in (years_before, years_after)]
    n = len(years_before) + len(years_after)
    return _judged(periods[0], periods[1], direction, f"change of {measure}", n)


@claim_test("centrality_change")
def centrality_change(
    data: ClaimData,
    person: str,
    layer: str,
    measure: str,
    years_before: range,
    years_after: range,
    direction: str,
    leader: str = "without",
) -> Verdict:
    """Test whether a person became more (less) central between two periods."""
    rows = _rows(data, "centrality", layer, measure, leader)
    rows = rows[rows["person_id"] == person]
    periods = [_mean(rows, years) for years in (years_before, years_after)]
    n = len(years_before) + len(years_after)
    return _judged(periods[0], periods[1], direction, f"change of {measure}", n)


@claim_test("centrality_compare")
def centrality_compare(
    data: ClaimData,
    persons: tuple[str, ...],
    others: tuple[str, ...],
    layer: str,
    measure: str,
    years: range,
    direction: str,
    leader: str = "without",
) -> Verdict:
    """Test whether persons were on average more (less) central than others."""
    rows = _rows(data, "centrality", layer, measure, leader)
    groups = [_mean(rows[rows["person_id"].isin(group)], years) for group in (others, persons)]
    n = len(persons) + len(others)
    return _judged(groups[0], groups[1], direction, f"difference of {measure}", n)


@claim_test("centrality_top")
def centrality_top(
    data: ClaimData,
    persons: tuple[str, ...],
    layer: str,
    measure: str,
    years: range,
    k: int,
    leader: str = "without",
) -> Verdict:
    """Test whether each of the persons is among the first k (1, 3 or 5) in every year.

    The chance of it over resampled events decides: supported from 95 %, contradicted up to 5 %.
    """
    rows = _rows(data, "centrality", layer, measure, leader)
    rows = rows[rows["year"].isin(years) & rows["person_id"].isin(persons)]
    if len(rows) < len(persons) * len(years):
        return Verdict(_NAN, f"chance of top {k}", verdicts.INCONCLUSIVE, note="not all measured")
    chance = float(rows[f"p_top{k}"].min())
    low, high = verdicts.ALPHA, verdicts.LEVEL
    answer = None if low < chance < high else chance >= high
    return Verdict(chance, f"least chance of top {k}", verdicts.from_answer(answer), n=len(rows))
