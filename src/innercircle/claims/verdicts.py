"""The rules by which evidence becomes a verdict, all of them in one place.

They were fixed before the ledger was first run, and hold for every claim alike.

1. A printed number is held against a complete source by rounding as printed: equal is supported,
   else contradicted. "About", "almost" and the like allow a tenth either way.
2. A direction (more, less) with an interval or p-value is supported if the 95 % interval excludes
   the other direction and no difference, contradicted if it excludes the stated direction, and
   inconclusive otherwise.
3. Counts from complete sources are compared as they are; they have no sampling error.
4. Counts of what a narrative tells are lower bounds. "At least" can be supported and is never
   contradicted by absence; an exact number is supported if as many are told, contradicted if more
   are, inconclusive if fewer are; that there were none can be contradicted only.
5. A statement about dates that are not exact is judged only if every day that they allow gives the
   same answer.
"""

from __future__ import annotations

import math
from decimal import Decimal

SUPPORTED = "supported"
CONTRADICTED = "contradicted"
INCONCLUSIVE = "inconclusive"
NOT_TESTABLE = "not testable"
VERDICTS = (SUPPORTED, CONTRADICTED, INCONCLUSIVE, NOT_TESTABLE)

LEVEL = 0.95
ALPHA = 0.05
TOLERANCE = Decimal("0.1")
READINGS = ("exact", "about", "at_least", "at_most")
DIRECTIONS = ("more", "less")
# Least share that each word asks for; "most" and "some" must be exceeded.
QUANTIFIERS = {"all": 1.0, "nearly_all": 0.8, "most": 0.5, "some": 0.0}


def from_answer(answer: bool | None) -> str:
    """Return the verdict on a statement that holds, does not hold, or is open."""
    if answer is None:
        return INCONCLUSIVE
    return SUPPORTED if answer else CONTRADICTED


def accepted(stated: str, reading: str = "exact") -> tuple[float, float]:
    """Return the numbers that agree with a stated one, as a half-open interval [low, high).

    ``exact`` takes what rounds (half up) to the number as printed: ``16.5`` takes 16.45 to 16.55.
    """
    number = Decimal(stated)
    half = Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2
    if reading == "about":
        half = max(half, abs(number) * TOLERANCE)
    low = -math.inf if reading == "at_most" else float(number - half)
    high = math.inf if reading == "at_least" else float(number + half)
    if reading == "at_least":
        low = float(number)
    return low, high


def of_number(lo: float, hi: float, stated: str, reading: str = "exact") -> str:
    """Judge a stated number by a value known to lie in [lo, hi] (rules 1 and 5)."""
    low, high = accepted(stated, reading)
    if low <= lo and hi < high:
        return SUPPORTED
    return CONTRADICTED if hi < low or lo >= high else INCONCLUSIVE


def of_count(count: int, stated: str, reading: str = "exact", *, complete: bool) -> str:
    """Judge a stated number by a count (rules 3 and 4)."""
    if complete:
        return of_number(count, count, stated, reading)
    low, high = accepted(stated, reading)
    if count >= high:
        return CONTRADICTED
    if reading == "at_most" or count < low or Decimal(stated) == 0:
        return INCONCLUSIVE
    return SUPPORTED


def of_share(hits: int, misses: int, total: int, quantifier: str) -> str:
    """Judge "all", "nearly all", "most" or "some" by cases that fit, do not fit, or are open."""

    def fits(number: int) -> bool:
        least = QUANTIFIERS[quantifier] * total
        return number > least if quantifier in {"most", "some"} else number >= least

    if not total:
        return INCONCLUSIVE
    if fits(hits):
        return SUPPORTED
    return INCONCLUSIVE if fits(total - misses) else CONTRADICTED


def of_comparison(difference: float, direction: str) -> str:
    """Judge a direction by a difference between complete counts (rule 3)."""
    if math.isnan(difference):
        return INCONCLUSIVE
    signed = difference if direction == "more" else -difference
    return SUPPORTED if signed > 0 else CONTRADICTED


def of_interval(lo: float, hi: float, direction: str, null: float = 0.0) -> str:
    """Judge a direction by a 95 % interval (rule 2); without an interval nothing is said."""
    if math.isnan(lo) or math.isnan(hi):
        return INCONCLUSIVE
    above, below = lo > null, hi < null
    if not above and not below:
        return INCONCLUSIVE
    return SUPPORTED if above == (direction == "more") else CONTRADICTED


def of_p_value(estimate: float, p_value: float, direction: str) -> str:
    """Judge a direction by a two-sided p-value and the sign of the estimate (rule 2)."""
    if math.isnan(p_value) or p_value >= ALPHA:
        return INCONCLUSIVE
    return of_comparison(estimate, direction)
