"""What a person-year t is described by: standing, access, career, ties, and place in networks.

Everything is of year t or before; nothing uses what happened in t+1.

standing
    Formal standing in t by body and role, the highest that counts; 0 without any.
visits_share, minutes_share; visits_share_change, minutes_share_change
    Share of the year's visits to and minutes with the leader, 0 for someone not received in a year
    that has records, missing in a year that has none; and the share less that of the year before,
    missing unless both years have records.
age, party_generation
    Years since the year of birth; the generation of joining the party, by the configuration's cut
    years. Missing where person_attributes does not say.
ties_to_purged__<layer>__<outcome>
    Persons tied in t, in either direction, whom the outcome had befallen by the end of t; 0 without
    ties in a year that has a network, missing in a year that has none.
clients, clients_two_steps, patrons, patron_standing, patron_purged__<outcome>
    As :func:`innercircle.measures.clients.patronage_measures` defines them, on the patronage layer
    with the leader in it, in years that have one; ``patron_standing`` is 0 without a patron.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.data.study import with_status
from innercircle.measures.arcs import Arcs
from innercircle.measures.clients import patronage_measures
from innercircle.networks.membership import spells_by_year
from innercircle.networks.observed import study_years
from innercircle.panel.risk import dated_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from innercircle.data.config import Config
    from innercircle.data.study import Study

# Without a tie in a year that has a network, these are zero; the others are undefined.
_ZERO_WHEN_ABSENT = ("degree", "strength", "betweenness", "harmonic", "eigenvector", "coreness")
_SHARES = ("visits_share", "minutes_share")
_KEYS = ["person_id", "year"]


def with_standing(panel: pd.DataFrame, study: Study, config: Config) -> pd.DataFrame:
    """Add ``standing``."""
    held = _standings(study, config)
    keys = zip(panel["person_id"], panel["year"], strict=True)
    return panel.assign(standing=[held.get(key, 0.0) for key in keys])


def _standings(study: Study, config: Config) -> dict[tuple[str, int], float]:
    """Return the highest standing of every person and year that have one."""
    memberships, rules = study.get("memberships"), config.get("standing")
    if memberships is None or not rules:
        return {}
    years = study_years(config)
    spells = spells_by_year(with_status(memberships, config["status"]), years)
    scores = {(rule["body"], rule["role"]): float(rule["score"]) for rule in rules}
    kinds = zip(spells["body_id"], spells["role"], strict=True)
    spells = spells.assign(score=[scores.get(kind, 0.0) for kind in kinds])
    highest = spells[spells["score"] > 0].groupby(_KEYS)["score"].max()
    return {(str(p), int(y)): float(score) for (p, y), score in highest.items()}


def with_access(panel: pd.DataFrame, access: pd.DataFrame) -> pd.DataFrame:
    """Add shares of access and their change since the year before."""
    known = access.set_index(_KEYS)[list(_SHARES)].to_dict("index")
    added: dict[str, np.ndarray] = {}
    for share in _SHARES:
        recorded = set(access.loc[access[share].notna(), "year"])
        now, before = (
            np.array(
                [
                    known.get((p, y - lag), {}).get(share, 0.0) if y - lag in recorded else np.nan
                    for p, y in zip(panel["person_id"], panel["year"], strict=True)
                ],
                dtype=float,
            )
            for lag in (0, 1)
        )
        added |= {share: now, f"{share}_change": now - before}
    order = [*_SHARES, *(f"{share}_change" for share in _SHARES)]
    return panel.assign(**{column: added[column] for column in order})


def with_attributes(panel: pd.DataFrame, study: Study, config: Config) -> pd.DataFrame:
    """Add ``age`` and ``party_generation``, where the study has person_attributes."""
    attributes = study.get("person_attributes")
    if attributes is None:
        return panel
    chosen = attributes[attributes["chosen"] == True]  # noqa: E712 - nullable boolean
    born, joined = (
        pd.to_numeric(
            chosen[chosen["attribute"] == name]
            .drop_duplicates("person_id")
            .set_index("person_id")["value"]
        ).astype(float)
        for name in ("birth_year", "party_entry_year")
    )
    panel = panel.assign(age=panel["year"] - panel["person_id"].map(born))
    cuts = config.get("party_generations")
    if not cuts:
        return panel
    generation = pd.cut(
        panel["person_id"].map(joined),
        [-np.inf, *cuts, np.inf],
        right=False,
        labels=generation_names(cuts),
    )
    return panel.assign(party_generation=generation)


def generation_names(cuts: list[int]) -> list[str]:
    """Name the generations that begin in the given years, and the one before them."""
    between = [
        f"{first}-{after - 1}" if after - first > 1 else str(first)
        for first, after in itertools.pairwise(cuts)
    ]
    return [f"before {cuts[0]}", *between, f"{cuts[-1]} or later"]


def with_ties_to_purged(
    panel: pd.DataFrame, fates: pd.DataFrame, config: Config, edges: pd.DataFrame
) -> pd.DataFrame:
    """Add ``ties_to_purged__<layer>__<outcome>`` for every layer but access, a star."""
    added = {}
    ends = edges[edges["layer"] != "access"]
    both = pd.concat([ends, ends.rename(columns={"source": "target", "target": "source"})])
    both = both[["layer", "year", "source", "target"]].drop_duplicates()
    for outcome, purged in _purged(fates, config):
        fallen = both[both["target"].map(purged).fillna(np.inf) <= both["year"]]
        for layer, ties in both.groupby("layer"):
            counts = fallen[fallen["layer"] == layer].groupby(["source", "year"]).size().to_dict()
            has_network = set(ties["year"])
            added[f"ties_to_purged__{layer}__{outcome}"] = _by_row(panel, counts, has_network)
    return panel.assign(**added)


def with_patronage(
    panel: pd.DataFrame, study: Study, fates: pd.DataFrame, config: Config, edges: pd.DataFrame
) -> pd.DataFrame:
    """Add everyone's place among patrons and clients, in a study that has the layer."""
    layer = edges[edges["layer"] == "patronage"]
    held = _standings(study, config)
    found: dict[str, dict[tuple[str, int], float]] = {}
    for year, ties in layer.groupby("year"):
        persons = sorted({*ties["source"], *ties["target"]})
        place = {person: k for k, person in enumerate(persons)}
        source, target = (ties[side].map(place).to_numpy() for side in ("source", "target"))
        arcs = Arcs(len(persons), source, target, np.ones(len(ties)), directed=True)
        standing = {person: held.get((person, year), 0.0) for person in persons}
        measured = patronage_measures(arcs, persons, standing, {}, int(year))
        del measured["patron_purged"], measured["ties_to_purged"]  # here by outcome, if any
        for outcome, purged in _purged(fates, config):
            known = patronage_measures(arcs, persons, standing, purged, int(year))
            measured[f"patron_purged__{outcome}"] = known["patron_purged"]
        for name, values in measured.items():
            keyed = zip(((p, year) for p in persons), np.nan_to_num(values), strict=True)
            found.setdefault(name, {}).update(keyed)
    has_network = set(layer["year"])
    return panel.assign(
        **{name: _by_row(panel, values, has_network) for name, values in found.items()}
    )


def _purged(fates: pd.DataFrame, config: Config) -> Iterable[tuple[str, dict[str, int]]]:
    """Yield each outcome of fates, and the year in which it first befell each person."""
    for outcome, rule in config.get("outcomes", {}).items():
        if "fates" in rule:
            dated = dated_outcomes(fates, config, outcome)
            yield outcome, dated.groupby("person_id")["year"].min().to_dict()


def _by_row(
    panel: pd.DataFrame, values: dict[tuple[str, int], float], has_network: set[int]
) -> np.ndarray:
    return np.array(
        [
            float(values.get((p, y), 0.0)) if y in has_network else np.nan
            for p, y in zip(panel["person_id"], panel["year"], strict=True)
        ]
    )


def with_centrality(
    panel: pd.DataFrame, centrality: pd.DataFrame, suffix: str = ""
) -> pd.DataFrame:
    """Add positions as ``<layer>__<measure>__with|without`` and the suffix."""
    if not len(centrality):
        return panel
    side = centrality["leader_included"].map({True: "with", False: "without"})
    names = centrality["layer"] + "__" + centrality["measure"] + "__" + side + suffix
    wide = centrality.assign(column=names).pivot(index=_KEYS, columns="column", values="value")
    panel = panel.merge(wide, how="left", left_on=_KEYS, right_index=True)
    has_network = set(zip(centrality["layer"], centrality["year"], strict=True))
    for column in wide:
        layer, measure = column.split("__")[:2]
        if measure.removesuffix("_in").removesuffix("_out") in _ZERO_WHEN_ABSENT:
            exists = [(layer, year) in has_network for year in panel["year"]]
            panel.loc[exists, column] = panel.loc[exists, column].fillna(0.0)
    return panel
