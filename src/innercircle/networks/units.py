"""What each network of a layer and year is made of: the coded units behind its ties.

A unit is the smallest thing that was coded as one fact: an event in the attendance layer, a body in
the membership layer, a tie in the patronage and relations layers; in the co-presence layer it is a
day (or an episode) of the log, as those who met on it met together. Resampling units says how far a
measure depends on which of them happened to be recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from innercircle.networks.membership import colleagues
from innercircle.networks.observed import (
    LAYER_DIRECTED,
    available_layers,
    counted_attendances,
    counted_spells,
    counted_ties,
)
from innercircle.networks.visits import YearOfContacts, contacts_by_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from innercircle.data.config import Config
    from innercircle.data.study import Study


@dataclass(frozen=True)
class UnitNetwork:
    """One layer-year as pairs of persons by units.

    Attributes
    ----------
    layer : str
    year : int
    persons : tuple of str
        Everyone present that year, tied or not.
    units : tuple of str
        Labels of the events, bodies, ties or days.
    source, target : ndarray of int, shape (n_pairs,)
        Positions in ``persons`` of each pair that some unit ties.
    incidence : csr_array of shape (n_pairs, n_units)
        1 where a unit ties a pair; in the co-presence layer, how often it does.
    directed : bool
    """

    layer: str
    year: int
    persons: tuple[str, ...]
    units: tuple[str, ...]
    source: np.ndarray
    target: np.ndarray
    incidence: csr_array
    directed: bool

    def weights(self, counts: np.ndarray) -> np.ndarray:
        """Return each pair's weight when units count as given, (n_units, k) to (n_pairs, k)."""
        return np.asarray(self.incidence @ counts)

    def between(self, first: str, second: str) -> list[str]:
        """Return the units that tie two persons, in either direction; none if one is absent."""
        if first not in self.persons or second not in self.persons:
            return []
        ends = {self.persons.index(first), self.persons.index(second)}
        tied = [{a, b} == ends for a, b in zip(self.source, self.target, strict=True)]
        columns = np.unique(self.incidence[np.flatnonzero(tied)].nonzero()[1])
        return [self.units[column] for column in columns]

    def without(self, person: str) -> UnitNetwork:
        """Return the network of everyone else; its units stay the same."""
        if person not in self.persons:
            return self
        vertex = self.persons.index(person)
        keep = (self.source != vertex) & (self.target != vertex)
        source, target = self.source[keep], self.target[keep]
        return UnitNetwork(
            self.layer,
            self.year,
            tuple(name for name in self.persons if name != person),
            self.units,
            source - (source > vertex),
            target - (target > vertex),
            self.incidence[np.flatnonzero(keep)],
            self.directed,
        )


def unit_networks(study: Study, config: Config) -> Iterator[UnitNetwork]:
    """Yield every layer-year that the study's tables allow; access, an ego network, is left out."""
    for layer in available_layers(study, config):
        if layer == "access":
            continue
        if layer == "copresence":
            yield from (_of_contacts(year) for year in contacts_by_year(study, config))
            continue
        for year, rows in _unit_rows(study, config, layer).groupby("year", sort=True):
            yield _network(layer, int(year), rows, directed=LAYER_DIRECTED[layer])


def _of_contacts(contacts: YearOfContacts) -> UnitNetwork:
    n = len(contacts.persons)
    pairs, pair = np.unique(contacts.source * n + contacts.target, return_inverse=True)
    shape = (len(pairs), len(contacts.units))
    incidence = csr_array((contacts.occasions, (pair, contacts.unit)), shape=shape)
    ends = (pairs // max(n, 1), pairs % max(n, 1))
    where = ("copresence", contacts.year, contacts.persons, contacts.units)
    return UnitNetwork(*where, *ends, incidence, directed=False)


def _unit_rows(study: Study, config: Config, layer: str) -> pd.DataFrame:
    """Return rows of year, unit and either person_id or source_id and target_id."""
    if layer == "attendance":
        attended = counted_attendances(study, config)
        return attended.rename(columns={"event_id": "unit"})[["year", "unit", "person_id"]]
    if layer == "membership":
        spells = counted_spells(study, config)
        return spells.rename(columns={"body_id": "unit"})
    ties = counted_ties(study, config, layer)
    return ties.rename(columns={"tie_id": "unit"})[["year", "unit", "source_id", "target_id"]]


def _network(layer: str, year: int, rows: pd.DataFrame, *, directed: bool) -> UnitNetwork:
    ends = ["person_id"] if "person_id" in rows else ["source_id", "target_id"]
    persons = tuple(sorted(set(rows[ends].to_numpy().ravel())))
    units, labels = pd.factorize(rows["unit"], sort=True)
    place = {person: i for i, person in enumerate(persons)}
    if directed:
        arcs = [
            (place[a], place[b], unit)
            for a, b, unit in zip(rows["source_id"], rows["target_id"], units, strict=True)
        ]
    elif "first" in rows:
        bodies = rows.groupby(units, sort=True)
        arcs = [(place[a], place[b], unit) for unit, body in bodies for a, b in colleagues(body)]
    else:
        groups = pd.Series([place[p] for p in rows["person_id"]]).groupby(units)
        arcs = [(a, b, unit) for unit, who in groups for a, b in combinations(sorted(set(who)), 2)]
    found = np.array(arcs, dtype=np.int64).reshape(-1, 3)
    n = len(persons)
    pairs, pair = np.unique(found[:, 0] * n + found[:, 1], return_inverse=True)
    incidence = csr_array(
        (np.ones(len(found)), (pair, found[:, 2])), shape=(len(pairs), len(labels))
    )
    return UnitNetwork(
        layer,
        year,
        persons,
        tuple(labels),
        pairs // max(n, 1),
        pairs % max(n, 1),
        incidence,
        directed,
    )
