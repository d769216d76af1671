"""The coded rows that count in each layer: accepted by the configuration and placed in years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.study import with_status
from innercircle.networks.access import access_by_year
from innercircle.networks.bipartite import attendances
from innercircle.networks.membership import spells_by_year
from innercircle.networks.spells import death_dates, ties_by_year

if TYPE_CHECKING:
    import datetime as dt

    from innercircle.data.config import Config
    from innercircle.data.study import Study

# Tables without which a layer cannot be built, and whether its edges have a direction.
LAYER_TABLES = {
    "attendance": ["events", "participations"],
    "membership": ["memberships", "bodies"],
    "patronage": ["ties"],
    "relations": ["ties"],
    "access": ["contacts"],
    "copresence": ["visits"],
}
LAYER_DIRECTED = {
    "attendance": False,
    "membership": False,
    "patronage": True,
    "relations": True,
    "access": False,
    "copresence": False,
}


def available_layers(study: Study, config: Config) -> list[str]:
    """Return the layers that the configuration names and the study's tables allow."""
    return [
        layer
        for layer in config["layers"]
        if all(study.get(table) is not None for table in LAYER_TABLES[layer])
    ]


def study_years(config: Config) -> range:
    """Return the calendar years of the study."""
    return range(config["years"]["first"], config["years"]["last"] + 1)


def counted_deaths(study: Study, config: Config) -> dict[str, dt.date]:
    """Return the last day on which each person may have lived, by the rows that count."""
    fates = study.get("fates")
    return {} if fates is None else death_dates(with_status(fates, config["status"]))


def counted_attendances(study: Study, config: Config) -> pd.DataFrame:
    """Return who took part in what: year, event_id, person_id, mode."""
    settings = config["layers"]["attendance"]
    attended = attendances(
        with_status(study["events"], config["status"]),
        with_status(study["participations"], config["status"]),
        settings["modes"],
        settings["excluded_roles"],
    )
    return attended[attended["year"].isin(study_years(config))].reset_index(drop=True)


def counted_spells(study: Study, config: Config) -> pd.DataFrame:
    """Return who belonged to what: year, body_id, person_id, role, first and last day."""
    bodies = study["bodies"]
    excluded = config["layers"]["membership"]["excluded_kinds"]
    counted = bodies.loc[~bodies["kind"].isin(excluded), "body_id"]
    members = with_status(study["memberships"], config["status"])
    return spells_by_year(members[members["body_id"].isin(counted)], study_years(config))


def counted_ties(study: Study, config: Config, layer: str) -> pd.DataFrame:
    """Return the dated ties of the patronage or the relations layer, once in every year they hold.

    In the relations layer a column ``sign`` is +1 or -1.
    """
    settings = config["layers"][layer]
    positive = settings.get("positive", [])
    relations = settings.get("relations", [*positive, *settings.get("negative", [])])
    ties = with_status(study["ties"], config["status"])
    ties = ties[ties["relation"].isin(relations)]
    died = {p: day.year for p, day in counted_deaths(study, config).items()}
    placed = ties_by_year(ties, settings["lasting"], study_years(config), died)
    if positive:
        placed = placed.assign(sign=placed["relation"].isin(positive).map({True: 1, False: -1}))
    return placed


def counted_access(study: Study, config: Config) -> pd.DataFrame:
    """Return visits to the leader: year, person_id, visits, minutes and their shares."""
    if study.get("contacts") is None or not config.get("leader"):
        columns = ["year", "person_id", "visits", "minutes", "visits_share", "minutes_share"]
        return pd.DataFrame(columns=columns)
    access = access_by_year(with_status(study["contacts"], config["status"]), config["leader"])
    return access[access["year"].isin(study_years(config))].reset_index(drop=True)
