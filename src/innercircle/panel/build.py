"""The person-year panel: covariates in year t, outcome in year t+1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.data.study import with_status
from innercircle.networks.observed import study_years
from innercircle.panel.covariates import (
    with_access,
    with_attributes,
    with_centrality,
    with_patronage,
    with_standing,
    with_ties_to_purged,
)
from innercircle.panel.risk import (
    AT_RISK,
    NO_SEAT,
    NOT_ENTERED,
    OVER,
    UNOBSERVED,
    competing_outcomes,
    dated_outcomes,
    endings,
    entries_for_outcome,
    last_mentions,
    population_years,
)
from innercircle.panel.seats import seat_spells

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study


def build_panel(
    study: Study,
    config: Config,
    nodes: pd.DataFrame,
    access: pd.DataFrame,
    centrality: pd.DataFrame,
    edges: pd.DataFrame | None = None,
    by_status: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return one row per person and year of the study.

    Parameters
    ----------
    study, config
        Raw tables and configuration.
    nodes : DataFrame
        Persons present in each layer and year.
    access : DataFrame
        Visits and minutes with the leader, per person and year.
    centrality : DataFrame
        Long table of centralities.
    edges : DataFrame, optional
        The yearly networks; without them there is nothing about ties to persons already purged,
        nor about patrons and clients.
    by_status : DataFrame, optional
        As ``centrality``, with a column ``status``: positions in networks of coded rows of other
        status than the configuration's.

    Returns
    -------
    DataFrame
        Rows run from a person's first entry into any population to the year of his end.

        person_id, year (t), at_risk (of any outcome, in any population), last_mention;
        for each population P and outcome O, as :mod:`innercircle.panel.risk` defines them,
        ``in_P``, ``tenure_P`` (years since entry) and ``risk_O_in_P`` (at risk; next year not
        observed; over; no seat; not entered); for each outcome ``at_risk_O`` (in any population),
        ``O_next`` (1 if it happens in t+1; missing when not at risk), ``O_manner_next`` (the fates
        that made it, in order of date) and ``O_competing_next`` (1 if risk ends in t+1 without
        it); ``end_next`` (the fate that ends every risk in t+1, or empty).

        Covariates in t: as :mod:`innercircle.panel.covariates` defines them. Positions are
        ``<layer>__<measure>__with|without`` (the leader), zero for persons without ties in a year
        that has a network, missing in a year that has none; a suffix ``__<status>`` marks those of
        ``by_status``.
    """
    years = study_years(config)
    fates = with_status(study["fates"], config["status"])
    present = {
        name: population_years(study, config, name, nodes) for name in config.get("populations", {})
    }
    panel = _person_years(present, endings(fates, config), years)
    panel["last_mention"] = panel["person_id"].map(last_mentions(study, config)).astype("Int64")
    for outcome in config.get("outcomes", {}):
        panel = _with_outcome(panel, study, config, outcome, present)
    flags = [f"at_risk_{outcome}" for outcome in config.get("outcomes", {})]
    panel = panel.drop(columns="_ended").assign(at_risk=panel[flags].any(axis=1))
    panel = with_standing(panel, study, config)
    panel = with_access(panel, access)
    panel = with_attributes(panel, study, config)
    if edges is not None:
        panel = with_ties_to_purged(panel, fates, config, edges)
        panel = with_patronage(panel, study, fates, config, edges)
    panel = with_centrality(panel, centrality)
    for status, positions in by_status.groupby("status") if by_status is not None else ():
        panel = with_centrality(panel, positions, suffix=f"__{status}")
    first = ["person_id", "year", "at_risk"]
    columns = first + [c for c in panel if c not in first]
    return panel[columns].sort_values(["person_id", "year"], ignore_index=True)


def _person_years(
    present: dict[str, pd.DataFrame], ends: pd.DataFrame, years: range
) -> pd.DataFrame:
    """Return the rows of the panel, who is in which population since when, and how risk ends."""
    entries = {
        name: rows.groupby("person_id")["year"].min().astype(float)
        for name, rows in present.items()
    }
    first = (
        pd.concat(entries.values()).groupby(level=0).min() if entries else pd.Series(dtype=float)
    )
    rows = [(p, y) for p, start in first.items() for y in years if y >= start]
    panel = pd.DataFrame(rows, columns=["person_id", "year"])
    end = panel["person_id"].map(ends["year"]).fillna(np.inf)
    panel = panel[panel["year"] <= end].reset_index(drop=True)
    for name, entry in entries.items():
        since = panel["year"] - panel["person_id"].map(entry)
        panel[f"in_{name}"] = since >= 0
        panel[f"tenure_{name}"] = since.where(since >= 0)
    ends_next = panel["person_id"].map(ends["year"]) == panel["year"] + 1
    panel["end_next"] = panel["person_id"].map(ends["outcome"]).where(ends_next, "")
    panel["_ended"] = panel["person_id"].map(ends["year"]).fillna(np.inf) <= panel["year"]
    return panel


def _with_outcome(
    panel: pd.DataFrame,
    study: Study,
    config: Config,
    outcome: str,
    present: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Add an outcome: who is at risk of it in which population, and to whom it happens how."""
    by_seat = "seat_lost" in config["outcomes"][outcome]
    if by_seat:
        held, events = seat_spells(study, config, outcome)
        events = events.assign(outcome="seat lost")
        seated = _among(panel, held)
    else:
        fates = with_status(study["fates"], config["status"])
        events = dated_outcomes(fates, config, outcome)
    states = {}
    for name, rows in present.items():
        states[name] = _observation(panel, config, name)
        if by_seat:
            over, absent = panel["_ended"], ~seated
        else:
            entry = entries_for_outcome(rows, events)
            over = panel["_ended"] | (panel["year"] >= _first_after(panel, entry, events))
            # the year of entry, if the outcome happened in it, and until a later one
            over |= ~(panel["year"] >= panel["person_id"].map(entry).astype(float))
            absent = pd.Series(data=False, index=panel.index)
        states[name] = states[name].mask(absent, NO_SEAT).mask(over, OVER)
        states[name] = states[name].mask(~panel[f"in_{name}"], NOT_ENTERED)
        panel[f"risk_{outcome}_in_{name}"] = states[name]
    at_risk = pd.Series(data=False, index=panel.index)
    for state in states.values():
        at_risk |= state == AT_RISK
    panel[f"at_risk_{outcome}"] = at_risk
    happens = _among(panel, events.assign(year=events["year"] - 1))
    panel[f"{outcome}_next"] = happens.astype(float).where(at_risk)
    panel[f"{outcome}_manner_next"] = _manners(panel, events).where(at_risk, "")
    other_end = panel["end_next"].isin(competing_outcomes(config)) & ~happens
    panel[f"{outcome}_competing_next"] = other_end.astype(float).where(at_risk)
    return panel


def _observation(panel: pd.DataFrame, config: Config, population: str) -> pd.Series:
    """Say whether the next year is observed in a population."""
    observed = panel["year"] < config["years"]["last"]
    if config["populations"][population].get("censoring") == "last_mention":
        observed &= (panel["year"] < panel["last_mention"]).fillna(value=False).astype(bool)
    return pd.Series(np.where(observed, AT_RISK, UNOBSERVED), index=panel.index, dtype=object)


def _first_after(panel: pd.DataFrame, entry: pd.Series, events: pd.DataFrame) -> pd.Series:
    """Return for each row the year of the person's first event later than entry, or infinity."""
    later = events[events["year"] > events["person_id"].map(entry)]
    first = later.groupby("person_id")["year"].min().astype(float)
    return panel["person_id"].map(first).fillna(np.inf)


def _among(panel: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    keys = ["person_id", "year"]
    found = pd.MultiIndex.from_frame(panel[keys]).isin(pd.MultiIndex.from_frame(rows[keys]))
    return pd.Series(found, index=panel.index)


def _manners(panel: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """Return the fates of the next year, in order of date, each once."""
    by = [c for c in ("person_id", "year", "earliest", "outcome") if c in events]
    ordered = events.sort_values(by).drop_duplicates(["person_id", "year", "outcome"])
    joined = ordered.groupby(["person_id", "year"])["outcome"].agg(";".join).to_dict()
    keys = zip(panel["person_id"], panel["year"] + 1, strict=True)
    return pd.Series([joined.get(key, "") for key in keys], index=panel.index, dtype=object)
