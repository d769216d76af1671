"""Co-presence layer: who was at one place at one time, by the log of visits.

Two visitors meet where their visits to a place overlap. Rules, all set under ``visits`` and
``layers: copresence`` in the configuration:

- A missing exit is the entry plus the median of the visitor's stated stays at the place, or else
  of all stated stays there, but not later than the visitor's own next entry; a missing entry, in
  the same way, is the exit less that median, not earlier than the visitor's last exit or the day. A
  median of fewer than five stays stands in for nothing. What rests on such a time is flagged.
- A visit of which only the day is known meets nobody: the same day and place is no co-presence.
  Its stay is imputed, for the minutes with the leader, and flagged.
- Visits that the source says were together (``occasion``) were, unless the four times are all
  stated and say otherwise; where they do not say how long, for the shorter of the two stays.
- The leader is present throughout at the places named as his (``host_places``), unless he is
  logged there himself. A visit there is a contact with him, also if only its day is known.
- A year is that of the episode (from the first entry into an empty place until it is empty) in
  which the visit fell: a meeting that runs past New Year stays whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.data.study import with_status
from innercircle.data.visits import read_times
from innercircle.networks.overlaps import occupied_stretches, overlapping_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from innercircle.data.config import Config
    from innercircle.data.study import Study

_MINUTE = 60
_LEAST_MINUTES = 1.0
_STANDARD, _LEAST_STAYS = ("visitor", "place"), 5


@dataclass(frozen=True)
class YearOfContacts:
    """The contacts of one year, by unit.

    Attributes
    ----------
    year : int
    persons : tuple of str
        Everyone logged or present as host that year, sorted.
    n_visits : ndarray of int, shape (n_persons,)
        Visits of each person; of the host, visits received.
    units : tuple of str
        Labels of the days or episodes with a contact.
    source, target, unit : ndarray of int, shape (n_contacts,)
        Positions in ``persons`` (source first) and ``units``; a pair stands once in a unit.
    occasions, minutes, imputed : ndarray of float, shape (n_contacts,)
        How often the two were together in the unit, how long, and how many of the occasions rest
        on an imputed time. Minutes are missing (NaN) where no length is known.
    """

    year: int
    persons: tuple[str, ...]
    n_visits: np.ndarray
    units: tuple[str, ...]
    source: np.ndarray
    target: np.ndarray
    unit: np.ndarray
    occasions: np.ndarray
    minutes: np.ndarray
    imputed: np.ndarray


def counted_visits(study: Study, config: Config) -> pd.DataFrame:
    """Return the visits that count, with missing times imputed.

    Returns
    -------
    DataFrame
        Columns visit_id, person_id, place, occasion, day (of the entry), entry and exit (missing if
        not even imputed), minutes (of the stay, stated or imputed; missing if unknown), imputed
        (whether a time was, or the stay of a visit without times), stated (both times are), first
        (start of the episode; the day, for a visit without times), year; in the order of entry.
    """
    log = with_status(study["visits"], config["status"])
    rules = config.get("visits", {})
    stand_ins = rules.get("missing_times", _STANDARD)
    visits = with_stays(log, stand_ins, rules.get("least_stays", _LEAST_STAYS))
    visits = _with_episodes(visits)
    years = config["years"]
    within = visits["year"].between(years["first"], years["last"])
    return visits[within].reset_index(drop=True)


def with_stays(
    log: pd.DataFrame, missing_times: Sequence[str], least_stays: int = _LEAST_STAYS
) -> pd.DataFrame:
    """Return a log with its times as numbers and missing ones imputed.

    Parameters
    ----------
    log : DataFrame
        Columns visit_id, person_id, place, occasion, start, end of the raw table, valid.
    missing_times : list of str
        Medians that stand in, in order: ``visitor``, ``place``; empty imputes nothing.
    least_stays : int
        Stated stays that a median must rest on.

    Returns
    -------
    DataFrame
        As in :func:`counted_visits`, without first and year.
    """
    entry, timed = read_times(log["start"])
    leave, _ = read_times(log["end"])
    visits = log[["visit_id", "person_id", "place", "occasion"]].reset_index(drop=True)
    visits["day"] = entry.astype("datetime64[D]").astype("datetime64[s]")
    visits["entry"] = np.where(timed, entry, np.datetime64("NaT", "s"))
    visits["exit"] = leave
    visits["stated"] = visits["entry"].notna() & visits["exit"].notna()
    stay = (visits["exit"] - visits["entry"]).dt.total_seconds() / _MINUTE
    usual = pd.Series(np.nan, index=visits.index)
    for name in missing_times:
        keys = ["person_id", "place"] if name == "visitor" else ["place"]
        stays = stay.groupby([visits[key] for key in keys])
        medians = stays.transform("median")
        usual = usual.fillna(medians.where(stays.transform("count") >= least_stays))
    length = pd.to_timedelta((usual * _MINUTE).round(), unit="s").astype("timedelta64[s]")
    visits = visits.assign(length=length)
    visits["imputed"] = ~visits["stated"] & length.notna()
    visits = _without_gaps(visits)
    stay = (visits["exit"] - visits["entry"]).dt.total_seconds() / _MINUTE
    visits["minutes"] = stay.fillna(usual)
    visits = visits.drop(columns="length")
    return visits.sort_values(["entry", "day", "place", "person_id"], ignore_index=True)


def _without_gaps(visits: pd.DataFrame) -> pd.DataFrame:
    """Fill in missing exits and entries; nobody is imputed to be in two places."""
    in_order = visits.sort_values(["person_id", "entry"])
    following = in_order.groupby("person_id")["entry"].shift(-1).reindex(visits.index)
    leave = visits["entry"] + visits["length"]
    leave = leave.where(~(following < leave), following)
    visits = visits.assign(exit=visits["exit"].fillna(leave))
    in_order = visits.dropna(subset="exit").sort_values(["person_id", "exit"])
    before = in_order.groupby("person_id")["exit"].shift(1).reindex(visits.index)
    entry = visits["exit"] - visits["length"]
    for floor in (before, visits["day"]):
        entry = entry.where(~(floor > entry), floor)
    return visits.assign(entry=visits["entry"].fillna(entry))


def _with_episodes(visits: pd.DataFrame) -> pd.DataFrame:
    """Add when the episode of each visit began, and its year."""
    first = visits["day"].to_numpy().copy()
    known = (visits["entry"].notna() & visits["exit"].notna()).to_numpy()
    place, _ = pd.factorize(visits["place"])
    start, end = (visits.loc[known, c].to_numpy().astype(np.int64) for c in ("entry", "exit"))
    first[known] = occupied_stretches(start, end, place[known]).astype("datetime64[s]")
    # Without an exit there is no telling how long the place was occupied; the entry is known.
    alone = ~known & visits["entry"].notna().to_numpy()
    first[alone] = visits.loc[alone, "entry"].to_numpy()
    return visits.assign(first=first, year=pd.DatetimeIndex(first).year)


def contacts_by_year(study: Study, config: Config) -> Iterator[YearOfContacts]:
    """Yield the contacts of each year that has visits, in order.

    Years are worked through one at a time, so that the pairs of one year are held at once.
    """
    visits = counted_visits(study, config)
    places = _host_places(visits, config)
    for year, rows in visits.groupby("year", sort=True):
        yield _one_year(int(year), rows.reset_index(drop=True), config, places)


def _host_places(visits: pd.DataFrame, config: Config) -> list[str]:
    """Return the places at which the leader is present without being logged."""
    named = config.get("visits", {}).get("host_places", [])
    leader = config.get("leader")
    logged = set(visits.loc[visits["person_id"] == leader, "place"])
    return [place for place in named if leader and place not in logged]


def _one_year(year: int, rows: pd.DataFrame, config: Config, places: list[str]) -> YearOfContacts:
    settings = config["layers"].get("copresence", {})
    hosted = rows["place"].isin(places).to_numpy()
    names = sorted({*rows["person_id"], *([config["leader"]] if hosted.any() else [])})
    person = pd.Index(names).get_indexer(rows["person_id"])
    visits_of = np.bincount(person, minlength=len(names))
    visit, other, minutes = _meetings(rows, person, settings.get("least_minutes", _LEAST_MINUTES))
    imputed = rows["imputed"].to_numpy()
    ends = [person[visit], person[other]]
    flagged = imputed[visit] | imputed[other]
    if hosted.any():
        host = names.index(config["leader"])
        visits_of[host] += hosted.sum()
        ends = [np.append(ends[0], person[hosted]), np.append(ends[1], np.full(hosted.sum(), host))]
        visit = np.append(visit, np.flatnonzero(hosted))
        minutes = np.append(minutes, rows.loc[hosted, "minutes"])
        flagged = np.append(flagged, imputed[hosted])
    unit, units = _units(rows, settings.get("unit", "day"))
    n = len(names)
    key = (unit[visit].astype(np.int64) * n + np.minimum(*ends)) * n + np.maximum(*ends)
    keys, place = np.unique(key, return_inverse=True)
    sums = [
        np.bincount(place, weights=amounts, minlength=len(keys))
        for amounts in (np.isfinite(minutes), np.nan_to_num(minutes), flagged, np.ones(len(key)))
    ]
    return YearOfContacts(
        year,
        tuple(names),
        visits_of,
        tuple(units),
        source=keys // n % n,
        target=keys % n,
        unit=keys // (n * n),
        occasions=sums[3],
        minutes=np.where(sums[0] > 0, sums[1], np.nan),
        imputed=sums[2],
    )


def _units(rows: pd.DataFrame, unit: str) -> tuple[np.ndarray, list[str]]:
    """Return the number of each visit's unit, and the labels of the units."""
    first = rows["first"].to_numpy()
    if unit == "day":
        codes, days = pd.factorize(first.astype("datetime64[D]").astype(np.int64), sort=True)
        return codes, days.astype("datetime64[D]").astype(str).tolist()
    stamps = rows["place"] + " " + pd.Series(first.astype("datetime64[m]").astype(str))
    codes, labels = pd.factorize(stamps, sort=True)
    return codes, list(labels)


def _meetings(
    rows: pd.DataFrame, person: np.ndarray, least_minutes: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pairs of visits whose visitors met, and for how many minutes."""
    known = (rows["entry"].notna() & rows["exit"].notna()).to_numpy()
    timed = np.flatnonzero(known)
    start, end = (rows[c].to_numpy()[timed].astype(np.int64) for c in ("entry", "exit"))
    place, _ = pd.factorize(rows["place"].to_numpy()[timed])
    found = [_NOBODY]
    for i, j in overlapping_pairs(start, end, place):
        minutes = (np.minimum(end[i], end[j]) - start[j]) / _MINUTE
        met = (minutes >= least_minutes) & (person[timed[i]] != person[timed[j]])
        found.append((timed[i[met]], timed[j[met]], minutes[met]))
    found.append(_said_together(rows, person))
    first, second, minutes = (np.concatenate(part) for part in zip(*found, strict=True))
    return first, second, minutes


def _said_together(
    rows: pd.DataFrame, person: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pairs that the source puts together and whose times do not show it.

    Where all four times are stated, they decide. Otherwise the two were together for the shorter
    of their stays, as far as these are known.
    """
    said = np.flatnonzero((rows["occasion"] != "").to_numpy())
    group, _ = pd.factorize(
        rows["place"].to_numpy()[said] + " " + rows["occasion"].to_numpy()[said]
    )
    zero = np.zeros(len(said), dtype=np.int64)
    pairs = list(overlapping_pairs(zero, zero + 1, group))
    if not pairs:
        return _NOBODY
    i, j = (said[np.concatenate(part)] for part in zip(*pairs, strict=True))
    stated, entry, leave = (rows[c].to_numpy() for c in ("stated", "entry", "exit"))
    shared = np.minimum(leave[i], leave[j]) > np.maximum(entry[i], entry[j])
    keep = ~shared & ~(stated[i] & stated[j]) & (person[i] != person[j])
    stay = rows["minutes"].to_numpy()
    return i[keep], j[keep], np.fmin(stay[i[keep]], stay[j[keep]])


_NOBODY = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


def copresence_edges(study: Study, config: Config) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the edges and nodes of the co-presence layer.

    Returns
    -------
    edges : DataFrame
        Columns year, source, target, weight and n_events (occasions), minutes (together, as far as
        lengths are known), n_imputed (occasions that rest on an imputed time).
    nodes : DataFrame
        Columns year, person_id, n_events (visits; of the host, visits received).
    """
    edges, nodes = [], []
    for contacts in contacts_by_year(study, config):
        persons = np.array(contacts.persons, dtype=object)
        present = {"year": contacts.year, "person_id": persons, "n_events": contacts.n_visits}
        nodes.append(pd.DataFrame(present))
        edges.append(_sum_units(contacts, persons))
    if not nodes:
        return pd.DataFrame(), pd.DataFrame()
    return pd.concat(edges, ignore_index=True), pd.concat(nodes, ignore_index=True)


def visits_behind(study: Study, config: Config, who: list[str], year: int) -> list[str]:
    """Return the visits of one person in a year, or those at which two persons met.

    Parameters
    ----------
    who : list of str
        One person or two; for the leader, visits at his places count as his.

    Returns
    -------
    list of str
        visit_id, in the order of entry.
    """
    visits = counted_visits(study, config)
    rows = visits[visits["year"] == year].reset_index(drop=True)
    hosted = rows["place"].isin(_host_places(visits, config)).to_numpy()
    mine = [
        (rows["person_id"] == person).to_numpy() | (hosted & (person == config.get("leader")))
        for person in who
    ]
    if len(who) == 1:
        return list(rows.loc[mine[0], "visit_id"])
    person, _ = pd.factorize(rows["person_id"])
    least = config["layers"].get("copresence", {}).get("least_minutes", _LEAST_MINUTES)
    first, second, _ = _meetings(rows, person, least)
    own = [(rows["person_id"] == name).to_numpy() for name in who]
    pair = (own[0][first] & own[1][second]) | (own[1][first] & own[0][second])
    met = mine[0] & mine[1]
    met[first[pair]] = met[second[pair]] = True
    return list(rows.loc[met, "visit_id"])


def _sum_units(contacts: YearOfContacts, persons: np.ndarray) -> pd.DataFrame:
    n = len(persons)
    pairs, pair = np.unique(contacts.source * n + contacts.target, return_inverse=True)
    known = np.isfinite(contacts.minutes)
    sums = [
        np.bincount(pair, weights=amounts, minlength=len(pairs))
        for amounts in (
            contacts.occasions,
            np.nan_to_num(contacts.minutes),
            contacts.imputed,
            known,
        )
    ]
    return pd.DataFrame(
        {
            "year": contacts.year,
            "source": persons[pairs // n],
            "target": persons[pairs % n],
            "weight": sums[0],
            "n_events": sums[0].astype(np.int64),
            "minutes": np.where(sums[3] > 0, sums[1], np.nan),
            "n_imputed": sums[2],
        }
    )
