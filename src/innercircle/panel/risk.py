"""Who is at risk of being purged, from when, until when. The one place where this is decided.

A person enters a population in the first year in which a condition of the population holds, and is
at risk in year t (of an outcome in t+1) from then on, until the year in which the outcome happens,
another end (death by any cause) happens, or the study's years run out. Only the first outcome after
entry counts: an outcome in or before the year of entry did not end a career that came after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.dates import year_of
from innercircle.data.study import with_status
from innercircle.networks.membership import spells_by_year

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study


def entry_years(study: Study, config: Config, population: str, nodes: pd.DataFrame) -> pd.Series:
    """Return the year in which each person enters a population.

    Parameters
    ----------
    population : str
        A key of ``populations`` in the configuration.
    nodes : DataFrame
        Persons present in each layer and year (networks stage).

    Returns
    -------
    Series of int, indexed by person_id
    """
    rule = config["populations"][population]
    years = range(config["years"]["first"], config["years"]["last"] + 1)
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
    everyone = pd.concat(seen, ignore_index=True) if seen else nodes.iloc[:0]
    first = everyone[everyone["year"].isin(years)].groupby("person_id")["year"].min()
    return first.drop(index=config.get("leader"), errors="ignore")


def outcome_years(fates: pd.DataFrame, config: Config, outcome: str) -> pd.DataFrame:
    """Return the dated fates that count as an outcome, as person_id and year.

    An outcome that the source leaves undated cannot be placed in a year and is left out; the data
    quality table counts them.
    """
    rule = config["outcomes"][outcome]
    counts = fates["outcome"].isin(rule["fates"])
    counts |= fates["outcome"].isin(rule.get("punitive", [])) & (fates["punitive"] == True)  # noqa: E712 - nullable boolean
    dated = fates[counts & (fates["date"] != "")]
    return _with_years(dated)


def ending_years(fates: pd.DataFrame, config: Config) -> pd.Series:
    """Return the first year in which a person's risk ends otherwise than by a purge."""
    ends = fates[fates["outcome"].isin([*config.get("competing_ends", []), "executed"])]
    return _with_years(ends[ends["date"] != ""]).groupby("person_id")["year"].min()


def _with_years(fates: pd.DataFrame) -> pd.DataFrame:
    years = fates["date"].map(year_of).astype("int64") if len(fates) else pd.Series(dtype="int64")
    return pd.DataFrame({"person_id": fates["person_id"], "year": years})


def first_after(entries: pd.Series, events: pd.DataFrame) -> pd.Series:
    """Return each person's first event later than the year of entry."""
    joined = events[events["person_id"].isin(entries.index)]
    joined = joined[joined["year"] > joined["person_id"].map(entries)]
    return joined.groupby("person_id")["year"].min()
