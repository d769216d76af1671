"""Names of the tests that a table of claims may ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from innercircle.claims import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from innercircle.claims.statistics import Estimate

NAN = float("nan")


@dataclass(frozen=True)
class Verdict:
    """What the coded data say about one statement.

    Attributes
    ----------
    statistic : float
        The number that decides, as ``statistic_name`` calls it.
    statistic_name : str
    lo, hi : float
        95 % interval, or the bounds that inexact dates leave; NaN where there is none.
    p_value : float
        Two-sided; NaN where there is none.
    n : int
        Persons, events, ties or years behind the statistic.
    verdict : str
        One of :data:`innercircle.claims.verdicts.VERDICTS`.
    note : str
        What a reader must know to weigh it.
    """

    statistic: float
    statistic_name: str
    verdict: str
    n: int = 0
    lo: float = NAN
    hi: float = NAN
    p_value: float = NAN
    note: str = ""

    def noting(self, text: str) -> Verdict:
        """Return the verdict with a further note."""
        return replace(self, note="; ".join(part for part in (self.note, text) if part))


def from_estimate(
    found: Estimate, direction: str, name: str, n: int, note: str, null: float = 0.0
) -> Verdict:
    """Return the verdict on a direction, more or less than ``null``, by an estimate's interval."""
    verdict = verdicts.of_interval(found.lo, found.hi, direction, null)
    return Verdict(found.value, name, verdict, n, found.lo, found.hi, found.p_value, note)


_TESTS: dict[str, Callable[..., Verdict]] = {}


def claim_test(name: str) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Register a function ``(data, **arguments) -> Verdict`` under a name.

    Raises
    ------
    ValueError
        If the name is taken.
    """

    def register(function: Callable[..., Verdict]) -> Callable[..., Verdict]:
        if name in _TESTS:
            raise ValueError(f"two claim tests are called {name!r}")
        _TESTS[name] = function
        return function

    return register


def registered_tests() -> dict[str, Callable[..., Any]]:
    """Return every registered test by name."""
    return dict(_TESTS)
