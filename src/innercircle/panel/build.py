"""The person-year panel: covariates in year t, outcome in year t+1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.data.study import with_status
from innercircle.networks.membership import spells_by_year
from innercircle.panel.risk import ending_years, entry_years, first_after, outcome_years

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study

# Without a tie in a year that has a network, these are zero; the others are undefined.
_ZERO_WHEN_ABSENT = ("degree", "strength", "betweenness", "harmonic", "eigenvector", "coreness")


def build_panel(
    study: Study,
    config: Config,
    nodes: pd.DataFrame,
    access: pd.DataFrame,
    centrality: pd.DataFrame,
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

    Returns
    -------
    DataFrame
        person_id, year (t), at_risk (of any outcome, in any population); for each population
        ``in_<population>`` and for each outcome ``at_risk_<outcome>`` and ``<outcome>_next``
        (1 if it happens in t+1; missing when not at risk) and ``<outcome>_competing_next`` (1 if
        risk ends in t+1 without it); standing, visits_share and
        minutes_share in t (0 for someone not received in a year that has records, missing in a
        year that has none); and ``<layer>__<measure>__with|without`` (the leader), zero for
        persons without ties in a year that has a network, missing in a year that has none.
    """
    fates = with_status(study["fates"], config["status"])
    years = range(config["years"]["first"], config["years"]["last"] + 1)
    entries = {
        name: entry_years(study, config, name, nodes) for name in config.get("populations", {})
    }
    first_entry = pd.concat(entries.values()).groupby(level=0).min() if entries else pd.Series()
    rows = [(p, y) for p, start in first_entry.items() for y in years if y >= start]
    panel = pd.DataFrame(rows, columns=["person_id", "year"])
    for name, entry in entries.items():
        panel[f"in_{name}"] = panel["year"] >= panel["person_id"].map(entry).fillna(np.inf)
    ends = panel["person_id"].map(ending_years(fates, config)).fillna(np.inf)
    panel = panel[panel["year"] <= ends].reset_index(drop=True)
    ends = panel["person_id"].map(ending_years(fates, config)).fillna(np.inf)
    alive = (panel["year"] < ends) & (panel["year"] < years[-1])
    # An end in t+1 leaves t at risk only if the outcome came first or with it.
    for outcome in config.get("outcomes", {}):
        event = first_after(first_entry, outcome_years(fates, config, outcome))
        happens = panel["person_id"].map(event).fillna(np.inf)
        at_risk = alive & (panel["year"] < happens)
        panel[f"at_risk_{outcome}"] = at_risk
        panel[f"{outcome}_next"] = (happens == panel["year"] + 1).astype(float).where(at_risk)
        other_end = (ends == panel["year"] + 1) & (happens != panel["year"] + 1)
        panel[f"{outcome}_competing_next"] = other_end.astype(float).where(at_risk)
    flags = [c for c in panel if c.startswith("at_risk_")]
    panel["at_risk"] = panel[flags].any(axis=1)
    panel["standing"] = _standing(study, config, years, panel)
    panel = _with_access(panel, access)
    panel = _with_centrality(panel, centrality)
    first = ["person_id", "year", "at_risk"]
    columns = first + [c for c in panel if c not in first]
    return panel[columns].sort_values(["person_id", "year"], ignore_index=True)


def _standing(study: Study, config: Config, years: range, panel: pd.DataFrame) -> pd.Series:
    scores = pd.Series(0.0, index=panel.index)
    memberships = study.get("memberships")
    if memberships is None or not config.get("standing"):
        return scores
    spells = spells_by_year(with_status(memberships, config["status"]), years)
    for rule in config["standing"]:
        holds = spells[(spells["body_id"] == rule["body"]) & (spells["role"] == rule["role"])]
        held = pd.MultiIndex.from_frame(holds[["person_id", "year"]])
        has = pd.MultiIndex.from_frame(panel[["person_id", "year"]]).isin(held)
        scores[has] = np.maximum(scores[has], rule["score"])
    return scores


def _with_access(panel: pd.DataFrame, access: pd.DataFrame) -> pd.DataFrame:
    shares = ["visits_share", "minutes_share"]
    panel = panel.merge(
        access[["person_id", "year", *shares]], how="left", on=["person_id", "year"]
    )
    recorded = panel["year"].isin(access["year"])
    panel.loc[recorded, shares] = panel.loc[recorded, shares].fillna(0.0)
    return panel


def _with_centrality(panel: pd.DataFrame, centrality: pd.DataFrame) -> pd.DataFrame:
    if not len(centrality):
        return panel
    side = centrality["leader_included"].map({True: "with", False: "without"})
    names = centrality["layer"] + "__" + centrality["measure"] + "__" + side
    wide = centrality.assign(column=names).pivot(
        index=["person_id", "year"], columns="column", values="value"
    )
    panel = panel.merge(wide, how="left", left_on=["person_id", "year"], right_index=True)
    has_network = set(zip(centrality["layer"], centrality["year"], strict=True))
    for column in wide:
        layer, measure, _ = column.split("__")
        if measure.removesuffix("_in").removesuffix("_out") in _ZERO_WHEN_ABSENT:
            exists = [(layer, year) in has_network for year in panel["year"]]
            panel.loc[exists, column] = panel.loc[exists, column].fillna(0.0)
    return panel
