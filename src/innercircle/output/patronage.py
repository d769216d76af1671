"""Table of everyone's place among patrons and clients, from the coded ties, posts and fates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.labels import printed_names
from innercircle.data.study import with_status
from innercircle.measures.clients import PATRONAGE, patronage_measures
from innercircle.measures.structure import to_arcs
from innercircle.networks.membership import spells_by_year
from innercircle.networks.observed import study_years
from innercircle.networks.units import unit_networks
from innercircle.panel.risk import outcome_years

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study
    from innercircle.networks.units import UnitNetwork

_COUNTS = ("clients", "clients_two_steps", "patrons")
_OF_PURGED = ("patron_purged", "ties_to_purged")


def patronage_by_year(study: Study, config: Config) -> pd.DataFrame:
    """Return one row for each person in the patronage layer of each year.

    Parameters
    ----------
    study : Study
        Tables ties, fates, persons and, for standing, memberships.
    config : dict

    Returns
    -------
    DataFrame
        year, person_id, person; the measures of :func:`innercircle.measures.clients
        .patronage_measures`, those of purges once for each outcome that the configuration defines
        by fates (``patron_purged_<outcome>``); and patron_ids, the patrons joined by ;. A purge
        counts from its year on. ``patron_standing`` is formal standing by the configuration,
        missing without a patron who has any. Empty if the study has no patronage ties.
    """
    years = study_years(config)
    standing = _standing(study, config, years)
    fates = with_status(study["fates"], config["status"])
    purged = {
        outcome: outcome_years(fates, config, outcome).groupby("person_id")["year"].min().to_dict()
        for outcome, rule in config.get("outcomes", {}).items()
        if "seat_lost" not in rule  # no fates say that a seat was lost
    }
    of_purged = [f"{name}_{outcome}" for outcome in purged for name in _OF_PURGED]
    columns = ["year", "person_id", *_COUNTS, "patron_ids", "patron_standing", *of_purged]
    layers = {name: rules for name, rules in config["layers"].items() if name == "patronage"}
    networks = unit_networks(study, {**config, "layers": layers})
    tables = [_one_year(network, standing.get(network.year, {}), purged) for network in networks]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    table = table[columns].sort_values(["year", "person_id"], ignore_index=True)
    names = printed_names(study["persons"], config)
    table.insert(1, "person", table["person_id"].map(names))
    return table


def _standing(study: Study, config: Config, years: range) -> dict[int, dict[str, float]]:
    """Return the formal standing of each year's persons who have any; the highest post counts."""
    memberships = study.get("memberships")
    found: dict[int, dict[str, float]] = {}
    if memberships is None:
        return found
    scores = {(rule["body"], rule["role"]): rule["score"] for rule in config.get("standing", [])}
    for spell in spells_by_year(with_status(memberships, config["status"]), years).itertuples(
        index=False
    ):
        score = scores.get((spell.body_id, spell.role))
        if score is not None:
            persons = found.setdefault(spell.year, {})
            persons[spell.person_id] = max(score, persons.get(spell.person_id, score))
    return found


def _one_year(
    network: UnitNetwork, standing: dict[str, float], purged: dict[str, dict[str, int]]
) -> pd.DataFrame:
    arcs, persons = to_arcs(network), network.persons
    place = patronage_measures(arcs, persons, standing, {}, network.year)
    table = pd.DataFrame({name: place[name] for name in PATRONAGE if name not in _OF_PURGED})
    table[list(_COUNTS)] = table[list(_COUNTS)].astype("int64")
    for outcome, years in purged.items():
        exposed = patronage_measures(arcs, persons, standing, years, network.year)
        for name in _OF_PURGED:
            table[f"{name}_{outcome}"] = exposed[name].astype("int64")
    patrons: list[list[str]] = [[] for _ in persons]
    for source, target in zip(arcs.source, arcs.target, strict=True):
        patrons[target].append(persons[source])
    return table.assign(
        year=network.year,
        person_id=persons,
        patron_ids=[";".join(sorted(names)) for names in patrons],
    )
