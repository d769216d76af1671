"""Who is at risk of what, from when, until when. The one place where this is decided.

Person-years. A person-year t asks what happened in t+1 to someone in the place that he held in t.

Entry. A person enters a population in the first year in which one of its conditions holds. What
befell him before does not count: it did not end a career that came after it. If the outcome happens
in the year of entry itself, the order of the two is unknown; he then enters, for that outcome, in
the next year in which a condition holds, or never.

Exit. Risk of an outcome of fates ends with the first such outcome after entry. Risk of losing a
seat lasts as long as a seat is held on the last day of the year, and may come back with a new seat.
Every risk ends with a person's end: an execution, a competing end, or a suicide.

Competing ends (natural death, murder, defection: ``competing_ends``) are ends that are no purge. An
execution is a purge under another name: where it is not the outcome itself, it competes with it.
Suicide is the configuration's choice (``suicide``, and any model's): ``purge`` counts it as the
outcome, ``competing_end`` as an end like death, ``censoring`` as the end of observation. In all
cases the year before is at risk; in the last two the outcome in it is 0, and they differ only in
what ``cause_specific`` models explain beside the outcome.

One year, two fates. An outcome and an end in the same year, or on one date, are one purge: the
outcome counts and nothing competes. An outcome dated wholly after the end is posthumous and does
not count. A seat that falls vacant by death, murder or suicide was not lost; by execution it was.

Censoring. t+1 must be observed. Nothing is observed after the last year of the study; in a
population with ``censoring: last_mention`` nothing about a person is after the last year in which
the source mentions him: an occasion (in any role), a tie or post as dated, a contact, a visit, a
fate. A tie that is only taken to last is no mention. With ``end_of_study`` silence means that
nothing happened, which is right only for persons whom the source follows to their end.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.dates import parse_date, spell_years, year_of
from innercircle.data.study import with_status
from innercircle.networks.membership import spells_by_year
from innercircle.networks.observed import study_years

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study

SUICIDE = ("purge", "competing_end", "censoring")
AT_RISK, UNOBSERVED, OVER = "at risk", "next year not observed", "over"
NOT_ENTERED, NO_SEAT = "not entered", "no seat"
# Tables whose rows mention persons: their columns of persons and of dates.
_MENTIONS = {
    "participations": (["person_id"], ["event_start", "event_end"]),
    "memberships": (["person_id"], ["start", "end"]),
    "ties": (["source_id", "target_id"], ["start", "end"]),
    "contacts": (["person_id"], ["period"]),
    "fates": (["person_id"], ["date"]),
}


def suicide_counts_as(config: Config) -> str:
    """Return what suicide is: one of :data:`SUICIDE`; by default as ``competing_ends`` lists it."""
    listed = "suicide" in config.get("competing_ends", [])
    return str(config.get("suicide", "competing_end" if listed else "censoring"))


def competing_outcomes(config: Config) -> list[str]:
    """Return the fates that compete with a purge; an execution does where it is not the outcome."""
    ends = [end for end in config.get("competing_ends", []) if end != "suicide"]
    suicide = ["suicide"] if suicide_counts_as(config) == "competing_end" else []
    return [*ends, *suicide, "executed"]


def population_years(
    study: Study, config: Config, population: str, nodes: pd.DataFrame
) -> pd.DataFrame:
    """Return the persons and years in which a condition of the population holds.

    Parameters
    ----------
    population : str
        A key of ``populations`` in the configuration.
    nodes : DataFrame
        Persons present in each layer and year (networks stage).

    Returns
    -------
    DataFrame
        person_id, year, once each and sorted; without the leader.
    """
    rule = config["populations"][population]
    years = study_years(config)
    seen = []
    if rule.get("coded"):
        seen.append(nodes[["person_id", "year"]])
    if rule.get("contacts"):
        seen.append(nodes.loc[nodes["layer"] == "access", ["person_id", "year"]])
    memberships = study.get("memberships")
    if rule.get("bodies") and memberships is not None:
        spells = spells_by_year(with_status(memberships, config["status"]), years)
        for body, roles in rule["bodies"].items():
            belongs = (spells["body_id"] == body) & spells["role"].isin(roles)
            seen.append(spells.loc[belongs, ["person_id", "year"]])
    everyone = pd.concat(seen, ignore_index=True) if seen else nodes[["person_id", "year"]][:0]
    kept = everyone["year"].isin(years) & (everyone["person_id"] != config.get("leader"))
    return everyone[kept].drop_duplicates().sort_values(["person_id", "year"], ignore_index=True)


def entries_for_outcome(present: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """Return each person's first year in a population without the outcome in that very year.

    Parameters
    ----------
    present : DataFrame
        As from :func:`population_years`.
    events : DataFrame
        person_id and year of the outcome.

    Returns
    -------
    Series of int, indexed by person_id
        The year of entry unless the outcome happened in it; who is in no other year is left out.
    """
    entry = present["person_id"].map(_first_years(present))
    happened = pd.MultiIndex.from_frame(events[["person_id", "year"]])
    clear = ~pd.MultiIndex.from_frame(present[["person_id", "year"]]).isin(happened)
    spoiled = present["person_id"].isin(
        present.loc[~clear & (present["year"] == entry), "person_id"]
    )
    return _first_years(present[~spoiled | clear])


def dated_outcomes(fates: pd.DataFrame, config: Config, outcome: str) -> pd.DataFrame:
    """Return the dated fates that count as an outcome.

    An outcome that the source leaves undated cannot be placed in a year and is left out; the data
    quality table counts them.

    Parameters
    ----------
    fates : DataFrame
        Filtered by status.

    Returns
    -------
    DataFrame
        person_id, outcome (the fate), year, earliest and latest day; posthumous ones left out.

    Raises
    ------
    ValueError
        If the outcome is the loss of a seat, which memberships tell and not fates.
    """
    rule = config["outcomes"][outcome]
    if "fates" not in rule:
        raise ValueError(f"outcome {outcome} is the loss of a seat: it has no fates")
    counts = fates["outcome"].isin(rule["fates"])
    counts |= fates["outcome"].isin(rule.get("punitive", [])) & (fates["punitive"] == True)  # noqa: E712 - nullable boolean
    if suicide_counts_as(config) == "purge":
        counts |= fates["outcome"] == "suicide"
    dated = with_days(fates[counts])
    died = other_ends(fates, config)["latest"].to_dict()
    days = zip(dated["person_id"], dated["earliest"], strict=True)
    alive = [day <= died.get(person, dt.date.max) for person, day in days]
    return dated[pd.Series(alive, index=dated.index, dtype=bool)].reset_index(drop=True)


def outcome_years(fates: pd.DataFrame, config: Config, outcome: str) -> pd.DataFrame:
    """Return :func:`dated_outcomes` as person_id and year only."""
    return dated_outcomes(fates, config, outcome)[["person_id", "year"]]


def falls_in_study(study: Study, config: Config, outcome: str) -> pd.DataFrame:
    """Return :func:`outcome_years` within the study's years, of the rows that count."""
    falls = outcome_years(with_status(study["fates"], config["status"]), config, outcome)
    return falls[falls["year"].isin(study_years(config))]


def endings(fates: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Return how and when each person's risk ends whatever the outcome.

    Returns
    -------
    DataFrame, indexed by person_id
        outcome (the fate), year, earliest and latest day. Of several, the first; of two on one
        date, a competing end before an execution, as it is the one that the outcome does not hold.
    """
    kinds = {*config.get("competing_ends", []), "suicide", "executed"}
    dated = with_days(fates[fates["outcome"].isin(kinds)])
    dated = dated.assign(last=dated["outcome"] == "executed")
    dated = dated.sort_values(["person_id", "year", "latest", "last", "outcome"])
    return dated.drop_duplicates("person_id").set_index("person_id").drop(columns="last")


def other_ends(fates: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Return the :func:`endings` that are no purge."""
    ends = endings(fates, config)
    purge = ["executed", *(["suicide"] if suicide_counts_as(config) == "purge" else [])]
    return ends[~ends["outcome"].isin(purge)]


def last_mentions(study: Study, config: Config) -> pd.Series:
    """Return the last year in which the source mentions each person, indexed by person_id.

    Rows of a status that the configuration does not accept mention nobody; nor do undated ones.
    """
    found = []
    for name, (persons, dates) in _MENTIONS.items():
        table = study.get(name)
        if table is None:
            continue
        rows = with_status(table, config["status"])
        if name == "participations":
            events = study["events"].set_index("event_id")
            rows = rows.assign(
                event_start=rows["event_id"].map(events["start"]),
                event_end=rows["event_id"].map(events["end"]) if "end" in events else "",
            )
        years = [_last_year(*cells) for cells in rows[dates].itertuples(index=False)]
        found += [pd.DataFrame({"person_id": rows[who], "year": years}) for who in persons]
    visits = study.get("visits")
    if visits is not None:
        rows = with_status(visits, config["status"])
        entered = rows["start"].str[:4].astype("int64")
        found.append(pd.DataFrame({"person_id": rows["person_id"], "year": entered}))
    if not found:
        return pd.Series(dtype="int64")
    return pd.concat(found).dropna().astype({"year": "int64"}).groupby("person_id")["year"].max()


def with_days(fates: pd.DataFrame) -> pd.DataFrame:
    """Return person_id, outcome, year, earliest and latest day of the dated fates."""
    dated = fates[fates["date"] != ""]
    bounds = [parse_date(date) for date in dated["date"]]
    return pd.DataFrame(
        {
            "person_id": dated["person_id"].to_numpy(dtype=object),
            "outcome": dated["outcome"].to_numpy(dtype=object),
            "year": pd.array([year_of(date) for date in dated["date"]], dtype="int64"),
            "earliest": pd.Series([b.earliest or dt.date.min for b in bounds], dtype=object),
            "latest": pd.Series([b.latest or dt.date.max for b in bounds], dtype=object),
        }
    )


def _last_year(start: str, end: str = "") -> int | None:
    span = spell_years(start, end)
    return span[1] if span else None


def _first_years(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("person_id")["year"].min()
