"""From a result back to the coded rows, and through their locators to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.dates import parse_date, spell_years
from innercircle.data.study import with_status
from innercircle.errors import did_you_mean
from innercircle.networks.observed import (
    available_layers,
    counted_attendances,
    counted_spells,
    counted_ties,
    study_years,
)
from innercircle.networks.units import unit_networks
from innercircle.networks.visits import visits_behind

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study

COLUMNS = [
    "layer",
    "table",
    "key",
    "persons",
    "what",
    "date",
    "certainty",
    "status",
    "locator",
    "note",
]


def evidence(
    study: Study,
    config: Config,
    person: str,
    other: str | None = None,
    *,
    year: int,
    layer: str | None = None,
) -> pd.DataFrame:
    """Return the coded rows behind a tie of two persons, or behind one person's year.

    Only rows that count are returned: accepted by the configuration (status, modes, roles,
    relations) and placed in the year.

    Parameters
    ----------
    study : Study
    config : Config
    person : str
        A ``person_id``.
    other : str, optional
        The other end of the tie. In a directed layer ties of both directions are returned;
        ``persons`` says which way each runs. Without it: all rows of the person's year, with what
        befell the person in it (layer ``fates``).
    year : int
        Calendar year.
    layer : str, optional
        One layer; by default all that the study has.

    Returns
    -------
    DataFrame
        One row a coded row; columns layer, table, key (its primary key, joined by ``+``),
        persons (source and target of a tie joined by ``>``), what (label, role, relation,
        outcome), date, certainty, status, locator, note. No rows if there is no tie.

    Raises
    ------
    ValueError
        If a person, the year or the layer is not in the study; the message names the nearest.
    """
    layers = available_layers(study, config)
    known = set(study["persons"]["person_id"])
    for name in filter(None, [person, other]):
        if name not in known:
            raise ValueError(f"no person {name!r} in {study.name}{did_you_mean(name, known)}")
    if year not in study_years(config):
        span = config["years"]
        raise ValueError(f"{year} is outside the study's years {span['first']}-{span['last']}")
    if layer is not None and layer not in layers:
        raise ValueError(f"no layer {layer!r} in {study.name}{did_you_mean(layer, layers)}")
    who = [name for name in (person, other) if name is not None]
    found = [
        _SOURCES[name](study, config, who, year, name).assign(layer=name)
        for name in ([layer] if layer else layers)
    ]
    if other is None and layer is None and study.get("fates") is not None:
        found.append(_fates(study, config, person, year).assign(layer="fates"))
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    return rows.reindex(columns=COLUMNS).fillna("")


def edge_evidence(study: Study, config: Config) -> pd.DataFrame:
    """Return every tie of every yearly network with the rows behind it and where they stand.

    Returns
    -------
    DataFrame
        Columns layer, year, source, target, rows (how many units make the tie), keys (event_id,
        body_id or tie_id, joined by ``;``), locators (joined by ``;``). Access, one printed sum a
        person and year, and co-presence, thousands of visits, are left out: for these ask
        :func:`evidence` of a pair.
    """
    ties = []
    for network in unit_networks(study, config):
        if network.layer == "copresence":
            continue
        places = _locators(study, config, network.layer)
        of_pair, of_unit = network.incidence.nonzero()
        for pair, columns in pd.Series(of_unit).groupby(of_pair):
            ends = [network.persons[end[pair]] for end in (network.source, network.target)]
            units = [network.units[column] for column in columns]
            cited = ";".join(places.get(unit) or _of_members(places, unit, ends) for unit in units)
            locators = ";".join(dict.fromkeys(cited.split(";")))
            tie = (network.layer, network.year, *ends, len(units), ";".join(units), locators)
            ties.append(tie)
    named = ["layer", "year", "source", "target", "rows", "keys", "locators"]
    return pd.DataFrame(ties, columns=named)


def _locators(study: Study, config: Config, layer: str) -> dict[str, str]:
    """Return the locators of each unit of a layer; of a body, those of each member's spells."""
    if layer == "membership":
        rows = with_status(study["memberships"], config["status"])
        grouped = rows["locator"].groupby(rows["body_id"] + "+" + rows["person_id"])
        return dict(grouped.agg(";".join))
    table, key = ("events", "event_id") if layer == "attendance" else ("ties", "tie_id")
    return dict(study[table].set_index(key)["locator"])


def _of_members(places: dict[str, str], body: str, members: list[str]) -> str:
    return ";".join(places[f"{body}+{member}"] for member in members)


def _attendance(
    study: Study, config: Config, who: list[str], year: int, _layer: str
) -> pd.DataFrame:
    attended = counted_attendances(study, config)
    attended = attended[(attended["year"] == year) & attended["person_id"].isin(who)]
    present = attended.groupby("event_id")["person_id"].nunique()
    together = present.index[present == len(who)]
    events = study["events"]
    events = events[events["event_id"].isin(together)].assign(
        table="events",
        key=lambda rows: rows["event_id"],
        what=lambda rows: rows["label"],
        date=lambda rows: rows["start"],
        persons="",
    )
    part = study["participations"]
    part = part[part["event_id"].isin(together) & part["person_id"].isin(who)].assign(
        table="participations",
        key=lambda rows: rows["event_id"] + "+" + rows["person_id"],
        what=lambda rows: rows["role"],
        date=lambda rows: rows["event_id"].map(events.set_index("event_id")["start"]),
        persons=lambda rows: rows["person_id"],
    )
    both = pd.concat([events, part], ignore_index=True)
    return both.sort_values(["event_id", "table", "persons"], ignore_index=True)


def _membership(
    study: Study, config: Config, who: list[str], year: int, _layer: str
) -> pd.DataFrame:
    spells = counted_spells(study, config)
    spells = spells[(spells["year"] == year) & spells["person_id"].isin(who)]
    bodies = set(spells["body_id"])
    if len(who) > 1:
        one_year = {**config, "years": {"first": year, "last": year}}
        networks = unit_networks(study, one_year)
        network = next((n for n in networks if n.layer == "membership"), None)
        bodies = set(network.between(*who)) if network else set()
    rows = with_status(study["memberships"], config["status"])
    rows = rows[rows["person_id"].isin(who) & rows["body_id"].isin(bodies)]
    spans = [spell_years(*ends) for ends in zip(rows["start"], rows["end"], strict=True)]
    covered = [span is not None and span[0] <= year <= span[1] for span in spans]
    rows = rows.loc[pd.Series(covered, index=rows.index, dtype=bool)]
    return rows.assign(
        table="memberships",
        key=_key(rows, ["person_id", "body_id", "role", "start"]),
        what=rows["role"] + " of " + rows["body_id"],
        date=rows["start"] + "/" + rows["end"],
        persons=rows["person_id"],
    ).sort_values(["body_id", "person_id"], ignore_index=True)


def _ties(study: Study, config: Config, who: list[str], year: int, layer: str) -> pd.DataFrame:
    rows = counted_ties(study, config, layer)
    ends = rows[["source_id", "target_id"]].isin(who).sum(axis=1)
    rows = rows[(rows["year"] == year) & (ends >= len(who))]
    return rows.assign(
        table="ties",
        key=rows["tie_id"],
        what=rows["relation"],
        date=rows["start"].where(rows["end"] == "", rows["start"] + "/" + rows["end"]),
        persons=rows["source_id"] + ">" + rows["target_id"],
    )


def _access(study: Study, config: Config, who: list[str], year: int, _layer: str) -> pd.DataFrame:
    rows = with_status(study["contacts"], config["status"])
    ends = rows[["person_id", "other_id"]].isin(who).sum(axis=1)
    rows = rows[(ends >= len(who)) & (rows["other_id"] == config.get("leader"))]
    rows = rows[rows["period"].map(_year) == year]
    return rows.assign(
        table="contacts",
        key=_key(rows, ["person_id", "other_id", "period"]),
        what=rows["visits"].astype(str) + " visits, " + rows["minutes"].astype(str) + " minutes",
        date=rows["period"],
        persons=rows["person_id"],
    )


def _fates(study: Study, config: Config, person: str, year: int) -> pd.DataFrame:
    rows = with_status(study["fates"], config["status"])
    rows = rows[(rows["person_id"] == person) & (rows["date"].map(_year) == year)]
    return rows.assign(
        table="fates",
        key=_key(rows, ["person_id", "date", "outcome", "body_id"]),
        what=rows["outcome"].where(rows["body_id"] == "", rows["outcome"] + " " + rows["body_id"]),
        persons=rows["person_id"],
    ).sort_values("date", ignore_index=True)


def _key(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    return rows[columns].agg("+".join, axis=1) if len(rows) else pd.Series(dtype=str)


def _year(date: str) -> int | None:
    earliest = parse_date(date).earliest if date else None
    return earliest.year if earliest else None


def _copresence(
    study: Study, config: Config, who: list[str], year: int, _layer: str
) -> pd.DataFrame:
    met = visits_behind(study, config, who, year)
    rows = study["visits"].set_index("visit_id").loc[met].reset_index()
    return rows.assign(
        table="visits",
        key=rows["visit_id"],
        what=rows["place"],
        date=rows["start"],
        persons=rows["person_id"],
    )


_SOURCES = {
    "attendance": _attendance,
    "membership": _membership,
    "patronage": _ties,
    "relations": _ties,
    "access": _access,
    "copresence": _copresence,
}
