"""An invented elite with a known answer: what became of whom, and by how much position mattered.

Everyone has a latent prominence that drifts from year to year. It drives how often a person calls
at offices and sits in meetings, and (this is what is planted) the log odds of falling in the year
after; so do rank and faction. An analysis of the tables should find the planted sign, attenuated,
since what it sees of prominence are the visits and meetings that it happened to cause.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# Log odds of a fall in t+1 beside that of prominence: constant, each step of rank, first faction.
BASE, RANK_EFFECT, FACTION_EFFECT = -2.9, -0.3, 0.5
FIRST_YEAR = 1801
FACTIONS = 4
DEATHS = 0.01  # a year
# How strongly prominence draws a person to offices and meetings (log rate per unit).
_PULL = 0.9
_KEPT = 0.8  # of the deviation from one's own mean, from year to year
_MEMBERS, _CANDIDATES = 0.05, 0.10
_OFFICE_SHARE, _OFFICE_VISITS, _HOUSE_VISITS = 0.3, 5000, 5000
_MEDIAN_STAY, _SPREAD, _STAYS = 60, 0.7, (5, 480)
_MISSING_EXIT, _MISSING_ENTRY, _DAY_ALONE = 0.04, 0.01, 0.01
_SPARE = 1.3  # visits drawn for each kept: some would overlap
_DAY = 24 * 60


@dataclass(frozen=True)
class Simulation:
    """What to simulate.

    Attributes
    ----------
    persons : int
        Beside the leader.
    years : int
    visits_per_year, events_per_year : int
    effect : float
        Planted: log odds of a fall in the next year for one standard deviation of prominence.
    seed : int
    """

    persons: int = 120
    years: int = 12
    visits_per_year: int = 1000
    events_per_year: int = 40
    effect: float = 1.0
    seed: int = 1

    @property
    def first(self) -> int:
        """First calendar year."""
        return FIRST_YEAR

    @property
    def last(self) -> int:
        """Last calendar year."""
        return FIRST_YEAR + self.years - 1


@dataclass(frozen=True)
class Elite:
    """Persons and careers; person k of n, year t of T, counted from 0.

    Attributes
    ----------
    faction, rank : ndarray of int, shape (n,)
        Rank 2 is a full member of the first body, 1 a candidate, 0 neither.
    entry : ndarray of int, shape (n,)
        Year of entry.
    end_year, end_day : ndarray of int, shape (n,)
        Year of the end (T if there is none) and day in it, from 0.
    outcome : ndarray of str, shape (n,)
        arrested, expelled, died, or empty.
    prominence : ndarray of float, shape (n, T)
        In standard deviations among those present in the year; NaN when absent.
    """

    faction: np.ndarray
    rank: np.ndarray
    entry: np.ndarray
    end_year: np.ndarray
    end_day: np.ndarray
    outcome: np.ndarray
    prominence: np.ndarray

    def days(self, year: int) -> np.ndarray:
        """Return how many days of a year each person is there, from its first day on."""
        here = (self.entry <= year) & (year <= self.end_year)
        return np.where(here, np.where(self.end_year == year, self.end_day, 365), 0)


def draw_elite(plan: Simulation, rng: np.random.Generator) -> Elite:
    """Draw persons and their careers, year by year."""
    n, years = plan.persons, plan.years
    mean = rng.normal(0, 0.7, n)
    order = np.argsort(np.argsort(-(mean + rng.normal(0, 1, n))))
    members = max(3, round(_MEMBERS * n))
    candidates = members + max(3, round(_CANDIDATES * n))
    rank = (order < members).astype(int) + (order < candidates)
    faction = rng.integers(0, FACTIONS, n)
    entry = np.where(rng.random(n) < 0.5, 0, rng.integers(0, max(years - 1, 1), n))  # noqa: PLR2004 - half
    drift = rng.normal(0, 1, n)
    end_year, end_day = np.full(n, years), np.zeros(n, dtype=int)
    outcome = np.full(n, "", dtype=object)
    prominence = np.full((n, years), np.nan)
    for year in range(years):
        here = (entry <= year) & (end_year > year)
        drift = _KEPT * drift + np.sqrt(1 - _KEPT**2) * rng.normal(0, 1, n)
        latent = mean + drift
        if here.any():
            spread = latent[here].std() or 1.0
            prominence[here, year] = (latent[here] - latent[here].mean()) / spread
        odds = BASE + plan.effect * prominence[:, year] + RANK_EFFECT * rank
        odds = odds + FACTION_EFFECT * (faction == 0)
        falls = here & (rng.random(n) < 1 / (1 + np.exp(-np.where(here, odds, 0.0))))
        dies = here & ~falls & (rng.random(n) < DEATHS)
        day, arrested = rng.integers(1, 365, n), rng.random(n) < 0.7  # noqa: PLR2004
        if year + 1 < years:
            end_year[falls | dies], end_day[falls | dies] = year + 1, day[falls | dies]
            outcome[falls] = np.where(arrested[falls], "arrested", "expelled")
            outcome[dies] = "died"
    return Elite(faction, rank, entry, end_year, end_day, outcome, prominence)


def activity(elite: Elite, year: int) -> np.ndarray:
    """Return each person's rate of visits and meetings in a year, 0 when absent."""
    # In the year of his end a person is as prominent as in the last whole year.
    last = np.where(elite.end_year == year, year - 1, year)
    level = elite.prominence[np.arange(len(last)), np.maximum(last, 0)]
    days = elite.days(year)
    return np.where(days > 0, np.exp(_PULL * np.nan_to_num(level)) * days / 365, 0.0)


def draw_visits(
    plan: Simulation, elite: Elite, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the visits of one year.

    Returns
    -------
    DataFrame
        Columns person (position), place (0 is the leader's office), entry and exit (minutes since
        the first moment of the year), sorted by entry; nobody is in two places at once. As many
        as planned, unless persons are too few to make them.
    """
    rate = activity(elite, year)
    if not rate.any():
        return pd.DataFrame(columns=["person", "place", "entry", "exit"], dtype=int)
    number = round(_SPARE * plan.visits_per_year)
    person = rng.choice(len(rate), number, p=rate / rate.sum())
    day = (rng.random(number) * elite.days(year)[person]).astype(int)
    entry = day * _DAY + np.clip(rng.normal(18 * 60, 3 * 60, number), 8 * 60, _DAY - 30).astype(int)
    stay = np.clip(rng.lognormal(np.log(_MEDIAN_STAY), _SPREAD, number), *_STAYS).astype(int)
    office = rng.random(number) < min(_OFFICE_SHARE, _OFFICE_VISITS / plan.visits_per_year)
    houses = FACTIONS * max(1, round(plan.visits_per_year / _HOUSE_VISITS / FACTIONS))
    # A person keeps to a house of his faction, and now and then goes to any.
    home = elite.faction[person] + FACTIONS * (person % (houses // FACTIONS))
    strays = rng.random(number) < 0.2  # noqa: PLR2004
    house = np.where(strays, rng.integers(0, houses, number), home)
    visits = pd.DataFrame(
        {"person": person, "place": np.where(office, 0, house + 1), "entry": entry}
    )
    visits["exit"] = visits["entry"] + stay
    visits = visits.sort_values(["person", "entry", "exit"], ignore_index=True)
    furthest = visits.groupby("person")["exit"].cummax().groupby(visits["person"]).shift(1)
    visits = visits[~(visits["entry"] < furthest)]
    kept = min(plan.visits_per_year, len(visits))
    chosen = np.sort(rng.choice(len(visits), kept, replace=False))
    return visits.iloc[chosen].sort_values(["entry", "person"], ignore_index=True)


def missing_times(number: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return which visits are logged without a time of entry, and which without an exit."""
    draw = rng.random(number)
    no_exit = draw < _MISSING_EXIT + _DAY_ALONE
    no_entry = (draw >= _MISSING_EXIT) & (draw < _MISSING_EXIT + _DAY_ALONE + _MISSING_ENTRY)
    return no_entry, no_exit


def draw_meetings(
    plan: Simulation, elite: Elite, year: int, rng: np.random.Generator
) -> list[tuple[int, bool, np.ndarray]]:
    """Draw the meetings of one year: day, whether the leader is there, and the persons."""
    rate, days = activity(elite, year), elite.days(year)
    meetings = []
    for _ in range(plan.events_per_year):
        day, faction = int(rng.integers(0, 365)), int(rng.integers(0, FACTIONS))
        weight = np.where(days > day, rate * np.where(elite.faction == faction, 4.0, 1.0), 0.0)
        led, size = bool(rng.random() < 0.4), 2 + int(rng.poisson(4))  # noqa: PLR2004
        size = min(size, int((weight > 0).sum()))
        if size + led > 1:
            who = rng.choice(len(weight), size, replace=False, p=weight / weight.sum())
            meetings.append((day, led, np.sort(who)))
    return meetings
